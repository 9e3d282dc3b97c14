#include "examples/support_agent/wheel.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/time/clock.h"
#include "examples/support_agent/random.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

constexpr size_t kQueriesPerBatch = 50;
constexpr size_t kSeedsPerBatch = 500;
// Of the labels of the planted candidate that the gate must stop.
constexpr double kMislabelledShare = 0.4;
// Of each live query, what reaches the planted candidate that only an experiment can stop.
constexpr double kSkewedTextShare = 0.4;
// A fault is one only against a version that does better: it is planted once it costs so much.
constexpr double kHarmBySkew = 0.75;
constexpr double kHarmByLabels = 0.95;

// No answer is an error, which the gate counts as failed. `model` outlives what is returned.
Release::Answerer AnswerWith(const IntentModel& model) {
  return [&model](const evalgate::v1::SuiteCase& suite_case) {
    evalgate::v1::CaseOutput output;
    const std::vector<Guess> guesses = model.Predict(suite_case.input(), 1);
    if (guesses.empty()) {
      output.set_error("the model had no answer");
    } else {
      output.set_output(guesses[0].intent);
    }
    return output;
  };
}

}  // namespace

Wheel::Wheel(const Services* services, const Traffic* traffic, const Customers* customers,
             const std::vector<Query>* test, std::string model_directory, WheelOptions options)
    : traffic_(*traffic),
      test_(*test),
      options_(std::move(options)),
      agent_(services, customers, options_.names, options_.on_stored),
      curator_(services, options_.names.agent, options_.eval_share),
      trainer_(services, options_.names.agent, std::move(model_directory), ReadIntent),
      release_(services, options_.names.agent, options_.release),
      planted_({{"", "trained on 40% wrong labels", "not planted yet", false, 0},
                {"", "live queries reach it cut short, which no offline test sees",
                 "not planted yet", false, 0}}) {}

double Wheel::Accuracy(const IntentModel& model, double text_share) const {
  if (test_.empty()) return 0;
  int64_t right = 0;
  for (const Query& query : test_) {
    const std::vector<Guess> guesses = model.Predict(Agent::LiveText(query.text, text_share), 1);
    right += !guesses.empty() && guesses[0].intent == query.intent;
  }
  return static_cast<double>(right) / static_cast<double>(test_.size());
}

bool Wheel::SkewHarms(const IntentModel& model) const {
  return Accuracy(model, kSkewedTextShare) < kHarmBySkew * accuracy_.at(active_);
}

PlantedReport* Wheel::FindPlanted(const std::string& version) {
  for (PlantedReport& planted : planted_) {
    if (planted.candidate == version) return &planted;
  }
  return nullptr;
}

void Wheel::RemoveRetiredModels() {
  std::set<std::string> needed = {active_};
  if (running_) needed.insert(running_->version);
  for (const Candidate& candidate : waiting_) needed.insert(candidate.version);
  trainer_.RemoveFilesBut(needed);
}

absl::Status Wheel::Begin() {
  RETURN_IF_ERROR(release_.SetPolicy());
  options_.progress("recording the seed examples");
  for (size_t begin = 0; begin < traffic_.seeds.size(); begin += kSeedsPerBatch) {
    const size_t end = std::min(begin + kSeedsPerBatch, traffic_.seeds.size());
    const std::vector<Query> part(traffic_.seeds.begin() + static_cast<std::ptrdiff_t>(begin),
                                  traffic_.seeds.begin() + static_cast<std::ptrdiff_t>(end));
    ASSIGN_OR_RETURN(commit_token_, agent_.RecordSeeds(part, begin));
  }
  RevolutionReport unused;
  RETURN_IF_ERROR(Curate(Name("dataset-0"), /*skip_review=*/false, unused));
  ASSIGN_OR_RETURN(const TrainedModel trained, Train(Name("dataset-0"), Name("v0"), unused));
  agent_.Deploy(trained.version, {trained.model, 1});
  RETURN_IF_ERROR(release_.PromoteFirst(trained.version));
  active_ = trained.version;
  first_accuracy_ = accuracy_[active_] = Accuracy(*trained.model);
  return absl::OkStatus();
}

absl::StatusOr<RevolutionReport> Wheel::Turn(int number) {
  RevolutionReport report;
  report.number = number;
  RETURN_IF_ERROR(ServeSlice(number, report));

  const std::string dataset = fmt::format("{}{}", Name("dataset-"), number);
  RETURN_IF_ERROR(Curate(dataset, options_.unfiltered, report));
  auto trained = Train(dataset, fmt::format("{}{}", Name("v"), number), report);
  if (trained.ok()) {
    suite_ = fmt::format("{}{}", Name("suite-"), number);
    options_.progress("asking the gate");
    RETURN_IF_ERROR(release_.CreateSuite(suite_, dataset));
    RETURN_IF_ERROR(JudgeCandidate(*trained, report));
    const int revolutions = static_cast<int>(traffic_.slices.size());
    if (number >= std::max(2, revolutions / 3) && planted_[0].candidate.empty()) {
      RETURN_IF_ERROR(PlantMislabelled(number, report));
    }
    // It has the outputs of a genuine candidate, so it waits for one that passes.
    const bool skewed_is_due = number >= revolutions / 2 && number < revolutions &&
                               planted_[1].candidate.empty() && SkewHarms(*trained->model);
    if (skewed_is_due && report.gate.front().decision == "PASS") {
      RETURN_IF_ERROR(PlantSkewed(*trained, report));
    }
  } else if (errors::ReasonOf(trained.status()) != Reason::kNotTriggered) {
    return trained.status();
  }
  RemoveRetiredModels();
  report.serving_version = active_;
  report.accuracy = accuracy_[active_];
  return report;
}

