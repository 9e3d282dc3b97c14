// What a client without any .proto can do: find the services, learn their messages, call them.
#include <gmock/gmock.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/health.h"
#include "tests/integration/dynamic_client.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using ::testing::IsSupersetOf;

class Reflection : public LocalServiceTest {
 protected:
  void StartAll() {
    auto started = cli::LocalServices::Start(
        Options(dir_.path(), {cli::kAllServices.begin(), cli::kAllServices.end()}));
    ASSERT_OK(started);
    services_ = *std::move(started);
  }

  std::unique_ptr<DynamicClient> Client(cli::Service service) const {
    return std::make_unique<DynamicClient>(
        rpc::Channel::Open({services_->at(service).address, "", ""})->get());
  }
};

TEST_F(Reflection, ListsEveryServiceAndItsHealth) {
  ASSERT_NO_FATAL_FAILURE(StartAll());
  const std::map<cli::Service, std::string> names = {
      {cli::Service::kIngest, "flywheel.ingest.v1.IngestService"},
      {cli::Service::kCuration, "flywheel.curation.v1.CurationService"},
      {cli::Service::kEvalGate, "flywheel.evalgate.v1.EvalGateService"},
      {cli::Service::kExperiment, "flywheel.experiment.v1.ExperimentService"}};
  for (const auto& [service, name] : names) {
    const auto client = Client(service);
    const auto listed = client->ListServices();
    ASSERT_OK(listed) << name;
    EXPECT_THAT(*listed, IsSupersetOf({name, std::string("grpc.health.v1.Health"),
                                       std::string("grpc.reflection.v1alpha.ServerReflection")}));
    const auto described = client->Describe(name);
    ASSERT_OK(described) << name;
    EXPECT_GE((*described)->method_count(), 6) << name;
    EXPECT_OK(cli::CheckHealth(*rpc::Channel::Open({services_->at(service).address, "", ""}),
                               absl::Seconds(5)));
  }
}

TEST_F(Reflection, IsEnoughToAskForHealth) {
  ASSERT_NO_FATAL_FAILURE(StartAll());
  for (const cli::Service service : cli::kAllServices) {
    const auto client = Client(service);
    const auto health = client->Describe("grpc.health.v1.Health");
    ASSERT_OK(health) << cli::ServiceName(service);
    const auto* check = (*health)->FindMethodByName("Check");
    ASSERT_NE(check, nullptr);
    const auto answer = client->Call(*check, "{}");
    ASSERT_OK(answer);
    EXPECT_EQ(nlohmann::json::parse(*answer)["status"], "SERVING");
  }
}

TEST_F(Reflection, IsEnoughToLogInteractions) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(cli::Service::kIngest));
  const auto client = Client(cli::Service::kIngest);
  const auto service = client->Describe("flywheel.ingest.v1.IngestService");
  ASSERT_OK(service);
  const auto* log = (*service)->FindMethodByName("LogInteractions");
  ASSERT_NE(log, nullptr);
  const std::string request = R"json({"interactions": [
      {"interactionId": "a", "agent": "support", "input": "where is my card",
       "output": "on its way", "startTime": "2026-01-02T03:04:05Z", "latency": "0.250s",
       "attributes": {"channel": "web"}},
      {"interactionId": "not an id", "agent": "support"}]})json";
  const auto answer = client->Call(*log, request);
  ASSERT_OK(answer);
  const auto results = nlohmann::json::parse(*answer)["results"];
  EXPECT_EQ(results[0]["status"], "ITEM_STATUS_STORED");
  EXPECT_EQ(results[0]["sequence"], "1");
  EXPECT_EQ(results[1]["status"], "ITEM_STATUS_REJECTED");

  const auto* get = (*service)->FindMethodByName("GetInteraction");
  ASSERT_NE(get, nullptr);
  const auto stored = client->Call(*get, R"json({"interactionId": "a"})json");
  ASSERT_OK(stored);
  const auto interaction = nlohmann::json::parse(*stored)["interaction"];
  EXPECT_EQ(interaction["output"], "on its way");
  EXPECT_EQ(interaction["latency"], "0.250s");
  EXPECT_EQ(interaction["attributes"]["channel"], "web");
}

TEST_F(Reflection, GetsErrorsLikeAnybody) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(cli::Service::kIngest));
  const auto client = Client(cli::Service::kIngest);
  EXPECT_FALSE(client->Describe("flywheel.ingest.v1.NoSuchService").ok());
  const auto service = client->Describe("flywheel.ingest.v1.IngestService");
  ASSERT_OK(service);
  const auto missing = client->Call(*(*service)->FindMethodByName("GetInteraction"),
                                    R"json({"interactionId": "nobody"})json");
  EXPECT_TRUE(absl::IsNotFound(missing.status())) << missing.status();
}

}  // namespace
}  // namespace flywheel::integration
