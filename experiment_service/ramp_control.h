// Ramp control: what a person does to a ramp, and what happened to it.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RAMP_CONTROL_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RAMP_CONTROL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/domain/ramp.h"
#include "experiment_service/serving_cache.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Who answers for what is done to a ramp, and why.
struct RampWord {
  std::string owner;
  std::string reason;
};

// Pauses, resumes and advances ramps. Each answers with the experiment as it is then, replayed
// where what was wanted was so already. NOT_FOUND where there is no such experiment or it has no
// ramp, ALREADY_ENDED where it was stopped. Thread-safe.
class RampControl {
 public:
  // All pointers outlive this object.
  RampControl(sql::Database* database, ServingCache* serving, const Clock* clock)
      : database_(database), serving_(serving), clock_(clock) {}

  // Where it is paused already, the word that did it stays.
  absl::StatusOr<Created<Experiment>> Pause(const rpc::Actor& actor,
                                            const std::string& experiment_id, const RampWord& word);
  absl::StatusOr<Created<Experiment>> Resume(const rpc::Actor& actor,
                                             const std::string& experiment_id,
                                             const RampWord& word);
  // To the step after the one that it stands at; replayed where it is there, or beyond.
  // INVALID_ARGUMENT for a step beyond that.
  absl::StatusOr<Created<Experiment>> Advance(const rpc::Actor& actor,
                                              const std::string& experiment_id,
                                              const RampWord& word, size_t to_step);

  // Beyond a sequence; 0: from the first. A page ends early where it reaches 1 MiB. NOT_FOUND.
  absl::StatusOr<ListPage<RampEvent>> ListEvents(const std::string& project,
                                                 const std::string& experiment_id, int64_t beyond,
                                                 int64_t page_size) const;

 private:
  // What happened; nothing where what is wanted is so already.
  using Change = absl::FunctionRef<absl::StatusOr<std::optional<RampEvent>>(Ramp&, absl::Time)>;
  absl::StatusOr<Created<Experiment>> Apply(const rpc::Actor& actor,
                                            const std::string& experiment_id, const RampWord& word,
                                            Change change);

  sql::Database* const database_;
  ServingCache* const serving_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RAMP_CONTROL_H_
