#include "experiment_service/rpc/convert_ramp.h"

#include <cstdint>

#include "shared/rpc/field_checks.h"

namespace flywheel::experiment {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(RampPhase::kClimbing) == v1::RAMP_PHASE_CLIMBING);
static_assert(static_cast<int>(RampPhase::kHolding) == v1::RAMP_PHASE_HOLDING);
static_assert(static_cast<int>(RampPhase::kPaused) == v1::RAMP_PHASE_PAUSED);
static_assert(static_cast<int>(RampPhase::kArrived) == v1::RAMP_PHASE_ARRIVED);
static_assert(static_cast<int>(RampEventKind::kStarted) == v1::RAMP_EVENT_KIND_STARTED);
static_assert(static_cast<int>(RampEventKind::kStepped) == v1::RAMP_EVENT_KIND_STEPPED);
static_assert(static_cast<int>(RampEventKind::kHeld) == v1::RAMP_EVENT_KIND_HELD);
static_assert(static_cast<int>(RampEventKind::kReleased) == v1::RAMP_EVENT_KIND_RELEASED);
static_assert(static_cast<int>(RampEventKind::kPaused) == v1::RAMP_EVENT_KIND_PAUSED);
static_assert(static_cast<int>(RampEventKind::kResumed) == v1::RAMP_EVENT_KIND_RESUMED);
static_assert(static_cast<int>(RampEventKind::kAdvanced) == v1::RAMP_EVENT_KIND_ADVANCED);
static_assert(static_cast<int>(RampEventKind::kPromoted) == v1::RAMP_EVENT_KIND_PROMOTED);
static_assert(static_cast<int>(RampEventKind::kPromotionRefused) ==
              v1::RAMP_EVENT_KIND_PROMOTION_REFUSED);
static_assert(static_cast<int>(RampEventKind::kRolledBack) == v1::RAMP_EVENT_KIND_ROLLED_BACK);
static_assert(static_cast<int>(RampEventKind::kStoppedFutile) ==
              v1::RAMP_EVENT_KIND_STOPPED_FUTILE);
static_assert(static_cast<int>(RampEventKind::kEnded) == v1::RAMP_EVENT_KIND_ENDED);

}  // namespace

Ramp FromProto(const v1::Ramp& proto) {
  Ramp ramp;
  for (const v1::RampStep& step : proto.steps()) {
    ramp.steps.push_back({step.coverage(), rpc::FromProto(step.min_duration()), step.min_units()});
  }
  ramp.promote = proto.promote();
  return ramp;
}

void ToProto(const Ramp& ramp, v1::Ramp* proto) {
  for (const RampStep& step : ramp.steps) {
    v1::RampStep* added = proto->add_steps();
    added->set_coverage(step.coverage);
    *added->mutable_min_duration() = rpc::ToProto(step.min_duration);
    added->set_min_units(step.min_units);
  }
  proto->set_promote(ramp.promote);
}

void ToProto(const Experiment& experiment, v1::RampState* proto) {
  const RampState& state = experiment.ramp->state;
  const bool ended = experiment.state == State::kStopped;
  proto->set_step(static_cast<int32_t>(state.step));
  proto->set_coverage(experiment.coverage());
  *proto->mutable_step_time() = rpc::ToProto(state.step_time);
  proto->set_phase(ended ? v1::RAMP_PHASE_ENDED : static_cast<v1::RampPhase>(state.phase));
  proto->set_message(ended ? experiment.stop_reason : state.message);
}

void ToProto(const RampEvent& event, v1::RampEvent* proto) {
  proto->set_sequence(event.ordinal);
  proto->set_kind(static_cast<v1::RampEventKind>(event.kind));
  *proto->mutable_event_time() = rpc::ToProto(event.time);
  proto->set_from_step(static_cast<int32_t>(event.from_step));
  proto->set_to_step(static_cast<int32_t>(event.to_step));
  proto->set_decision(event.decision);
  proto->set_key_id(event.key_id);
  proto->set_owner(event.owner);
  proto->set_message(event.message);
}

}  // namespace flywheel::experiment
