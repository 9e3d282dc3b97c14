// Requests that no generated client would send.
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "shared/status/errors.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

class RawBytesTest : public IngestTest {
 protected:
  grpc::Status Send(const std::string& method, const std::string& bytes, std::string* answer) {
    grpc::GenericStub stub(channel_.get());
    grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    grpc::Status status;
    absl::Notification done;
    stub.UnaryCall(&context, "/flywheel.ingest.v1.IngestService/" + method, {}, &request, &response,
                   [&](grpc::Status ended) {
                     status = std::move(ended);
                     done.Notify();
                   });
    done.WaitForNotification();
    grpc::Slice whole;
    if (status.ok() && response.Valid() && response.DumpToSingleSlice(&whole).ok()) {
      answer->assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
    }
    return status;
  }

  // A batch of these encoded items.
  static std::string Batch(const std::vector<std::string>& items) {
    std::string bytes;
    for (const std::string& item : items) {
      bytes += '\x0a';
      size_t size = item.size();
      for (; size >= 0x80; size >>= 7) bytes += static_cast<char>((size & 0x7f) | 0x80);
      bytes += static_cast<char>(size);
      bytes += item;
    }
    return bytes;
  }
};

TEST_F(RawBytesTest, AnItemThatIsNoUtf8IsRefusedAloneAndTheOthersAreStored) {
  v1::Interaction cut = Interaction("cut");
  cut.set_input("MARK");
  std::string cut_bytes = cut.SerializeAsString();
  cut_bytes.replace(cut_bytes.find("MARK"), 4, "ok\xe2\x82");
  std::string answer;
  ASSERT_OK(Send("LogInteractions",
                 Batch({Interaction("a").SerializeAsString(), cut_bytes, "\xff\xff\xff",
                        Interaction("b").SerializeAsString()}),
                 &answer));
  v1::LogInteractionsResponse response;
  ASSERT_TRUE(response.ParseFromString(answer));
  ASSERT_EQ(response.results_size(), 4);
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(1).id(), "cut");
  EXPECT_EQ(response.results(1).reason(), common::v1::ERROR_REASON_INVALID_ARGUMENT);
  EXPECT_NE(response.results(1).message().find("interactions[1]"), std::string::npos);
  EXPECT_EQ(response.results(2).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(3).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Stats().interactions(), 2);
}

TEST_F(RawBytesTest, ARequestThatCannotBeReadAtAllIsRefusedWithAReason) {
  std::string answer;
  for (const std::string& bytes : {std::string("\x0a\x7f", 2), std::string("\x0a", 1),
                                   std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
                                   std::string("\x00\x01", 2), std::string("\x0c")}) {
    for (const char* method : {"LogInteractions", "RecordSignals"}) {
      EXPECT_THAT(Send(method, bytes, &answer), HasReason(Reason::kInvalidArgument));
    }
  }
  EXPECT_THAT(Send("LogInteractions", "", &answer), HasReason(Reason::kEmptyBatch));
}

TEST_F(RawBytesTest, SkipsFieldsOfANewerContract) {
  std::string bytes = Batch({Interaction("a").SerializeAsString()});
  bytes += std::string("\x10\x07\x1a\x03xyz", 7);
  std::string answer;
  ASSERT_OK(Send("LogInteractions", bytes, &answer));
  EXPECT_EQ(Stats().interactions(), 1);
}

TEST_F(RawBytesTest, ARecordThatADefaultClientCouldNotReadBackIsRefusedAlone) {
  v1::Interaction large = Interaction("large");
  large.set_output(std::string(3 << 20, 'x'));
  const auto response = Log({Interaction("a"), large});
  EXPECT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(response.results(1).status(), common::v1::ITEM_STATUS_REJECTED);
  EXPECT_EQ(response.results(1).id(), "large");
  EXPECT_EQ(response.results(1).reason(), common::v1::ERROR_REASON_TOO_LARGE);
}

TEST_F(RawBytesTest, AnAnswerAboutManyBadItemsStillReachesAClient) {
  v1::LogInteractionsRequest request;
  for (int i = 0; i < 9'999; ++i) {
    v1::Interaction* bad = request.add_interactions();
    *bad = Interaction("i" + std::to_string(i));
    bad->clear_agent();
    bad->clear_start_time();
    bad->set_session_id(std::string(200, ' '));
    for (int j = 0; j < 8; ++j) bad->add_messages();
  }
  *request.add_interactions() = Interaction("good");
  v1::LogInteractionsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::LogInteractions, request, &response));
  EXPECT_LT(response.ByteSizeLong(), 4u << 20);
  EXPECT_EQ(response.results(9'998).reason(), common::v1::ERROR_REASON_INVALID_ARGUMENT);
  EXPECT_EQ(response.results(9'999).status(), common::v1::ITEM_STATUS_STORED);
}

}  // namespace
}  // namespace flywheel::ingest
