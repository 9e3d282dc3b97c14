#include "experiment_service/exposure_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "experiment_service/ordered_commit.h"
#include "experiment_service/refusals.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/shorten.h"
#include "shared/time/stored_time.h"
#include "shared/time/time_text.h"

namespace flywheel::experiment {
namespace {

// Between the clock of a client and ours, as FieldChecks::EventTime has it.
constexpr absl::Duration kReporterClockSkew = absl::Minutes(5);
// Of a text of a client that an error repeats.
constexpr size_t kShownArmBytes = 128;

absl::Status NotCovered(const std::string& experiment_id) {
  return errors::FailedPrecondition(
      Reason::kNotExposed, "experiment", experiment_id, "a unit that its ramp does not cover yet",
      "units that are covered: all others get the active version, and are no exposures");
}

}  // namespace

absl::StatusOr<ExposureIntake::Checked> ExposureIntake::Check(const std::string& project,
                                                              const ReportedExposure& exposure,
                                                              absl::Time now) const {
  RETURN_IF_ERROR(exposure.malformed);
  LiveExperimentPtr live = serving_->FindExperiment(project, exposure.experiment_id);
  if (live == nullptr) return NoSuchExperiment(exposure.experiment_id);
  const Experiment& experiment = live->experiment;
  const bool by_user = experiment.unit == Unit::kUser;
  const std::string& unit_id = by_user ? exposure.user_id : exposure.session_id;
  if (unit_id.empty()) {
    return errors::InvalidArgument(by_user ? "user_id" : "session_id", "nothing",
                                   fmt::format("the {}'s id, by which the experiment randomises",
                                               by_user ? "user" : "session"));
  }
  const assign::Place place = live->assignment.PlaceOf(unit_id);
  const std::string& arm_id = experiment.arms[place.arm].arm_id;
  if (arm_id != exposure.arm_id) {
    return errors::InvalidArgument(
        "arm_id", fmt::format("'{}'", Shorten(exposure.arm_id, kShownArmBytes)),
        fmt::format("'{}', the unit's arm; compute it as docs/assignment.md says", arm_id));
  }
  if (!place.covered) return NotCovered(experiment.experiment_id);
  if (exposure.expose_time < experiment.create_time - kReporterClockSkew) {
    return errors::InvalidArgument(
        "expose_time", SecondsText(exposure.expose_time),
        fmt::format("{} or later, when the experiment began", SecondsText(experiment.create_time)));
  }
  const absl::Time time = StoredTime(std::clamp(exposure.expose_time, experiment.create_time,
                                                std::max(now, experiment.create_time)));
  ExposureProof proof{live->token_key, units_->Hash(project, unit_id), place.arm, time,
                      SegmentValuesOf(experiment.plan.segments, exposure.attributes)};
  return Checked{std::move(live), std::move(proof)};
}

absl::StatusOr<OutcomeResult> ExposureIntake::Store(EvidenceWriter& writer, Checked& checked) {
  const LiveExperiment& live = *checked.live;
  const UnitKey key{live.ordinal, checked.proof.unit_hash, checked.proof.arm};
  ASSIGN_OR_RETURN(const UnitState before, writer.Find(live, key));
  if (before.exposed() && *before.expose_time <= checked.proof.expose_time) {
    checked.proof.expose_time = *before.expose_time;
    checked.proof.segments = before.segments;
    return OutcomeResult{OutcomeStatus::kReplayed, {}};
  }
  ASSIGN_OR_RETURN(const ExperimentProgress progress, writer.Progress(live));
  if (progress.stop_time) {
    return OutcomeResult{OutcomeStatus::kRejected,
                         AfterStop(live.experiment.experiment_id, *progress.stop_time)};
  }
  ASSIGN_OR_RETURN(const bool erased, writer.IsErased(key, before, checked.proof.expose_time));
  if (erased) {
    return OutcomeResult{OutcomeStatus::kRejected,
                         errors::Erased("the unit, in experiment", live.experiment.experiment_id)};
  }
  UnitState after = before;
  RETURN_IF_ERROR(writer.Expose(live, {checked.proof.expose_time, checked.proof.segments}, after));
  RETURN_IF_ERROR(writer.Put(checked.live, key, before, after));
  return OutcomeResult{OutcomeStatus::kStored, {}};
}

absl::StatusOr<std::vector<ExposureResult>> ExposureIntake::Record(
    const std::string& project, const std::vector<ReportedExposure>& exposures,
    int64_t size_bytes) {
  const absl::Time now = StoredTime(clock_->Now());
  // Hashes and seals before and after the write: the writer has other work.
  std::vector<ExposureResult> results(exposures.size());
  std::vector<std::optional<Checked>> checked(exposures.size());
  for (size_t i = 0; i < exposures.size(); ++i) {
    absl::StatusOr<Checked> one = Check(project, exposures[i], now);
    if (one.ok()) {
      checked[i] = *std::move(one);
    } else {
      results[i].result = {OutcomeStatus::kRejected, one.status()};
    }
  }
  const auto is_checked = [](const std::optional<Checked>& one) { return one.has_value(); };
  if (std::none_of(checked.begin(), checked.end(), is_checked)) return results;
  std::vector<Evidence> evidence;
  RETURN_IF_ERROR(CommitThenPublish(
      *database_, size_bytes,
      [&](sql::Connection& connection) -> absl::Status {
        EvidenceWriter writer(connection, now);
        for (size_t i = 0; i < checked.size(); ++i) {
          if (!checked[i]) continue;
          ASSIGN_OR_RETURN(results[i].result, Store(writer, *checked[i]));
        }
        ASSIGN_OR_RETURN(evidence, writer.Finish());
        return absl::OkStatus();
      },
      [&] { evidence_->Put(std::move(evidence)); }));
  for (size_t i = 0; i < checked.size(); ++i) {
    if (results[i].result.why.ok()) results[i].token = tokens_.Seal(project, checked[i]->proof);
  }
  return results;
}

}  // namespace flywheel::experiment
