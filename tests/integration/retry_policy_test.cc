// A client of gRPC that obeys the server by itself.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <gtest/gtest.h>

#include <fstream>

#include "shared/time/poll.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using ingest::v1::IngestService;

// Its own waits are longer than any test, so that whoever is through in time was told by the
// server.
constexpr char kServiceConfig[] = R"json({"methodConfig": [{
    "name": [{"service": "flywheel.ingest.v1.IngestService"}],
    "retryPolicy": {
      "maxAttempts": 3, "initialBackoff": "600s", "maxBackoff": "600s", "backoffMultiplier": 1,
      "retryableStatusCodes": ["UNAVAILABLE", "RESOURCE_EXHAUSTED"]}}]})json";

class RetryPolicy : public LocalServiceTest {
 protected:
  // `quota` is what every project may send a second and store.
  void Start(const std::string& quota) {
    const std::string quotas = dir_.path() + "/quotas";
    std::ofstream(quotas) << "* " << quota << "\n";
    auto options = Options(dir_.path(), {cli::Service::kIngest});
    options.extra_arguments[cli::Service::kIngest] = {"--quotas-file", quotas};
    auto started = cli::LocalServices::Start(options);
    ASSERT_OK(started);
    services_ = *std::move(started);
    grpc::ChannelArguments arguments;
    arguments.SetServiceConfigJSON(kServiceConfig);
    stub_ = IngestService::NewStub(
        grpc::CreateCustomChannel(services_->at(cli::Service::kIngest).address,
                                  grpc::InsecureChannelCredentials(), arguments));
  }

  grpc::Status Log(const ingest::v1::LogInteractionsRequest& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    ingest::v1::LogInteractionsResponse response;
    grpc::Status status = stub_->LogInteractions(&context, request, &response);
    EXPECT_TRUE(!status.ok() || response.results_size() == request.interactions_size());
    return status;
  }

  std::unique_ptr<IngestService::Stub> stub_;
};

TEST_F(RetryPolicy, SendsAgainAfterTheWaitThatTheServerAsksFor) {
  ASSERT_NO_FATAL_FAILURE(Start("2 -"));
  // Overdrawn by four seconds' worth.
  ingest::v1::LogInteractionsRequest first;
  for (int i = 0; i < 10; ++i) *first.add_interactions() = MakeInteraction(std::to_string(i));
  ASSERT_OK(Log(first));
  ingest::v1::LogInteractionsRequest second;
  *second.add_interactions() = MakeInteraction("second");
  const absl::Time start = absl::Now();
  EXPECT_OK(Log(second));
  EXPECT_GE(absl::Now() - start, absl::Seconds(2)) << "it was not refused";
  EXPECT_LE(absl::Now() - start, absl::Seconds(30));
}

TEST_F(RetryPolicy, DoesNotSendAgainWhatWillNotPassByWaiting) {
  ASSERT_NO_FATAL_FAILURE(Start("- 1"));
  // Rows are counted once a second.
  int sent = 0;
  grpc::Status status;
  const auto refused = [&] {
    ingest::v1::LogInteractionsRequest request;
    *request.add_interactions() = MakeInteraction(std::to_string(++sent));
    status = Log(request);
    return !status.ok();
  };
  EXPECT_TRUE(PollUntil(refused, absl::Seconds(20), absl::Milliseconds(100)));
  EXPECT_THAT(status, testing::HasReason(Reason::kQuotaExceeded));
}

}  // namespace
}  // namespace flywheel::integration
