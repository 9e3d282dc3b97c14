#include "examples/support_agent/trainer.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

using curation::v1::CurationService;

constexpr char kTrainerName[] = "fasttext-trainer";

}  // namespace

absl::StatusOr<std::optional<TrainingExample>> ReadIntent(const nlohmann::json& line) {
  TrainingExample example;
  for (const auto& message : line["messages"]) {
    const std::string content = message.value("content", "");
    if (message.value("role", "") == "user") example.text = content;
    if (message.value("role", "") == "assistant") example.intent = content;
  }
  if (example.text.empty() || example.intent.empty()) {
    return errors::Internal("curation exported a line without a dialogue: " + line.dump());
  }
  return example;
}

absl::StatusOr<std::vector<TrainingExample>> Trainer::Download(
    const std::string& dataset_version_id) {
  curation::v1::ExportDatasetRequest request;
  request.set_dataset_version_id(dataset_version_id);
  request.set_split(curation::v1::SPLIT_TRAIN);
  // A stream that breaks off is read again from its beginning.
  std::string jsonl;
  RETURN_IF_ERROR((services_.curation.Read<curation::v1::ExportDatasetRequest,
                                           curation::v1::ExportDatasetResponse>(
      &CurationService::Stub::ExportDataset, request, [&] { jsonl.clear(); },
      [&](const curation::v1::ExportDatasetResponse& response) { jsonl += response.jsonl(); })));
  std::vector<TrainingExample> examples;
  std::istringstream lines(jsonl);
  for (std::string line; std::getline(lines, line);) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!json.contains("messages")) {
      return errors::Internal("curation exported a line without messages: " + line);
    }
    ASSIGN_OR_RETURN(std::optional<TrainingExample> example, read_line_(json));
    if (example) examples.push_back(*std::move(example));
  }
  return examples;
}

absl::StatusOr<TrainedModel> Trainer::TrainOpenRun(const std::string& version) {
  // Take the agent's oldest open run, for as long as the default lease lasts.
  curation::v1::LeaseTrainingRunRequest lease;
  lease.set_trainer(kTrainerName);
  lease.add_agents(agent_);
  ASSIGN_OR_RETURN(
      const auto leased,
      (services_.curation.Call(&CurationService::StubInterface::LeaseTrainingRun, lease)));
  if (!leased.has_training_run()) {
    return errors::NotFound("open training run of agent", agent_, "Open one first.");
  }
  // Learn from the train side of its dataset version.
  ASSIGN_OR_RETURN(const std::vector<TrainingExample> examples,
                   Download(leased.training_run().dataset_version_id()));
  ASSIGN_OR_RETURN(TrainedModel trained, TrainOn(examples, version));

  // Say what came of it: until then nobody else gets the run.
  curation::v1::CompleteTrainingRunRequest complete;
  complete.set_training_run_id(leased.training_run().training_run_id());
  complete.set_trainer(kTrainerName);
  complete.mutable_success()->set_model_version(version);
  complete.mutable_success()->set_artifact_uri("file://" + PathOf(version));
  (*complete.mutable_success()->mutable_metrics())["examples"] =
      static_cast<double>(examples.size());
  RETURN_IF_ERROR(
      (services_.curation.Call(&CurationService::StubInterface::CompleteTrainingRun, complete))
          .status());
  return trained;
}

absl::StatusOr<TrainedModel> Trainer::TrainOn(const std::vector<TrainingExample>& examples,
                                              const std::string& version) {
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(std::shared_ptr<const IntentModel> model,
                   IntentModel::Train(examples, PathOf(version)));
  files_.insert(version);
  return TrainedModel{version, std::move(model), absl::ToDoubleSeconds(absl::Now() - start)};
}

void Trainer::RemoveFilesBut(const std::set<std::string>& versions) {
  for (auto version = files_.begin(); version != files_.end();) {
    std::error_code ignored;
    if (versions.count(*version) == 0) {
      std::filesystem::remove(PathOf(*version), ignored);
      version = files_.erase(version);
    } else {
      ++version;
    }
  }
}

}  // namespace flywheel::example