absl::Status Wheel::ServeSlice(int number, RevolutionReport& report) {
  const std::vector<Query>& slice = traffic_.slices[static_cast<size_t>(number - 1)];
  report.queries = static_cast<int64_t>(slice.size());
  std::map<std::string, int64_t> exposed;
  for (size_t begin = 0; begin < slice.size(); begin += kQueriesPerBatch) {
    options_.progress(fmt::format("revolution {}: {} of {} queries served by {}", number, begin,
                                  slice.size(), active_));
    if (!running_) RETURN_IF_ERROR(StartNextExperiment());
    const absl::Time next = absl::Now() + options_.batch_interval;
    const size_t end = std::min(begin + kQueriesPerBatch, slice.size());
    const std::vector<Query> part(slice.begin() + static_cast<std::ptrdiff_t>(begin),
                                  slice.begin() + static_cast<std::ptrdiff_t>(end));
    ASSIGN_OR_RETURN(const ServedBatch served, agent_.Serve(part, served_));
    served_ += static_cast<int64_t>(part.size());
    commit_token_ = served.commit_token;
    report.interactions += served.interactions;
    report.reactions.accepted += served.reactions.accepted;
    report.reactions.corrected += served.reactions.corrected;
    report.reactions.retried += served.reactions.retried;
    report.reactions.escalated += served.reactions.escalated;
    report.reactions.left += served.reactions.left;
    for (const auto& [version, sessions] : served.exposed_by_version) {
      if (version != active_) exposed[version] += sessions;
    }
    if (!running_) continue;
    ASSIGN_OR_RETURN(
        ExperimentReport experiment,
        release_.Watch(running_->experiment_id, running_->version, next - absl::Now()));
    if (experiment.ended) Conclude(std::move(experiment), report);
  }
  if (running_) {
    ASSIGN_OR_RETURN(ExperimentReport experiment,
                     release_.Settle(running_->experiment_id, running_->version));
    Conclude(std::move(experiment), report);
  }
  NoteShares(exposed, report.queries, report);
  return absl::OkStatus();
}

absl::Status Wheel::StartNextExperiment() {
  while (!running_ && !waiting_.empty()) {
    const Candidate candidate = waiting_.front();
    waiting_.erase(waiting_.begin());
    ASSIGN_OR_RETURN(const bool passes, StillPasses(candidate));
    if (!passes) continue;
    RETURN_IF_ERROR(release_.StartExperiment(candidate.experiment_id, active_, candidate.version));
    running_ = candidate;
  }
  return absl::OkStatus();
}

absl::StatusOr<GateReport> Wheel::Judge(const std::string& version) {
  ASSIGN_OR_RETURN(std::vector<std::string> versions, release_.ComparedVersions());
  versions.push_back(version);
  // What was handed in for this suite before is a replay.
  for (const std::string& each : versions) {
    RETURN_IF_ERROR(release_.RunSuite(suite_, each, AnswerWith(*agent_.ModelOf(each))));
  }
  return release_.Judge(suite_, version);
}

absl::StatusOr<bool> Wheel::StillPasses(const Candidate& candidate) {
  ASSIGN_OR_RETURN(GateReport answer, release_.Ask(candidate.version));
  if (answer.decision == "PASS") return true;
  // Another one was promoted while it waited: the gate wants a comparison with that.
  ASSIGN_OR_RETURN(answer, Judge(candidate.version));
  if (answer.decision == "PASS") return true;
  if (PlantedReport* planted = FindPlanted(candidate.version)) {
    planted->stopped = true;
    planted->outcome = "stopped by the gate: " + answer.decision;
  }
  return false;
}

void Wheel::Conclude(ExperimentReport experiment, RevolutionReport& report) {
  if (experiment.ended) {
    PlantedReport* planted = FindPlanted(running_->version);
    if (experiment.promoted) {
      active_ = running_->version;
      report.promoted = true;
      if (planted != nullptr) planted->outcome = "promoted: nobody noticed";
    } else if (planted != nullptr) {
      planted->stopped = true;
      planted->outcome = fmt::format("{} by its experiment after {} sessions",
                                     experiment.ramp == "ROLLED_BACK" ? "rolled back" : "given up",
                                     experiment.candidate_units);
    }
    running_.reset();
  }
  report.experiments.push_back(std::move(experiment));
}

