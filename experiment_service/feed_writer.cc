#include "experiment_service/feed_writer.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "absl/strings/ascii.h"
#include "experiment_service/domain/unit_state.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr char kStored[] = "stored";
constexpr char kRetracted[] = "retracted";
constexpr char kUnknownToken[] = "unknown_token";
constexpr char kInvalidArgument[] = "invalid_argument";
constexpr char kAlreadyEnded[] = "already_ended";

std::string CountName(const absl::Status& why) {
  return absl::AsciiStrToLower(std::string(ReasonName(errors::ReasonOf(why))));
}

bool CanCount(double value) { return std::isfinite(value) && std::abs(value) <= kLargestValue; }

}  // namespace

absl::Status FeedWriter::Apply(const FeedRecord& record) {
  return std::visit([&](const auto& content) { return Apply(record, content); }, record.record);
}

absl::StatusOr<FeedEffects> FeedWriter::Finish() {
  for (const auto& [project, batch] : batches_) {
    ASSIGN_OR_RETURN(std::vector<Evidence> changed, batch->Finish());
    for (Evidence& evidence : changed) effects_.evidence.push_back(std::move(evidence));
  }
  return std::move(effects_);
}

absl::Status FeedWriter::Apply(const FeedRecord& record, const ServedInteraction& served) {
  // 1. Whose it is. Most interactions are served under no experiment.
  if (served.assignment_token.empty()) return absl::OkStatus();
  const std::optional<ExposureProof> proof = tokens_.Open(record.project, served.assignment_token);
  const LiveExperimentPtr live =
      proof ? serving_.FindByTokenKey(record.project, proof->experiment) : nullptr;
  if (live == nullptr || proof->arm >= live->experiment.arms.size()) {
    ++effects_.counts[kUnknownToken];
    return absl::OkStatus();
  }
  const FedUnit unit{
      live, {live->ordinal, proof->unit_hash, proof->arm}, {proof->expose_time, proof->segments}};
  OutcomeBatch& batch = BatchOf(record.project);
  ASSIGN_OR_RETURN(const ExperimentProgress progress, batch.Progress(*live));
  if (progress.stop_time && *progress.stop_time < keep_since_) return absl::OkStatus();
  // 2. On record, so that its signals find it, and an erasure its unit. The token is younger than
  // the question that it was made for, so the answer is younger than the token.
  const FedInteraction interaction{
      served.interaction_id,
      record.sequence,
      SessionHash(record.project, served.session_id),
      live->ordinal,
      proof->unit_hash,
      proof->arm,
      proof->expose_time,
      std::max(served.answer_time, proof->expose_time),
      served.model_version,
  };
  RETURN_IF_ERROR(interactions_.Put(record.project, interaction));
  if (progress.stop_time) {
    if (live->experiment.plan.HasSource()) ++effects_.counts[kAlreadyEnded];
    return absl::OkStatus();
  }
  // 3. What it says.
  RETURN_IF_ERROR(batch.Expose(unit));
  RETURN_IF_ERROR(TakeSignals(record.project, interaction));
  return Settle(record.project, served.interaction_id, &served);
}

absl::Status FeedWriter::Apply(const FeedRecord& record, const FeedSignal& signal) {
  const std::string& project = record.project;
  ASSIGN_OR_RETURN(const std::optional<FedSignal> known, signals_.Find(project, signal.signal_id));
  // An older revision is old news, and one that was read before changes nothing.
  if (known && known->signal.revision >= signal.revision) return absl::OkStatus();
  if (IsWanted(project, signal)) {
    FedSignal stored{signal, record.sequence, SessionHash(project, signal.session_id), 0, now_};
    stored.signal.session_id.clear();
    RETURN_IF_ERROR(Direct(project, stored));
    const LiveExperimentPtr live = serving_.FindByOrdinal(stored.experiment);
    std::optional<absl::Time> stop_time;
    if (live != nullptr) {
      ASSIGN_OR_RETURN(const ExperimentProgress progress, BatchOf(project).Progress(*live));
      stop_time = progress.stop_time;
    }
    if (stop_time) {
      ++effects_.counts[kAlreadyEnded];
      if (known) RETURN_IF_ERROR(signals_.Remove(project, signal.signal_id));
    } else {
      RETURN_IF_ERROR(signals_.Put(project, stored));
      RETURN_IF_ERROR(Settle(project, stored.signal.interaction_id));
      if (known && known->signal.interaction_id == stored.signal.interaction_id) {
        return absl::OkStatus();
      }
    }
  } else if (known) {
    RETURN_IF_ERROR(signals_.Remove(project, signal.signal_id));
  }
  // What it was about before, or what it said of it, counts no more.
  return known ? Settle(project, known->signal.interaction_id) : absl::OkStatus();
}

OutcomeBatch& FeedWriter::BatchOf(const std::string& project) {
  const auto [found, is_new] = batches_.try_emplace(project);
  if (is_new) {
    found->second =
        std::make_unique<OutcomeBatch>(connection_, found->first, serving_, units_, now_);
  }
  return *found->second;
}

std::optional<FedUnit> FeedWriter::UnitOf(const FedInteraction& interaction) const {
  LiveExperimentPtr live = serving_.FindByOrdinal(interaction.experiment);
  if (live == nullptr) return std::nullopt;
  return FedUnit{std::move(live),
                 {interaction.experiment, interaction.unit_hash, interaction.arm},
                 // It is exposed already, with its segments.
                 {interaction.expose_time}};
}

