#include "examples/tool_agent/tool_wheel.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/time/clock.h"
#include "examples/tool_agent/conversation.h"
#include "examples/tool_agent/tasks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

constexpr char kAgent[] = "tool-agent";
constexpr size_t kSessionsPerBatch = 50;

// No call is an error, which the gate counts as failed. `policy` outlives what is returned.
Release::Answerer AnswerWith(const ToolPolicy& policy) {
  return [&policy](const evalgate::v1::SuiteCase& suite_case) {
    Situation situation;
    for (const auto& message : suite_case.prompt()) situation.Add(message);
    const Choice choice = policy.Choose(situation);
    evalgate::v1::CaseOutput output;
    if (choice.call.name().empty()) {
      output.set_error("the model knew no call");
    } else {
      *output.add_messages() = Calls(choice.call);
    }
    return output;
  };
}

std::vector<Query> Part(const std::vector<Query>& queries, size_t begin, size_t size) {
  const size_t end = std::min(begin + size, queries.size());
  return {queries.begin() + static_cast<std::ptrdiff_t>(begin),
          queries.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

ToolWheel::ToolWheel(const Services* services, const Traffic* traffic,
                     const std::vector<Query>* test, std::string model_directory,
                     ToolWheelOptions options)
    : services_(services),
      traffic_(*traffic),
      test_(*test),
      options_(std::move(options)),
      agent_(services_, kAgent),
      curator_(services_, kAgent, options_.eval_share),
      trainer_(services_, kAgent, std::move(model_directory), ToolPolicy::ReadCall),
      release_(services_, kAgent, options_.release) {}

absl::StatusOr<double> ToolWheel::Measure(const ToolPolicy& policy) const {
  int64_t turns = 0;
  int64_t right = 0;
  for (size_t i = 0; i < test_.size(); ++i) {
    ASSIGN_OR_RETURN(const std::vector<Task> tasks,
                     TasksOf(test_[i], static_cast<int64_t>(i), Wording::kTest));
    Situation situation;
    situation.profile = ProfileOf(test_[i].customer);
    for (const Task& task : tasks) {
      situation.text = task.text;
      ++turns;
      right += SameCall(policy.Choose(situation).call, task.right);
      situation.previous = task.right;
    }
  }
  return static_cast<double>(right) / static_cast<double>(std::max<int64_t>(1, turns));
}

absl::Status ToolWheel::Begin() {
  RETURN_IF_ERROR(release_.SetPolicy());
  options_.progress("recording the seed sessions");
  ASSIGN_OR_RETURN(commit_token_, agent_.RecordSeeds(traffic_.seeds, 0));
  RevolutionReport unused;
  ASSIGN_OR_RETURN(active_, Train(0, unused));
  return release_.PromoteFirst(active_);
}

absl::StatusOr<RevolutionReport> ToolWheel::Turn(int number) {
  RevolutionReport report;
  report.number = number;
  RETURN_IF_ERROR(ServeSlice(number, report));
  const auto version = Train(number, report);
  if (version.ok()) {
    RETURN_IF_ERROR(JudgeCandidate(number, *version, report));
  } else if (errors::ReasonOf(version.status()) != Reason::kNotTriggered) {
    // Where it is not time to train, the report says why.
    return version.status();
  }
  std::set<std::string> needed = {active_};
  if (running_) needed.insert(running_->version);
  if (waiting_) needed.insert(waiting_->version);
  trainer_.RemoveFilesBut(needed);
  report.serving_version = active_;
  report.accuracy = accuracy();
  return report;
}

absl::Status ToolWheel::ServeSlice(int number, RevolutionReport& report) {
  const std::vector<Query>& slice = traffic_.slices[static_cast<size_t>(number - 1)];
  report.queries = static_cast<int64_t>(slice.size());
  for (size_t begin = 0; begin < slice.size(); begin += kSessionsPerBatch) {
    options_.progress(fmt::format("revolution {}: {} of {} sessions served by {}", number, begin,
                                  slice.size(), active_));
    RETURN_IF_ERROR(StartWaiting());
    const absl::Time next = absl::Now() + options_.batch_interval;
    const std::vector<Query> part = Part(slice, begin, kSessionsPerBatch);
    ASSIGN_OR_RETURN(const ServedSessions served, agent_.Serve(part, served_));
    served_ += static_cast<int64_t>(part.size());
    commit_token_ = served.commit_token;
    report.interactions += served.turns;
    report.reactions.accepted += served.reactions.accepted;
    report.reactions.corrected += served.reactions.corrected;
    report.reactions.escalated += served.reactions.escalated;
    report.reactions.left += served.reactions.left;
    if (!running_) continue;
    ASSIGN_OR_RETURN(
        ExperimentReport experiment,
        release_.Watch(running_->experiment_id, running_->version, next - absl::Now()));
    if (experiment.ended) Conclude(std::move(experiment), report);
  }
  if (!running_) return absl::OkStatus();
  ASSIGN_OR_RETURN(ExperimentReport experiment,
                   release_.Settle(running_->experiment_id, running_->version));
  Conclude(std::move(experiment), report);
  return absl::OkStatus();
}

absl::Status ToolWheel::StartWaiting() {
  if (running_ || !waiting_) return absl::OkStatus();
  RETURN_IF_ERROR(release_.StartExperiment(waiting_->experiment_id, active_, waiting_->version));
  running_ = std::exchange(waiting_, std::nullopt);
  return absl::OkStatus();
}

void ToolWheel::Conclude(ExperimentReport experiment, RevolutionReport& report) {
  if (experiment.promoted) {
    active_ = running_->version;
    report.promoted = true;
    // It was compared with what no longer serves.
    waiting_.reset();
  }
  if (experiment.ended) running_.reset();
  report.experiments.push_back(std::move(experiment));
}

absl::StatusOr<std::string> ToolWheel::Train(int number, RevolutionReport& report) {
  const std::string version = fmt::format("tools-v{}", number);
  const std::string dataset = fmt::format("tools-dataset-{}", number);
  options_.progress("building dataset version " + dataset);
  RETURN_IF_ERROR(curator_.BuildDataset(dataset, commit_token_, /*skip_review=*/false, report));
  options_.progress("training " + version);
  // Days are minutes here: the wheel may train as soon as half a slice of new data is there.
  const auto enough = static_cast<int64_t>(std::max<size_t>(1, traffic_.slices[0].size() / 2));
  const auto opened = curator_.OpenTrainingRun("run-" + version, dataset, enough);
  report.trigger = opened.ok() ? *opened : errors::MessageOf(opened.status());
  RETURN_IF_ERROR(opened.status());
  ASSIGN_OR_RETURN(const TrainedModel trained, trainer_.TrainOpenRun(version));
  report.training_seconds = trained.seconds;
  agent_.Deploy(version, trained.model);
  ASSIGN_OR_RETURN(accuracy_[version], Measure(agent_.PolicyOf(version)));
  return version;
}

absl::Status ToolWheel::JudgeCandidate(int number, const std::string& version,
                                       RevolutionReport& report) {
  options_.progress("asking the gate");
  const std::string suite = fmt::format("tools-suite-{}", number);
  RETURN_IF_ERROR(release_.CreateSuite(suite, report.dataset_version));
  ASSIGN_OR_RETURN(std::vector<std::string> versions, release_.ComparedVersions());
  versions.push_back(version);
  for (const std::string& each : versions) {
    RETURN_IF_ERROR(release_.RunSuite(suite, each, AnswerWith(agent_.PolicyOf(each))));
  }
  ASSIGN_OR_RETURN(GateReport verdict, release_.Judge(suite, version));
  // An older candidate that still waits would only cost traffic.
  if (verdict.decision == "PASS") waiting_ = {version, "experiment-" + version};
  report.gate.push_back(std::move(verdict));
  return absl::OkStatus();
}

}  // namespace flywheel::example
