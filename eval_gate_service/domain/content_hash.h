// Content hashes of suites, outputs and requests, for idempotency and the sealed bar.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONTENT_HASH_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONTENT_HASH_H_

#include <optional>
#include <string>
#include <vector>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/release_policy.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// All are SHA-256 in 32 bytes (see shared/hashing/content_hash.h), and stored: what
// goes into them, and in which order, never changes.

// Of the evaluators and the cases sorted by id. Equal hashes ask the same of a candidate, whatever
// order the cases came in.
std::string SuiteHash(const std::vector<EvaluatorSpec>& evaluators,
                      const std::vector<SuiteCase>& cases);

// Of one case, what SuiteHash has of it.
std::string CaseHash(const SuiteCase& one);

// The sealed bar: all of it, and the suite.
std::string BarHash(const Bar& bar, const std::string& suite_hash);

// Of calls in their order.
std::string CallsHash(const std::vector<ToolCall>& calls);

// Of what came for an attempt: output, calls in their order, errors, and the rest of it.
std::string OutputHash(const CaseOutput& output);

// What is the same request of evaluators in a release that defines them otherwise.
std::vector<EvaluatorSpec> WithoutVersions(std::vector<EvaluatorSpec> evaluators);

// What makes a second CreateSuite the same request.
std::string SuiteRequestHash(const std::string& dataset_version_id,
                             const std::vector<EvaluatorSpec>& evaluators,
                             const std::string& suite_name, const Labels& labels);

// What makes a second StartRun the same request.
std::string RunRequestHash(const std::string& suite_id, const std::string& model_version,
                           int attempts_per_case, const Labels& labels);

// What makes a second UploadSuite the same request; `cases_hash` is SuiteHash of what came, as
// it came.
std::string SuiteUploadHash(const std::string& agent, const std::string& suite_name,
                            const Labels& labels, const std::string& cases_hash);

// What makes a second JudgeVersion the same request.
std::string VerdictRequestHash(const std::string& suite_id, const std::string& model_version,
                               const std::string& baseline_model_version,
                               const std::optional<Bar>& bar, const Labels& labels);

// What makes a second call the same request, which names what it makes by an id.
std::string RequestHash(const ReleasePolicy& policy);
std::string RequestHash(const BaselineApproval& approval);
std::string RequestHash(const VerdictWaiver& waiver);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONTENT_HASH_H_