void Wheel::NoteShares(const std::map<std::string, int64_t>& answers, int64_t queries,
                       RevolutionReport& report) {
  for (const auto& [version, count] : answers) {
    const double share =
        static_cast<double>(count) / static_cast<double>(std::max<int64_t>(1, queries));
    for (ExperimentReport& experiment : report.experiments) {
      if (experiment.candidate == version) experiment.largest_share = share;
    }
    if (PlantedReport* planted = FindPlanted(version)) {
      planted->largest_share = std::max(planted->largest_share, share);
    }
  }
}

absl::Status Wheel::Curate(const std::string& dataset, bool skip_review, RevolutionReport& report) {
  options_.progress("building dataset version " + dataset);
  return curator_.BuildDataset(dataset, commit_token_, skip_review, report);
}

absl::StatusOr<TrainedModel> Wheel::Train(const std::string& dataset, const std::string& version,
                                          RevolutionReport& report) {
  options_.progress("training " + version);
  // Days are minutes here: the wheel may train as soon as half a slice of new data is there.
  const auto enough = static_cast<int64_t>(
      traffic_.slices.empty() ? 1 : std::max<size_t>(1, traffic_.slices[0].size() / 2));
  const auto opened = curator_.OpenTrainingRun("run-" + version, dataset, enough);
  report.trigger = opened.ok() ? *opened : errors::MessageOf(opened.status());
  RETURN_IF_ERROR(opened.status());
  ASSIGN_OR_RETURN(TrainedModel trained, trainer_.TrainOpenRun(version));
  report.training_seconds = trained.seconds;
  return trained;
}

absl::Status Wheel::JudgeCandidate(const TrainedModel& trained, RevolutionReport& report) {
  agent_.Deploy(trained.version, {trained.model, 1});
  accuracy_[trained.version] = Accuracy(*trained.model);
  ASSIGN_OR_RETURN(GateReport verdict, Judge(trained.version));
  if (verdict.decision == "PASS") {
    // An older candidate that still waits would only cost traffic; a planted one has to be caught.
    std::erase_if(waiting_, [this](const Candidate& candidate) {
      return FindPlanted(candidate.version) == nullptr;
    });
    waiting_.push_back({trained.version, "experiment-" + trained.version});
  }
  report.gate.push_back(std::move(verdict));
  return absl::OkStatus();
}

absl::Status Wheel::PlantMislabelled(int number, RevolutionReport& report) {
  const std::string version = fmt::format("{}{}-mislabelled", Name("v"), number);
  options_.progress("training the planted candidate " + version);
  ASSIGN_OR_RETURN(std::vector<TrainingExample> examples,
                   trainer_.Download(report.dataset_version));
  Random random(static_cast<uint64_t>(number));
  for (TrainingExample& example : examples) {
    if (!random.Chance(kMislabelledShare)) continue;
    const std::string truth = example.intent;
    while (example.intent == truth) {
      example.intent = traffic_.intents[random.Below(traffic_.intents.size())];
    }
  }
  ASSIGN_OR_RETURN(const TrainedModel trained, trainer_.TrainOn(examples, version));
  // Against a first version that knows nothing, even this one would be progress.
  if (Accuracy(*trained.model) > kHarmByLabels * accuracy_.at(active_)) return absl::OkStatus();
  // What the gate lets through gets its experiment like any other.
  return JudgePlanted(planted_[0], {version, trained.model}, 1,
                      "passed by the gate: nobody noticed", report);
}

absl::Status Wheel::PlantSkewed(const TrainedModel& genuine, RevolutionReport& report) {
  return JudgePlanted(planted_[1], {genuine.version + "-skewed", genuine.model}, kSkewedTextShare,
                      "passed the gate, waits for its experiment", report);
}

absl::Status Wheel::JudgePlanted(PlantedReport& planted, const TrainedModel& trained,
                                 double text_share, const std::string& outcome_of_pass,
                                 RevolutionReport& report) {
  const std::string& version = trained.version;
  agent_.Deploy(version, {trained.model, text_share});
  ASSIGN_OR_RETURN(GateReport verdict, Judge(version));
  planted.candidate = version;
  planted.stopped = verdict.decision != "PASS";
  planted.outcome = planted.stopped ? "stopped by the gate: " + verdict.decision : outcome_of_pass;
  if (!planted.stopped) {
    waiting_.insert(waiting_.begin(), {version, "experiment-" + version});
  }
  report.gate.push_back(std::move(verdict));
  return absl::OkStatus();
}

absl::StatusOr<double> Wheel::MeasureUnfiltered() {
  RevolutionReport unused;
  RETURN_IF_ERROR(Curate(Name("dataset-unfiltered"), /*skip_review=*/true, unused));
  options_.progress("training without the label review");
  ASSIGN_OR_RETURN(const std::vector<TrainingExample> examples,
                   trainer_.Download(unused.dataset_version));
  ASSIGN_OR_RETURN(const TrainedModel trained, trainer_.TrainOn(examples, Name("unfiltered")));
  RemoveRetiredModels();
  return Accuracy(*trained.model);
}

}  // namespace flywheel::example
