// What anybody can send without a key: compressed messages that become huge, and floods of calls. A
// service refuses them, goes on for others, and gives the memory back.
#include <fmt/format.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "shared/time/poll.h"
#include "tests/fault/http2_peer.h"
#include "tests/integration/local_service.h"

namespace flywheel::fault {
namespace {

using cli::Service;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// A method of each service that answers from memory or says what is wrong with an empty request.
const std::map<Service, std::string> kMethods = {
    {Service::kIngest, "/flywheel.ingest.v1.IngestService/GetStats"},
    {Service::kCuration, "/flywheel.curation.v1.CurationService/GetScore"},
    {Service::kEvalGate, "/flywheel.evalgate.v1.EvalGateService/GetVerdict"},
    {Service::kExperiment, "/flywheel.experiment.v1.ExperimentService/Assign"}};

// In megabytes.
struct Memory {
  int64_t resident = 0;
  int64_t peak = 0;
};

class FloodTest : public integration::LocalServiceTest,
                  public ::testing::WithParamInterface<Service> {
 protected:
  void SetUp() override {
    if (kSanitized) GTEST_SKIP() << "a sanitizer holds freed memory back";
    ASSERT_NO_FATAL_FAILURE(StartAlone(GetParam()));
    // So that what comes with the first calls is there.
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(Answers());
    before_ = ReadMemory();
  }

  const std::string& method() const { return kMethods.at(GetParam()); }
  int port() const {
    const std::string& address = services_->at(GetParam()).address;
    return std::stoi(address.substr(address.rfind(':') + 1));
  }

  Memory ReadMemory() const {
    std::ifstream file(fmt::format("/proc/{}/status", services_->pid(GetParam())));
    Memory memory;
    for (std::string word; file >> word;) {
      if (word == "VmRSS:") file >> memory.resident;
      if (word == "VmHWM:") file >> memory.peak;
    }
    return {memory.resident / 1'024, memory.peak / 1'024};
  }

  // The status of a call of the method with `bytes` bytes of a field that no message has.
  grpc::Status CallWith(size_t bytes, grpc_compression_algorithm algorithm,
                        absl::Duration timeout) {
    std::string message;
    if (bytes > 0) {
      // Field 2047, of a length of up to 2^28.
      message = {'\xFA', '\x7F'};
      for (size_t rest = bytes; rest > 0; rest >>= 7) {
        message += static_cast<char>((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0));
      }
      message.append(bytes, '\0');
    }
    const grpc::Slice slice(message);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    channel_.Prepare(context, timeout);
    context.set_compression_algorithm(algorithm);
    grpc::Status result;
    absl::Notification done;
    grpc::GenericStub(channel_.get())
        .UnaryCall(&context, method(), {}, &request, &response, [&](const grpc::Status& status) {
          result = status;
          done.Notify();
        });
    done.WaitForNotification();
    return result;
  }

  // Whether the service answers at all, with a result or what is wrong with the request.
  bool Answers() {
    const grpc::Status status = CallWith(0, GRPC_COMPRESS_NONE, absl::Seconds(30));
    return status.ok() || status.error_code() == grpc::StatusCode::INVALID_ARGUMENT ||
           status.error_code() == grpc::StatusCode::NOT_FOUND;
  }

  // Calls again and again while `flood` runs, and sends again what is refused for now, as clients
  // do; the slowest answer, with that.
  template <typename Flood>
  absl::Duration SlowestAnswerWhile(Flood flood) {
    std::atomic<bool> over = false;
    std::thread thread([&] {
      flood();
      over = true;
    });
    absl::Duration slowest;
    do {
      const absl::Time start = absl::Now();
      EXPECT_TRUE(PollUntil([this] { return Answers(); }, absl::Seconds(30)));
      slowest = std::max(slowest, absl::Now() - start);
    } while (!over);
    thread.join();
    return slowest;
  }

  // Waits for up to a minute until no more than `megabytes` are resident, beside those of before.
  void ExpectMemoryBack(int64_t megabytes) {
    const absl::Time start = absl::Now();
    PollUntil([&] { return ReadMemory().resident <= before_.resident + megabytes; },
              absl::Minutes(1), absl::Milliseconds(200));
    EXPECT_LE(ReadMemory().resident, before_.resident + megabytes);
    seconds_until_back_ = absl::ToInt64Seconds(absl::Now() - start);
  }

  void Report(std::string_view what, absl::Duration slowest) const {
    const Memory now = ReadMemory();
    fmt::print("{} {}: {} MB before, {} at the peak, {} after {} s; slowest answer {}\n",
               cli::ServiceName(GetParam()), what, before_.resident, now.peak, now.resident,
               seconds_until_back_,
               absl::FormatDuration(absl::Trunc(slowest, absl::Milliseconds(1))));
  }

  Memory before_;
  int64_t seconds_until_back_ = 0;
};

TEST_P(FloodTest, AMessageThatBecomes200MiBTakesLittleMemory) {
  const absl::Duration slowest = SlowestAnswerWhile([this] {
    for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
      const grpc::Status status = CallWith(200 << 20, algorithm, absl::Minutes(1));
      EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED)
          << status.error_message();
    }
  });
  EXPECT_LT(ReadMemory().peak, before_.resident + 64);
  ExpectMemoryBack(16);
  Report("bomb", slowest);
}

