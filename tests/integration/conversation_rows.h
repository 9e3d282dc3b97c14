// Turns conversations into rows, from the door of ingest to the trainer's file: a fixture.
#ifndef FLYWHEEL_TESTS_INTEGRATION_CONVERSATION_ROWS_H_
#define FLYWHEEL_TESTS_INTEGRATION_CONVERSATION_ROWS_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "tests/integration/await_dataset.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {

// Real services, whose dataset version "d1" is exported by the command.
class ConversationRows : public LocalServiceTest {
 protected:
  using Json = nlohmann::json;

  static constexpr char kAgent[] = "support";

  void SetUp() override { Start({}); }

  void Start(const std::vector<std::string>& ingest_flags) {
    services_.reset();
    cli::LocalServicesOptions options =
        Options(dir_.path(), {cli::Service::kIngest, cli::Service::kCuration});
    options.extra_arguments[cli::Service::kIngest] = ingest_flags;
    auto started = cli::LocalServices::Start(options);
    ASSERT_OK(started);
    services_ = *std::move(started);
    Reach(cli::Service::kIngest);
  }

  // Whom Call speaks to from now on.
  void Reach(cli::Service service) {
    channel_ = *rpc::Channel::Open({services_->at(service).address, "", ""});
  }

  void Log(const ingest::v1::Interaction& interaction) {
    ingest::v1::LogInteractionsRequest request;
    *request.add_interactions() = interaction;
    ingest::v1::LogInteractionsResponse response;
    ASSERT_OK(Call<ingest::v1::IngestService>(&ingest::v1::IngestService::Stub::LogInteractions,
                                              request, &response));
    ASSERT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED)
        << response.results(0).message();
  }

  // A signal of staff, whose kind `fill` sets.
  template <typename Fill>
  void React(const std::string& interaction_id, Fill fill) {
    ingest::v1::RecordSignalsRequest request;
    ingest::v1::Signal& signal = *request.add_signals();
    signal.set_signal_id("about-" + interaction_id);
    signal.set_interaction_id(interaction_id);
    signal.set_actor(ingest::v1::ACTOR_STAFF);
    *signal.mutable_event_time() = rpc::ToProto(absl::Now());
    fill(signal);
    ingest::v1::RecordSignalsResponse response;
    ASSERT_OK(Call<ingest::v1::IngestService>(&ingest::v1::IngestService::Stub::RecordSignals,
                                              request, &response));
    ASSERT_EQ(response.results(0).status(), common::v1::ITEM_STATUS_STORED)
        << response.results(0).message();
    last_ = response.commit_token();
  }
  void Approve(const std::string& interaction_id) {
    React(interaction_id, [](auto& signal) { signal.mutable_thumbs()->set_up(true); });
  }

  // Imports a file, and returns the ids of all interactions.
  std::vector<std::string> Imported(const std::string& file, const std::string& format) {
    const cli::CommandResult imported =
        cli::RunFlywheel({"import", file, "--format", format, "--agent", kAgent, "--address",
                          services_->at(cli::Service::kIngest).address});
    EXPECT_EQ(imported.ending, "exit code 0") << imported.output;
    std::vector<std::string> ids;
    ingest::v1::ListInteractionsRequest list;
    list.set_page_size(1'000);
    list.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
    do {
      ingest::v1::ListInteractionsResponse page;
      EXPECT_OK(Call<ingest::v1::IngestService>(&ingest::v1::IngestService::Stub::ListInteractions,
                                                list, &page));
      for (const auto& interaction : page.interactions()) {
        ids.push_back(interaction.interaction_id());
      }
      list.set_page_token(page.next_page_token());
    } while (!list.page_token().empty());
    return ids;
  }

  // Builds a dataset version of all.
  void Build() {
    Reach(cli::Service::kCuration);
    curation::v1::BuildDatasetVersionRequest build;
    build.set_dataset_version_id("d1");
    build.set_min_feed_token(last_);
    build.mutable_options()->set_agent(kAgent);
    build.mutable_options()->set_eval_share(1e-9);
    curation::v1::BuildDatasetVersionResponse built;
    ASSERT_OK(Call<curation::v1::CurationService>(
        &curation::v1::CurationService::Stub::BuildDatasetVersion, build, &built));
    AwaitDataset(channel_.get(), "d1");
  }

  // The file that a trainer would get of that version.
  std::string Export(const std::string& format) {
    std::vector<std::string> arguments = {
        "export", "d1",        "--format",
        format,   "--address", services_->at(cli::Service::kCuration).address};
    if (format == "openai-chat") arguments.push_back("--metadata");
    const cli::CommandResult exported = cli::RunFlywheel(arguments);
    EXPECT_EQ(exported.ending, "exit code 0") << exported.output;
    return exported.output;
  }

  // The lines of a dataset version of all, by the interactions that they come from.
  std::map<std::string, Json> Exported() {
    Build();
    std::istringstream text(Export("openai-chat"));
    std::map<std::string, Json> lines;
    for (std::string line; std::getline(text, line);) {
      Json parsed = Json::parse(line);
      lines[parsed["metadata"]["interaction_id"]] = parsed;
    }
    return lines;
  }

  // Empty where there is none.
  static std::string TauBenchFile() {
    const char* directory = std::getenv("FLYWHEEL_DATA_DIR");
    const std::string path = std::string(directory == nullptr ? "../shared/data" : directory) +
                             "/tau_bench_airline/gpt-4o-airline.json";
    return std::ifstream(path) ? path : "";
  }

  // The messages of the runs of a file that reached their goal, by the session that each becomes.
  static std::map<std::string, Json> RightRuns(const std::string& file) {
    std::ifstream stream(file);
    std::map<std::string, Json> right;
    for (const Json& run : Json::parse(stream)) {
      if (run["reward"] != 1.0) continue;
      right[std::string(kAgent) + "-task-" + run["task_id"].dump() + "-trial-" +
            run["trial"].dump()] = run["traj"];
    }
    return right;
  }

  // Imports a tau-bench file, with its texts to the letter, and approves the turns of these runs.
  // How many there are.
  size_t ImportApproved(const std::string& file, const std::map<std::string, Json>& right) {
    Start({"--redaction", "off"});
    size_t approved = 0;
    for (const std::string& id : Imported(file, "tau-bench")) {
      if (!right.contains(id.substr(0, id.find("-turn-")))) continue;
      Approve(id);
      ++approved;
    }
    return approved;
  }

  // Of the feed, after the newest signal.
  std::string last_;
};

}  // namespace flywheel::integration

#endif  // FLYWHEEL_TESTS_INTEGRATION_CONVERSATION_ROWS_H_