bool FeedWriter::IsWanted(const std::string& project, const FeedSignal& signal) const {
  const std::vector<LiveExperimentPtr> running = serving_.Running();
  return std::any_of(running.begin(), running.end(), [&](const LiveExperimentPtr& live) {
    const std::vector<Metric>& metrics = live->experiment.plan.metrics;
    return live->project == project &&
           std::any_of(metrics.begin(), metrics.end(), [&](const Metric& metric) {
             return metric.source && metric.source->ValueOf(signal).has_value();
           });
  });
}

std::string FeedWriter::SessionHash(const std::string& project,
                                    const std::string& session_id) const {
  return session_id.empty() ? "" : units_.Hash(project, session_id);
}

absl::Status FeedWriter::TakeSignals(const std::string& project,
                                     const FedInteraction& interaction) {
  ASSIGN_OR_RETURN(std::vector<FedSignal> waiting,
                   signals_.ForInteraction(project, interaction.interaction_id, kMaxSignals));
  for (FedSignal& signal : waiting) {
    if (signal.experiment == interaction.experiment) continue;
    signal.experiment = interaction.experiment;
    RETURN_IF_ERROR(signals_.Put(project, signal));
  }
  if (interaction.session_hash.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const FeedStore::Span span, interactions_.SpanInSession(project, interaction));
  ASSIGN_OR_RETURN(const std::vector<std::string> touched,
                   signals_.Redirect(project, interaction, span.from, span.until, kMaxSignals));
  for (const std::string& other : touched) RETURN_IF_ERROR(Settle(project, other));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> FeedWriter::Redirect(const std::string& project,
                                                              const std::string& session_hash) {
  std::vector<std::string> touched;
  ASSIGN_OR_RETURN(std::vector<FedSignal> signals,
                   signals_.OfSession(project, session_hash, kMaxSignals));
  for (FedSignal& signal : signals) {
    const std::string before = signal.signal.interaction_id;
    RETURN_IF_ERROR(Direct(project, signal));
    if (signal.signal.interaction_id == before) continue;
    RETURN_IF_ERROR(signals_.Put(project, signal));
    touched.push_back(before);
    touched.push_back(signal.signal.interaction_id);
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  return touched;
}

absl::Status FeedWriter::Direct(const std::string& project, FedSignal& signal) {
  std::optional<FedInteraction> target;
  if (signal.session_hash.empty()) {
    ASSIGN_OR_RETURN(target, interactions_.Find(project, signal.signal.interaction_id));
  } else {
    ASSIGN_OR_RETURN(target, interactions_.LastOfSession(project, signal.session_hash,
                                                         signal.signal.event_time));
    signal.signal.interaction_id = target ? target->interaction_id : "";
  }
  signal.experiment = target ? target->experiment : 0;
  return absl::OkStatus();
}

absl::Status FeedWriter::Settle(const std::string& project, const std::string& interaction_id,
                                const ServedInteraction* fresh) {
  ASSIGN_OR_RETURN(const std::optional<FedInteraction> interaction,
                   interactions_.Find(project, interaction_id));
  if (!interaction) return absl::OkStatus();  // Its signals wait for it.
  const std::optional<FedUnit> unit = UnitOf(*interaction);
  if (!unit) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ExperimentProgress progress, BatchOf(project).Progress(*unit->live));
  if (progress.stop_time) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<FedSignal> signals,
                   signals_.ForInteraction(project, interaction_id, kMaxSignals));
  const std::vector<Metric>& metrics = unit->live->experiment.plan.metrics;
  for (size_t i = 0; i < metrics.size(); ++i) {
    if (!metrics[i].source) continue;
    if (!metrics[i].source->comes_of_signals() && fresh == nullptr) continue;
    RETURN_IF_ERROR(SettleMetric(project, *interaction, *unit, i,
                                 Candidates(*interaction, *metrics[i].source, i, signals, fresh)));
  }
  return absl::OkStatus();
}

std::vector<FedOutcome> FeedWriter::Candidates(const FedInteraction& interaction,
                                               const OutcomeSource& source, size_t metric,
                                               const std::vector<FedSignal>& signals,
                                               const ServedInteraction* fresh) {
  std::vector<FedOutcome> candidates;
  const auto add = [&](std::optional<double> value, absl::Time event_time) {
    if (!value) return;
    candidates.push_back({FedOutcomeId(interaction.interaction_id, metric), metric, *value,
                          std::max(event_time, interaction.expose_time),
                          interaction.served_version});
  };
  for (const FedSignal& signal : signals) {
    add(source.ValueOf(signal.signal), signal.signal.event_time);
  }
  add(source.comes_of_signals() ? source.ValueWithoutSignal() : source.ValueOf(*fresh),
      interaction.event_time);
  return candidates;
}

absl::Status FeedWriter::SettleMetric(const std::string& project, const FedInteraction& interaction,
                                      const FedUnit& unit, size_t metric,
                                      const std::vector<FedOutcome>& candidates) {
  OutcomeBatch& batch = BatchOf(project);
  for (const FedOutcome& outcome : candidates) {
    if (!CanCount(outcome.value)) {
      ++effects_.counts[kInvalidArgument];
      continue;
    }
    ASSIGN_OR_RETURN(const OutcomeResult result, batch.Record(unit, outcome));
    if (result.status == OutcomeStatus::kStored) ++effects_.counts[kStored];
    if (result.why.ok()) return absl::OkStatus();
    // One that came too late takes nothing from an older one.
    ++effects_.counts[CountName(result.why)];
  }
  ASSIGN_OR_RETURN(const bool retracted,
                   batch.Retract(unit, FedOutcomeId(interaction.interaction_id, metric)));
  if (retracted) ++effects_.counts[kRetracted];
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
