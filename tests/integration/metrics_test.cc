// A real Prometheus scrapes a real service.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "cli/child_process.h"
#include "cli/free_port.h"
#include "tests/integration/http_client.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using ingest::v1::IngestService;
using ::testing::HasSubstr;

// Debian's binary: in PATH, or where `./dev test` unpacks it. Empty: nowhere.
std::string FindPrometheus() {
  const char* path = std::getenv("PATH");
  std::istringstream directories(path == nullptr ? "" : path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    const std::string binary = directory + "/prometheus";
    if (access(binary.c_str(), X_OK) == 0) return binary;
  }
  const std::string unpacked = FLYWHEEL_TOOLS_DIR "/prometheus/usr/bin/prometheus";
  return access(unpacked.c_str(), X_OK) == 0 ? unpacked : "";
}

class Metrics : public LocalServiceTest {
 protected:
  void SetUp() override {
    binary_ = FindPrometheus();
    if (binary_.empty()) GTEST_SKIP() << "no prometheus in PATH; './dev test' fetches one";
    auto options = Options(dir_.path(), {cli::Service::kIngest});
    options.metrics = true;
    auto started = cli::LocalServices::Start(options);
    ASSERT_OK(started);
    services_ = *std::move(started);
    const cli::LocalService& ingest = services_->at(cli::Service::kIngest);
    channel_ = *rpc::Channel::Open({ingest.address, "", ""});
    const auto ports = cli::FindFreePorts(1);
    ASSERT_OK(ports);
    port_ = ports->front();
    ASSERT_NO_FATAL_FAILURE(StartPrometheus(ingest.metrics_address));
  }

  void StartPrometheus(const std::string& target) {
    const std::string config = dir_.path() + "/prometheus.yml";
    std::ofstream(config) << "global: {scrape_interval: 1s}\n"
                             "scrape_configs:\n"
                             "  - job_name: flywheel\n"
                             "    static_configs: [{targets: ['"
                          << target << "']}]\n";
    auto child = cli::ChildProcess::Start(
        {binary_,
         {"--config.file=" + config, "--storage.tsdb.path=" + dir_.path() + "/tsdb",
          "--web.listen-address=127.0.0.1:" + std::to_string(port_), "--log.level=warn"},
         {},
         dir_.path() + "/prometheus.log"});
    ASSERT_OK(child);
    prometheus_ = std::make_unique<cli::ChildProcess>(*std::move(child));
  }

  // Asks until the query's one result has the value, at most half a minute. The last answer.
  std::string AskUntil(const std::string& query, const std::string& value) {
    const absl::Time give_up = absl::Now() + absl::Seconds(30);
    std::string answer;
    do {
      answer = HttpGet(port_, "/api/v1/query?query=" + query);
      const auto json = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
      if (!json.is_discarded()) {
        const auto& results = json["data"]["result"];
        if (results.size() == 1 && results[0]["value"][1] == value) return value;
      }
      // Its end would end the wait at once.
      if (prometheus_->WaitForExit(absl::Milliseconds(50))) break;
    } while (absl::Now() < give_up);
    return "last answer: " + answer + "\n" + cli::ReadAll(dir_.path() + "/prometheus.log");
  }

  grpc::Status Log(const ingest::v1::LogInteractionsRequest& request) {
    ingest::v1::LogInteractionsResponse response;
    return Call<IngestService>(&IngestService::Stub::LogInteractions, request, &response);
  }

  std::string binary_;
  int port_ = 0;
  std::unique_ptr<cli::ChildProcess> prometheus_;
};

TEST_F(Metrics, ReachPrometheusWithTheRightValues) {
  ingest::v1::LogInteractionsRequest request;
  for (const char* id : {"a", "b", "c"}) {
    *request.add_interactions() = MakeInteraction(id);
    ASSERT_OK(Log(request));
  }
  EXPECT_THAT(Log({}), testing::HasReason(Reason::kEmptyBatch));

  // The queries' braces, quotes and '=' as a URL writes them.
  const std::string calls = "flywheel_rpc_requests_total%7Bmethod%3D%22LogInteractions%22";
  EXPECT_EQ(AskUntil("up%7Bjob%3D%22flywheel%22%7D", "1"), "1");
  EXPECT_EQ(AskUntil(calls + ",code%3D%220%22%7D", "3"), "3");
  EXPECT_EQ(AskUntil(calls + ",reason%3D%22EMPTY_BATCH%22%7D", "1"), "1");
  const std::string items = "flywheel_items_total%7Bmethod%3D%22LogInteractions%22";
  EXPECT_EQ(AskUntil("sum(" + items + "%7D)", "6"), "6") << "1 + 2 + 3 items were sent";

  ASSERT_OK(Log(request));
  EXPECT_EQ(AskUntil(calls + ",code%3D%220%22%7D", "4"), "4");
  const std::string durations =
      "flywheel_rpc_duration_seconds_count%7Bmethod%3D%22LogInteractions%22%7D";
  EXPECT_EQ(AskUntil(durations, "5"), "5");
}

}  // namespace
}  // namespace flywheel::integration
