#include "tests/fault/twins/fed_traffic.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

#include "shared/rpc/field_checks.h"

namespace flywheel::fault {
namespace {

namespace v1 = experiment::v1;

v1::Metric* AddGuardrail(const char* name, v1::AnalysisPlan& plan) {
  v1::Metric* metric = plan.add_guardrails();
  metric->set_name(name);
  metric->set_left_out(true);
  metric->set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  return metric;
}

}  // namespace

v1::CreateExperimentRequest FedExperimentOf(const std::string& name) {
  v1::CreateExperimentRequest request = ExperimentOf(name);
  v1::AnalysisPlan& plan = *request.mutable_plan();
  plan.mutable_primary()->set_name("thumbs");
  plan.mutable_primary()->mutable_source()->mutable_signal()->add_kinds(v1::SIGNAL_KIND_THUMBS_UP);
  v1::SignalOutcome& escalated =
      *AddGuardrail("escalated", plan)->mutable_source()->mutable_signal();
  escalated.add_kinds(v1::SIGNAL_KIND_ESCALATION);
  escalated.set_every_interaction(true);
  v1::Metric& latency = *AddGuardrail("latency", plan);
  latency.set_aggregation(v1::AGGREGATION_SUM);
  latency.mutable_source()->set_number(v1::INTERACTION_NUMBER_LATENCY_SECONDS);
  return request;
}

ingest::v1::Interaction AnswerTo(const std::string& agent, const Unit& unit, int64_t number,
                                 absl::Time now) {
  ingest::v1::Interaction interaction;
  interaction.set_interaction_id(fmt::format("{}-{}", agent, number));
  interaction.set_agent(agent);
  interaction.set_user_id(unit.id);
  interaction.set_session_id("session of " + unit.id);
  interaction.set_model_version(unit.arm == "control" ? "v1" : "v2");
  interaction.set_assignment_token(unit.token);
  interaction.set_input("where is my card");
  interaction.set_output("on its way");
  *interaction.mutable_start_time() = rpc::ToProto(now);
  interaction.mutable_latency()->set_seconds(2);
  return interaction;
}

ingest::v1::Signal ThumbAbout(const ingest::v1::Interaction& interaction, bool up, absl::Time now) {
  ingest::v1::Signal signal;
  signal.set_signal_id("thumb-" + interaction.interaction_id());
  signal.set_interaction_id(interaction.interaction_id());
  signal.set_actor(ingest::v1::ACTOR_USER);
  signal.mutable_thumbs()->set_up(up);
  *signal.mutable_event_time() = rpc::ToProto(now);
  return signal;
}

ingest::v1::Interaction HurriedTraffic::NewInteraction(const Unit& unit, absl::Time now) {
  ingest::v1::Interaction interaction = AnswerTo(kHurried, unit, next_interaction_++, now);
  if (random_->Chance(0.03)) interaction.set_model_version("v0");
  // From a millisecond to a quarter of an hour, so that a sum of doubles would depend on its order.
  *interaction.mutable_latency() =
      rpc::ToProto(absl::Seconds(std::pow(10, 6 * random_->Uniform() - 3)));
  return interaction;
}

void HurriedTraffic::Say(ingest::v1::Signal& signal) {
  switch (random_->Below(4)) {
    case 0:
      signal.mutable_escalation();
      break;
    case 1:
      // No outcome comes of it: what the signal said before counts no more.
      signal.mutable_copy();
      break;
    default:
      signal.mutable_thumbs()->set_up(random_->Chance(0.5));
  }
}

void HurriedTraffic::Point(ingest::v1::Signal& signal) {
  const ingest::v1::Interaction& about = known_[random_->Below(known_.size())];
  if (random_->Chance(0.3)) {
    signal.set_session_id(about.session_id());
  } else {
    signal.set_interaction_id(about.interaction_id());
  }
}

ingest::v1::Signal HurriedTraffic::NewSignal(absl::Time now) {
  ingest::v1::Signal signal;
  signal.set_signal_id(fmt::format("signal-{}", signals_.size()));
  signal.set_actor(ingest::v1::ACTOR_USER);
  *signal.mutable_event_time() = rpc::ToProto(now);
  Say(signal);
  Point(signal);
  signals_.push_back(signal);
  return signal;
}

ingest::v1::Signal HurriedTraffic::Revision(absl::Time now) {
  ingest::v1::Signal& signal = signals_[random_->Below(signals_.size())];
  signal.set_revision(signal.revision() + 1);
  *signal.mutable_event_time() = rpc::ToProto(now);
  Say(signal);
  if (random_->Chance(0.3)) Point(signal);
  return signal;
}

std::vector<FeedRecord> HurriedTraffic::Draw(const std::vector<Unit>& assigned, absl::Time now) {
  std::vector<FeedRecord> records;
  for (const Unit& unit : assigned) {
    for (int answers = random_->Chance(0.5) ? 2 : 1; answers > 0; --answers) {
      known_.push_back(NewInteraction(unit, now));
      records.emplace_back(known_.back());
    }
  }
  if (known_.empty()) return records;
  for (size_t i = 0; i < 2 * assigned.size(); ++i) records.emplace_back(NewSignal(now));
  // Not of a signal that is still to come: of two revisions the newer one is sent later.
  random_->Shuffle(records);
  for (size_t i = 0; i < assigned.size(); ++i) records.emplace_back(Revision(now));
  // As clients do that do not know whether they were heard.
  for (size_t i = 0; i < 4 && !sent_.empty(); ++i) {
    records.push_back(sent_[random_->Below(sent_.size())]);
  }
  sent_.insert(sent_.end(), records.begin(), records.end());
  return records;
}

}  // namespace flywheel::fault