TEST_P(FloodTest, CompressedMessagesOfOrdinarySizeAreTaken) {
  const grpc::Status status = CallWith(8 << 20, GRPC_COMPRESS_GZIP, absl::Minutes(1));
  EXPECT_NE(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_NE(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  EXPECT_NE(status.error_code(), grpc::StatusCode::UNKNOWN) << status.error_message();
}

// Both connect anew where they are cut off, for three seconds.
TEST_P(FloodTest, AFloodOfResetsLeavesOthersTheirAnswersAndTheMemory) {
  int64_t calls = 0;
  const absl::Duration slowest = SlowestAnswerWhile([&] {
    const std::string headers = CallHeaders(method());
    const absl::Time end = absl::Now() + absl::Seconds(3);
    while (absl::Now() < end) {
      Http2Peer peer(port());
      bool open = peer.connected();
      for (uint32_t stream = 1; open && absl::Now() < end;) {
        std::string bytes;
        for (int i = 0; i < 50; ++i, stream += 2, ++calls) {
          bytes += Frame(FrameType::kHeaders, kEndHeaders | kEndStream, stream, headers);
          bytes += Frame(FrameType::kReset, 0, stream, {"\0\0\0\x08", 4});
        }
        open = peer.Send(bytes);
      }
    }
  });
  EXPECT_GT(calls, 10'000) << "no flood";
  EXPECT_LT(slowest, absl::Seconds(8));
  EXPECT_LT(ReadMemory().peak, before_.resident + 384);
  ExpectMemoryBack(64);
  Report(fmt::format("flood of {} resets", calls), slowest);
}

TEST_P(FloodTest, AFloodOfCallsThatNeverEndLeavesOthersTheirAnswersAndTheMemory) {
  int64_t calls = 0;
  const absl::Duration slowest = SlowestAnswerWhile([&] {
    const std::string headers = CallHeaders(method());
    const absl::Time end = absl::Now() + absl::Seconds(3);
    while (absl::Now() < end) {
      Http2Peer peer(port());
      bool open = peer.connected();
      for (uint32_t stream = 1; open && absl::Now() < end;) {
        std::string bytes;
        for (int i = 0; i < 50; ++i, stream += 2, ++calls) {
          bytes += Frame(FrameType::kHeaders, kEndHeaders, stream, headers);
        }
        open = peer.Send(bytes);
      }
    }
  });
  EXPECT_GT(calls, 10'000) << "no flood";
  EXPECT_LT(slowest, absl::Seconds(8));
  EXPECT_LT(ReadMemory().peak, before_.resident + 384);
  ExpectMemoryBack(64);
  Report(fmt::format("flood of {} open calls", calls), slowest);
}

INSTANTIATE_TEST_SUITE_P(EveryService, FloodTest, ::testing::ValuesIn(cli::kAllServices),
                         [](const auto& service) {
                           std::string name(cli::ServiceName(service.param));
                           name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
                           return name;
                         });

// What the OpenTelemetry Collector sends by default.
class CompressedExport : public integration::LocalServiceTest {};

TEST_F(CompressedExport, OfATraceIsTaken) {
  using opentelemetry::proto::collector::trace::v1::ExportTraceServiceRequest;
  using opentelemetry::proto::collector::trace::v1::ExportTraceServiceResponse;
  using opentelemetry::proto::collector::trace::v1::TraceService;
  ASSERT_NO_FATAL_FAILURE(StartAlone(Service::kIngest));
  ExportTraceServiceRequest request;
  auto* const spans = request.add_resource_spans()->add_scope_spans();
  for (uint64_t i = 1; i <= 512; ++i) {
    auto* const span = spans->add_spans();
    span->set_trace_id(fmt::format("{:016x}", i));
    span->set_span_id(fmt::format("{:08x}", i));
    span->set_name("chat");
    span->set_start_time_unix_nano(1'780'000'000'000'000'000 + i);
    span->set_end_time_unix_nano(1'780'000'001'000'000'000 + i);
  }
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  ExportTraceServiceResponse response;
  const auto stub = TraceService::NewStub(channel_.get());
  ASSERT_OK(stub->Export(&context, request, &response));
  EXPECT_FALSE(response.has_partial_success()) << response.ShortDebugString();
}

}  // namespace
}  // namespace flywheel::fault
