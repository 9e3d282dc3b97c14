#include "eval_gate_service/rpc/policy_convert.h"

#include <set>
#include <string>

#include "eval_gate_service/rpc/evaluator_convert.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::evalgate {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(RepeatRule::kMean) == v1::REPEAT_RULE_MEAN);
static_assert(static_cast<int>(RepeatRule::kAll) == v1::REPEAT_RULE_ALL);
static_assert(static_cast<int>(RepeatRule::kAny) == v1::REPEAT_RULE_ANY);

Bar FromProto(const v1::Bar& proto) {
  // What is not set keeps the default of Bar.
  Bar bar;
  if (proto.has_pass_rate_floor()) bar.pass_rate_floor = proto.pass_rate_floor();
  bar.cohort_floors.insert(proto.cohort_floors().begin(), proto.cohort_floors().end());
  if (proto.has_non_inferiority_margin()) {
    bar.non_inferiority_margin = proto.non_inferiority_margin();
  }
  if (proto.has_alpha()) bar.alpha = proto.alpha();
  if (proto.has_min_cohort_cases()) bar.min_cohort_cases = proto.min_cohort_cases();
  if (proto.has_cohort_margin()) bar.cohort_margin = proto.cohort_margin();
  if (proto.has_cohort_margin_cases()) bar.cohort_margin_cases = proto.cohort_margin_cases();
  if (proto.has_least_cases()) bar.least_cases = proto.least_cases();
  if (proto.repeat_rule() != v1::REPEAT_RULE_UNSPECIFIED) {
    bar.repeat_rule = static_cast<RepeatRule>(proto.repeat_rule());
  }
  if (proto.has_least_attempts()) bar.least_attempts = proto.least_attempts();
  if (proto.has_point_floor()) bar.point_floor = proto.point_floor();
  bar.evaluators = FromProto(proto.evaluators());
  const std::set<std::string> labels(proto.cohort_labels().begin(), proto.cohort_labels().end());
  bar.cohort_labels.assign(labels.begin(), labels.end());
  return bar;
}

ReleasePolicy FromProto(const v1::ReleasePolicy& proto) {
  ReleasePolicy policy;
  policy.agent = proto.agent();
  policy.policy_version = proto.policy_version();
  for (const v1::SuiteRequirement& one : proto.suites()) {
    SuiteRequirement& suite =
        policy.suites.emplace_back(SuiteRequirement{one.suite_name(), FromProto(one.bar())});
    if (one.has_most_infrastructure_errors()) {
      suite.most_infrastructure_errors = one.most_infrastructure_errors();
    }
  }
  // In one order, so that equal lists are equal.
  const std::set<std::string> judges(proto.judges().begin(), proto.judges().end());
  policy.judges.assign(judges.begin(), judges.end());
  policy.baseline_model_version = proto.baseline_model_version();
  policy.reference_model_version = proto.reference_model_version();
  policy.reason = proto.reason();
  policy.labels.insert(proto.labels().begin(), proto.labels().end());
  return policy;
}

BaselineApproval FromProto(const v1::BaselineApproval& proto) {
  BaselineApproval approval{proto.approval_id(), proto.agent(), proto.model_version(),
                            proto.reason()};
  approval.labels.insert(proto.labels().begin(), proto.labels().end());
  return approval;
}

VerdictWaiver FromProto(const v1::VerdictWaiver& proto) {
  VerdictWaiver waiver;
  waiver.waiver_id = proto.waiver_id();
  waiver.agent = proto.agent();
  waiver.model_version = proto.model_version();
  waiver.suite_names.assign(proto.suite_names().begin(), proto.suite_names().end());
  waiver.owner = proto.owner();
  waiver.reason = proto.reason();
  waiver.expire_time = rpc::FromProto(proto.expire_time());
  waiver.labels.insert(proto.labels().begin(), proto.labels().end());
  return waiver;
}

void ToProto(const Bar& bar, v1::Bar* proto) {
  proto->set_pass_rate_floor(bar.pass_rate_floor);
  proto->mutable_cohort_floors()->insert(bar.cohort_floors.begin(), bar.cohort_floors.end());
  proto->set_non_inferiority_margin(bar.non_inferiority_margin);
  proto->set_alpha(bar.alpha);
  proto->set_min_cohort_cases(static_cast<int32_t>(bar.min_cohort_cases));
  proto->set_cohort_margin(bar.cohort_margin);
  proto->set_cohort_margin_cases(static_cast<int32_t>(bar.cohort_margin_cases));
  proto->set_least_cases(bar.least_cases);
  proto->set_repeat_rule(static_cast<v1::RepeatRule>(bar.repeat_rule));
  proto->set_least_attempts(bar.least_attempts);
  if (bar.point_floor > 0) proto->set_point_floor(bar.point_floor);
  ToProto(bar.evaluators, proto->mutable_evaluators());
  for (const std::string& name : bar.cohort_labels) proto->add_cohort_labels(name);
}

void ToProto(const ReleasePolicy& policy, v1::ReleasePolicy* proto) {
  proto->set_agent(policy.agent);
  proto->set_policy_version(policy.policy_version);
  for (const SuiteRequirement& one : policy.suites) {
    v1::SuiteRequirement* const suite = proto->add_suites();
    suite->set_suite_name(one.suite_name);
    ToProto(one.bar, suite->mutable_bar());
    suite->set_most_infrastructure_errors(one.most_infrastructure_errors);
  }
  for (const std::string& judge : policy.judges) proto->add_judges(judge);
  proto->set_baseline_model_version(policy.baseline_model_version);
  proto->set_reference_model_version(policy.reference_model_version);
  proto->set_reason(policy.reason);
  *proto->mutable_create_time() = rpc::ToProto(policy.create_time);
  proto->set_created_by(policy.created_by);
  proto->mutable_labels()->insert(policy.labels.begin(), policy.labels.end());
}

void ToProto(const BaselineApproval& approval, v1::BaselineApproval* proto) {
  proto->set_approval_id(approval.approval_id);
  proto->set_agent(approval.agent);
  proto->set_model_version(approval.model_version);
  proto->set_reason(approval.reason);
  proto->set_reference_model_version(approval.reference_model_version);
  *proto->mutable_create_time() = rpc::ToProto(approval.create_time);
  proto->set_created_by(approval.created_by);
  proto->mutable_labels()->insert(approval.labels.begin(), approval.labels.end());
}

void ToProto(const VerdictWaiver& waiver, v1::VerdictWaiver* proto) {
  proto->set_waiver_id(waiver.waiver_id);
  proto->set_agent(waiver.agent);
  proto->set_model_version(waiver.model_version);
  for (const std::string& name : waiver.suite_names) proto->add_suite_names(name);
  proto->set_owner(waiver.owner);
  proto->set_reason(waiver.reason);
  *proto->mutable_expire_time() = rpc::ToProto(waiver.expire_time);
  *proto->mutable_create_time() = rpc::ToProto(waiver.create_time);
  proto->set_created_by(waiver.created_by);
  proto->mutable_labels()->insert(waiver.labels.begin(), waiver.labels.end());
}

}  // namespace flywheel::evalgate
