// Assigner: which model version serves a user or a session, from memory alone.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNER_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/assignment_tokens.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/segments.h"
#include "experiment_service/exposure_recorder.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/unit_hasher.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Who is to be served. One of the two ids at least.
struct Visitor {
  std::string user_id;
  std::string session_id;
  // What the client says of them; what the plan's segments do not name is not looked at.
  Attributes attributes = {};

  // The id that an experiment randomises by; may be empty.
  const std::string& IdOf(Unit unit) const { return unit == Unit::kUser ? user_id : session_id; }
};

// Who is to be served, and by which agent.
struct Visit {
  std::string agent;
  Visitor visitor;
};

// The version to serve, and what decided it.
struct AssignedVersion {
  std::string model_version;
  // These are empty where the active version serves.
  std::string experiment_id;
  std::string arm_id;
  std::string token;
  // True where one runs and its coverage leaves this visitor out.
  bool not_covered = false;
  // What the running experiment randomises by; nothing where none runs, or not for this visitor.
  std::optional<Unit> unit;
};

// Deals users or sessions to versions, from memory alone. Thread-safe.
class Assigner {
 public:
  // All pointers outlive this object.
  Assigner(const ServingCache* serving, ExposureRecorder* exposures, const UnitHasher* units,
           const Clock* clock)
      : serving_(serving), exposures_(exposures), units_(units), tokens_(units), clock_(clock) {}

  // The same arm for the same unit as long as an experiment runs, else the active version; that one
  // too for a visitor without an id of the kind that the experiment randomises by, and for one that
  // its coverage leaves out. NOT_FOUND for an agent with neither.
  absl::StatusOr<AssignedVersion> Assign(const std::string& project, const std::string& agent,
                                         const Visitor& visitor);

  // The same for many, in their order: one look at each run of visits of one agent, one time and
  // one lock for the exposures of all. NOT_FOUND where an agent has neither: then nobody of them
  // was exposed.
  absl::StatusOr<std::vector<AssignedVersion>> AssignAll(const std::string& project,
                                                         const std::vector<Visit>& visits);

 private:
  // What a visitor gets of an agent, and the exposure that it is, at the end of `exposures`.
  AssignedVersion Deal(const std::string& project, const Serving& serving, const Visitor& visitor,
                       absl::Time now, std::vector<ExposureRecorder::Exposure>& exposures) const;

  const ServingCache* const serving_;
  ExposureRecorder* const exposures_;
  const UnitHasher* const units_;
  const AssignmentTokens tokens_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_ASSIGNER_H_
