// Conversions between the messages of flywheel.evalgate.v1 and the gate's values.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_CONVERT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_CONVERT_H_

#include "absl/status/status.h"
#include "eval_gate_service/case_results.h"
#include "eval_gate_service/domain/ship_decision.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/judged_question.h"
#include "eval_gate_service/suite_catalog.h"
#include "eval_gate_service/verdict_replayer.h"
#include "flywheel/evalgate/v1/eval_gate_service.pb.h"

namespace flywheel::evalgate {

// Requests, which must have passed validation. Fills in every default of the bar, and the name of a
// suite.
SuiteRequest FromProto(const v1::CreateSuiteRequest& request);
SuiteFilter FromProto(const v1::ListSuitesRequest& request);
VerdictRequest FromProto(const v1::JudgeVersionRequest& request);
// Without its place: where a page begins, its token says.
CaseResultQuery FromProto(const v1::ListCaseResultsRequest& request);
VerdictFilter FromProto(const v1::ListVerdictsRequest& request);
ShipQuestion FromProto(const v1::GetShipDecisionRequest& request);

// Answers. A case keeps its ideal output for itself.
void ToProto(const Suite& suite, v1::Suite* proto);
// INTERNAL where a stored question is not what was stored.
absl::Status ToProto(const SuiteCase& suite_case, v1::SuiteCase* proto);
void ToProto(const CaseResult& result, bool with_ideal, v1::CaseResult* proto);
void ToProto(const Verdict& verdict, v1::Verdict* proto);
void ToProto(const ExplainedVerdict& explained, v1::ExplainVerdictResponse* proto);
void ToProto(const VerdictReplay& replay, v1::ReplayVerdictResponse* proto);
void ToProto(const ShipDecision& decision, v1::GetShipDecisionResponse* proto);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_CONVERT_H_
