#include "experiment_service/domain/ramp.h"

#include <fmt/format.h>

#include <utility>

namespace flywheel::experiment {
namespace {

// "step 2 of 4, 10 % of the units; the next one after 1h of it and 500 units"
std::string DescribeStep(const Ramp& ramp) {
  const RampStep& step = ramp.steps[ramp.state.step];
  const std::string head = fmt::format("step {} of {}, {:.3g} % of the units", ramp.state.step + 1,
                                       ramp.steps.size(), 100 * step.coverage);
  if (ramp.at_last_step()) return head + ", the last one";
  // Whichever of the two is set; validation asks for one.
  std::string after;
  if (step.min_duration > absl::ZeroDuration()) {
    after = absl::FormatDuration(step.min_duration) + " of it";
  }
  if (step.min_units > 0) {
    after += fmt::format("{}{} units", after.empty() ? "" : " and ", step.min_units);
  }
  return fmt::format("{}; the next one after {}", head, after);
}

// What a ramp is that nothing holds up.
void Run(Ramp& ramp, absl::Time now) {
  ramp.state.step_time = now;
  ramp.state.phase = ramp.at_last_step() ? RampPhase::kArrived : RampPhase::kClimbing;
  ramp.state.message = DescribeStep(ramp);
}

}  // namespace

const char* RampEventName(RampEventKind kind) {
  switch (kind) {
    case RampEventKind::kStarted:
      return "STARTED";
    case RampEventKind::kStepped:
      return "STEPPED";
    case RampEventKind::kHeld:
      return "HELD";
    case RampEventKind::kReleased:
      return "RELEASED";
    case RampEventKind::kPaused:
      return "PAUSED";
    case RampEventKind::kResumed:
      return "RESUMED";
    case RampEventKind::kAdvanced:
      return "ADVANCED";
    case RampEventKind::kPromoted:
      return "PROMOTED";
    case RampEventKind::kPromotionRefused:
      return "PROMOTION_REFUSED";
    case RampEventKind::kRolledBack:
      return "ROLLED_BACK";
    case RampEventKind::kStoppedFutile:
      return "STOPPED_FUTILE";
    case RampEventKind::kEnded:
      break;
  }
  return "ENDED";
}

RampEvent EventOf(const Ramp& ramp, RampEventKind kind, std::string message, absl::Time now) {
  RampEvent event;
  event.kind = kind;
  event.time = now;
  event.from_step = ramp.state.step;
  event.to_step = ramp.state.step;
  event.message = std::move(message);
  return event;
}

RampEvent StartRamp(Ramp& ramp, absl::Time now) {
  ramp.state.step = 0;
  Run(ramp, now);
  return EventOf(ramp, RampEventKind::kStarted, ramp.state.message, now);
}

RampEvent GoToStep(Ramp& ramp, size_t step, RampEventKind kind, absl::Time now) {
  RampEvent event = EventOf(ramp, kind, "", now);
  event.to_step = step;
  ramp.state.step = step;
  const bool runs =
      ramp.state.phase == RampPhase::kClimbing || ramp.state.phase == RampPhase::kArrived;
  if (runs) {
    Run(ramp, now);
  } else {
    ramp.state.step_time = now;
  }
  event.message = DescribeStep(ramp);
  return event;
}

RampEvent GoOn(Ramp& ramp, RampEventKind kind, absl::Time now) {
  Run(ramp, now);
  return EventOf(ramp, kind, ramp.state.message, now);
}

RampEvent Interrupt(Ramp& ramp, RampPhase phase, RampEventKind kind, std::string message,
                    absl::Time now) {
  ramp.state.phase = phase;
  ramp.state.message = message;
  return EventOf(ramp, kind, std::move(message), now);
}

}  // namespace flywheel::experiment
