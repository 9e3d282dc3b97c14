// Values of ramps: steps, state and events.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RAMP_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RAMP_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "shared/status/reason.h"

namespace flywheel::experiment {

// The numbers of both enums are those of the contract and are stored. A ramp whose experiment was
// stopped keeps the phase that it had: that it is over says the experiment.
enum class RampPhase { kClimbing = 1, kHolding = 2, kPaused = 3, kArrived = 4 };
enum class RampEventKind {
  kStarted = 1,
  kStepped = 2,
  kHeld = 3,
  kReleased = 4,
  kPaused = 5,
  kResumed = 6,
  kAdvanced = 7,
  kPromoted = 8,
  kPromotionRefused = 9,
  kRolledBack = 10,
  kStoppedFutile = 11,
  kEnded = 12,
};

// Such as "STEPPED".
const char* RampEventName(RampEventKind kind);

// How much of the traffic an experiment takes, until when.
struct RampStep {
  // Of the units; above 0, at most 1.
  double coverage = 1;
  // How long it lasts at least,
  absl::Duration min_duration = absl::ZeroDuration();
  // and how many units count since the experiment began, before the next one.
  int64_t min_units = 0;
};

// Where a ramp stands.
struct RampState {
  size_t step = 0;
  // Since when the step's min_duration counts.
  absl::Time step_time;
  RampPhase phase = RampPhase::kClimbing;
  // For people.
  std::string message;
};

// What an experiment does by itself. Only its state changes.
struct Ramp {
  // 1 to 10, each with a greater coverage than the one before.
  std::vector<RampStep> steps;
  // Whether a SHIP that stands is promoted.
  bool promote = false;
  RampState state = {};

  double coverage() const { return steps[state.step].coverage; }
  bool at_last_step() const { return state.step + 1 == steps.size(); }
};

// Something that happened to a ramp.
struct RampEvent {
  RampEventKind kind = RampEventKind::kStarted;
  absl::Time time;
  size_t from_step = 0;
  size_t to_step = 0;
  // The experiment's decision that caused it; 0 where none did.
  int64_t decision = 0;
  // Of a promotion that was refused.
  Reason reason = Reason::kUnspecified;
  // The id of a key, or kRampKeyId.
  std::string key_id = {};
  // Who answers for it, where it did not happen by itself.
  std::string owner = {};
  std::string message = {};
  // Its sequence, from 1; not looked at where it is stored. Named as lists name it.
  int64_t ordinal = 0;
};

// In the place of a key's id, and of a call's method: it happened by itself.
inline constexpr char kRampKeyId[] = "ramp";
inline constexpr char kRampMethod[] = "Ramp";

// The changes of a state. Each returns what happened, whose key, owner and, where it is not the
// state's, message are the caller's to say.

// A ramp that begins.
RampEvent StartRamp(Ramp& ramp, absl::Time now);
// To a later step. One that is paused or holds stays so.
RampEvent GoToStep(Ramp& ramp, size_t step, RampEventKind kind, absl::Time now);
// From holding or a pause: the step counts anew.
RampEvent GoOn(Ramp& ramp, RampEventKind kind, absl::Time now);
// Into `phase`, because of `message`.
RampEvent Interrupt(Ramp& ramp, RampPhase phase, RampEventKind kind, std::string message,
                    absl::Time now);
// Of what leaves the step as it is.
RampEvent EventOf(const Ramp& ramp, RampEventKind kind, std::string message, absl::Time now);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_RAMP_H_
