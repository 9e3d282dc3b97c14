// When two contents count as the same.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONTENT_HASH_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONTENT_HASH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// Collects fields and hashes them. Every field carries its length, so that no two different lists
// of fields have the same bytes. Changing the encoding changes every stored hash: do not.
//
//   ContentHash().Text(suite_id).Text(model_version).Hex()
class ContentHash {
 public:
  ContentHash& Text(std::string_view value);
  ContentHash& Number(int64_t value);
  // As the shortest decimal text that reads back as the same value.
  ContentHash& Real(double value);
  ContentHash& Calls(const std::vector<ToolCall>& calls);

  // SHA-256 in 64 hexadecimal digits.
  std::string Hex() const;

 private:
  std::string bytes_;
};

// The sealed bar: the whole policy and the cases sorted by id. Equal hashes ask the same of a
// candidate, whatever order the cases came in.
std::string BarHash(const SuitePolicy& policy, const std::vector<SuiteCase>& cases);

// Of what a candidate answered: output, calls in their order, error.
std::string OutputHash(const CaseOutput& output);

// What makes a second CreateSuite the same request.
std::string SuiteRequestHash(const std::string& dataset_version_id, const SuitePolicy& policy);

// What makes a second JudgeVersion the same request.
std::string VerdictRequestHash(const std::string& suite_id, const std::string& model_version,
                               const std::string& baseline_model_version);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CONTENT_HASH_H_
