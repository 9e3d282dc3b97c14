// What a build left out, row by row.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kAsked[] = "Why was my transfer of 250 dollars to Lisbon declined on Friday?";
constexpr char kCopy[] = "Why was my transfer of 250 dollars to Lisbon declined on Fridya?";

class RemovedRowsTest : public CurationTest {
 protected:
  v1::ListRemovedRowsResponse List(const std::string& version,
                                   v1::RemovalReason reason = v1::REMOVAL_REASON_UNSPECIFIED,
                                   int page_size = 0, const std::string& page_token = "") {
    v1::ListRemovedRowsRequest request;
    request.set_dataset_version_id(version);
    request.set_reason(reason);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    v1::ListRemovedRowsResponse response;
    EXPECT_OK(Call(&v1::CurationService::Stub::ListRemovedRows, request, response));
    return response;
  }

  // "v1" has the question on its eval side, and "v2" must not train on its copy.
  void BuildBoth() {
    Log({.id = "asked", .input = kAsked});
    Accept("asked");
    AddAccepted(20);
    v1::BuildDatasetVersionRequest request = BuildRequest("v1");
    request.mutable_options()->set_eval_share(0.9);
    Built(request);
    Log({.id = "copy", .input = kCopy});
    Accept("copy");
    Log({.id = "empty", .input = " "});
    Accept("empty");
    request = BuildRequest("v2");
    request.mutable_options()->set_eval_share(1e-9);
    Built(request);
  }
};

TEST_F(RemovedRowsTest, SayWhyAndInWhoseFavour) {
  BuildBoth();
  const v1::ListRemovedRowsResponse contaminated = List("v2", v1::REMOVAL_REASON_CONTAMINATED);
  ASSERT_EQ(contaminated.removed_rows_size(), 1);
  const v1::RemovedRow& row = contaminated.removed_rows(0);
  EXPECT_EQ(row.interaction_id(), "copy");
  EXPECT_EQ(row.other_interaction_id(), "asked");
  EXPECT_EQ(row.score(), 1);
  EXPECT_THAT(row.shared_phrases(),
              ElementsAre("why was my transfer of 250 dollars to lisbon declined on"));
  EXPECT_NE(row.remedy(), "");
}

TEST_F(RemovedRowsTest, ComeInPages) {
  BuildBoth();
  const v1::ListRemovedRowsResponse first = List("v2", v1::REMOVAL_REASON_UNSPECIFIED, 1);
  ASSERT_EQ(first.removed_rows_size(), 1);
  EXPECT_EQ(first.removed_rows(0).reason(), v1::REMOVAL_REASON_EMPTY);
  const v1::ListRemovedRowsResponse second =
      List("v2", v1::REMOVAL_REASON_UNSPECIFIED, 1, first.next_page_token());
  ASSERT_EQ(second.removed_rows_size(), 1);
  EXPECT_EQ(second.removed_rows(0).interaction_id(), "copy");
  EXPECT_EQ(second.next_page_token(), "");
  // A page of one list says nothing in another.
  v1::ListRemovedRowsRequest other;
  other.set_dataset_version_id("v1");
  other.set_page_token(first.next_page_token());
  v1::ListRemovedRowsResponse response;
  EXPECT_THAT(Call(&v1::CurationService::Stub::ListRemovedRows, other, response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(RemovedRowsTest, ForgetWithThePerson) {
  Log({.id = "asked", .input = kAsked});
  Accept("asked");
  AddAccepted(20);
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(0.9);
  Built(request);
  const int64_t copy = ingest_.Add(InteractionEntry({.id = "copy", .input = kCopy}));
  Accept("copy");
  request = BuildRequest("v2");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);
  ASSERT_EQ(List("v2").removed_rows_size(), 1);
  ingest::v1::FeedEntry tombstone;
  tombstone.mutable_tombstone()->set_erasure_id("e1");
  tombstone.mutable_tombstone()->add_sequences(copy);
  tombstone.mutable_tombstone()->set_last(true);
  last_ = ingest_.Add(tombstone);
  AwaitFeed();
  EXPECT_THAT(List("v2").removed_rows(), IsEmpty());
}

TEST_F(RemovedRowsTest, OfAVersionThatIsNotThereAreAnError) {
  v1::ListRemovedRowsRequest request;
  request.set_dataset_version_id("nosuch");
  v1::ListRemovedRowsResponse response;
  EXPECT_THAT(Call(&v1::CurationService::Stub::ListRemovedRows, request, response),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace flywheel::curation
