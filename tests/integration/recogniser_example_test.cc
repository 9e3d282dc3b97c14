// The example of a recogniser, Presidio behind it, beside a real flywheel-ingest.
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "cli/child_process.h"
#include "shared/time/poll.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using cli::Service;
using ingest::v1::IngestService;

class RecogniserExample : public LocalServiceTest {
 protected:
  static std::string Packages() { return FLYWHEEL_TOOLS_DIR "/recogniser"; }

  void SetUp() override {
    if (access((Packages() + "/installed").c_str(), R_OK) != 0) {
      GTEST_SKIP() << "no Presidio; './dev test' fetches it where pip can";
    }
  }

  std::string Log() const { return dir_.path() + "/recogniser.log"; }

  // The port that it says it listens on; empty where it does not yet.
  std::string Port() const {
    const std::string log = cli::ReadAll(Log());
    const std::string before = "listening on port ";
    const size_t begin = log.find(before);
    const size_t end = begin == std::string::npos ? begin : log.find('\n', begin);
    if (end == std::string::npos) return "";
    return log.substr(begin + before.size(), end - begin - before.size());
  }
};

TEST_F(RecogniserExample, FindsWhatIngestThenReplaces) {
  cli::ChildOptions options;
  options.binary = "/usr/bin/env";
  const std::string program = FLYWHEEL_SOURCE_DIR "/examples/recogniser/recogniser.py";
  options.arguments = {"PYTHONPATH=" + Packages() + "/stubs", Packages() + "/bin/python", program,
                       "--listen", "127.0.0.1:0"};
  options.log_file = Log();
  auto recogniser = cli::ChildProcess::Start(options);
  ASSERT_OK(recogniser);
  ASSERT_TRUE(PollUntil([&] { return !Port().empty(); }, absl::Minutes(2))) << cli::ReadAll(Log());

  cli::LocalServicesOptions ingest = Options(dir_.path(), {Service::kIngest});
  ingest.extra_arguments[Service::kIngest] = {"--recogniser-address", "127.0.0.1:" + Port(),
                                              "--recogniser-timeout", "60"};
  auto started = cli::LocalServices::Start(ingest);
  ASSERT_OK(started);
  services_ = *std::move(started);
  channel_ = *rpc::Channel::Open({services_->at(Service::kIngest).address, "", ""});

  // A coin's address is nothing that our own tables know.
  ingest::v1::LogInteractionsRequest request;
  *request.add_interactions() = MakeInteraction("i-1");
  request.mutable_interactions(0)->set_input(
      "J\u00f6rg's wallet is 16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ, mail ann@example.com");
  ingest::v1::LogInteractionsResponse response;
  ASSERT_OK(Call<IngestService>(&IngestService::Stub::LogInteractions, request, &response));
  ASSERT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED);

  ingest::v1::GetInteractionRequest get;
  get.set_interaction_id("i-1");
  ingest::v1::GetInteractionResponse stored;
  ASSERT_OK(Call<IngestService>(&IngestService::Stub::GetInteraction, get, &stored));
  const std::string& input = stored.interaction().input();
  EXPECT_NE(input.find("wallet is [CRYPTO_1], mail [EMAIL_1]"), std::string::npos) << input;
}

}  // namespace
}  // namespace flywheel::integration
