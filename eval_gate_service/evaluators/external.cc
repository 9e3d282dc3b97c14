#include "eval_gate_service/evaluators/external.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

class External final : public Evaluator {
 public:
  External(std::string name, std::string version)
      : name_(std::move(name)), version_(std::move(version)) {}

 private:
  Measured Measure(const Case& /*one*/, const Output& output) const override {
    for (const ExternalScore& one : output.external_scores) {
      if (one.name != name_) continue;
      if (!version_.empty() && one.version != version_) {
        return Failed(fmt::format("'{}' of version '{}' came with the output, want version '{}'",
                                  name_, one.version, version_));
      }
      // Written so that NaN is none.
      if (!(one.score >= 0 && one.score <= 1)) {
        return Failed(fmt::format("'{}' says {}, want 0 to 1", name_, one.score));
      }
      return Score(one.score, one.explanation.empty()
                                  ? fmt::format("'{}' says {}", name_, one.score)
                                  : fmt::format("'{}' says: {}", name_, one.explanation));
    }
    return Failed(fmt::format("no grade of '{}' came with the output", name_));
  }

  const std::string name_;
  const std::string version_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Evaluator>> MakeExternal(Parameters& parameters) {
  std::string name = parameters.Text("name");
  std::string version = parameters.Text("version");
  if (name.empty()) parameters.Violation("name", "which external grade it reads: it is required");
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<External>(std::move(name), std::move(version));
}

}  // namespace flywheel::evalgate::evaluators
