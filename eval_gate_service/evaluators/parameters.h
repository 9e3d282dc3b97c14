// Parameters of an evaluator, read from a JSON object by names that are known, with what is wrong.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PARAMETERS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PARAMETERS_H_

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate::evaluators {

// The same text for parameters that are the same, whatever their order and spaces: keys sorted,
// without spaces; empty where there are none. `json` is one that Parse takes.
std::string CanonicalParameters(std::string_view json);

// Each reader remembers that its name is known and what is wrong with the value, and returns the
// default where the parameter is absent or wrong; Check tells. Not shared by threads.
//   const bool any = parameters.Flag("any", false);
//   RETURN_IF_ERROR(parameters.Check());
class Parameters {
 public:
  // INVALID_ARGUMENT where `json` is no object. Empty is one without members.
  static absl::StatusOr<Parameters> Parse(std::string_view json);

  bool Flag(std::string_view name, bool default_value);
  // Within [least, most], which are finite.
  double Number(std::string_view name, double default_value, double least, double most);
  std::optional<double> Number(std::string_view name, double least, double most);
  std::optional<int64_t> Integer(std::string_view name, int64_t least, int64_t most);
  // At most 10,000 bytes, not empty; empty where absent.
  std::string Text(std::string_view name);
  // One of `allowed`, of which the first is the default.
  std::string OneOf(std::string_view name, const std::vector<std::string>& allowed);
  // At most 1,000 texts, none empty; empty where absent.
  std::vector<std::string> Texts(std::string_view name);
  // Any value; null where absent.
  nlohmann::json Value(std::string_view name);

  // One more thing that is wrong.
  void Violation(std::string_view name, std::string_view description);

  // INVALID_ARGUMENT with all that is wrong, names that nothing read among it.
  absl::Status Check() const;

 private:
  explicit Parameters(nlohmann::json values) : values_(std::move(values)) {}

  // Null where absent.
  const nlohmann::json* Find(std::string_view name);
  void Wrong(std::string_view name, const nlohmann::json& got, std::string_view want);

  nlohmann::json values_;
  std::set<std::string, std::less<>> known_;
  std::vector<errors::FieldViolation> violations_;
};

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_PARAMETERS_H_
