#include "cli/suite_files/promptfoo_assertions.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "shared/status/errors.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::EvaluatorSpec;
using evalgate::v1::UploadedCase;
using nlohmann::json;

// What "$ref" points to, with what stands beside it.
json Resolved(const json& assertion, const json* templates) {
  const auto reference = assertion.find("$ref");
  if (reference == assertion.end() || !reference->is_string() || templates == nullptr) {
    return assertion;
  }
  const std::string path = reference->get<std::string>();
  const auto found = templates->find(path.substr(path.rfind('/') + 1));
  if (found == templates->end() || !found->is_object()) return assertion;
  json resolved = *found;
  resolved.update(assertion);
  resolved.erase("$ref");
  return resolved;
}

// Whether it looks at what came with an answer, and not at what it says.
bool IsOfAFigure(std::string_view kind) { return kind == "latency" || kind == "cost"; }

std::string TypeOf(const json& assertion) {
  const auto type = assertion.find("type");
  return type != assertion.end() && type->is_string() ? type->get<std::string>() : "";
}

}  // namespace

bool TakeAssertions(const json& list, const AssertionPlace& where, UploadedCase& one,
                    SuiteFile& file) {
  if (list.is_null()) return true;
  if (!list.is_array()) {
    file.LeaveOut("assert", "it is no list", where.place);
    return false;
  }
  bool all = true;
  for (const json& element : list) {
    if (!element.is_object()) {
      file.LeaveOut("an assertion", "it is no object", where.place);
      all = false;
      continue;
    }
    const json assertion = Resolved(element, where.templates);
    const std::string type = TypeOf(assertion);
    if (type == "assert-set") {
      const json threshold = assertion.value("threshold", json(1));
      if (threshold.is_number() && threshold.get<double>() < 1) {
        file.LeaveOut(type, "some of its assertions are enough", where.place);
        all = false;
      } else {
        all = TakeAssertions(assertion.value("assert", json()), where, one, file) && all;
      }
      continue;
    }
    const auto checks = ChecksOf(assertion, type, where, one);
    if (!checks.ok()) {
      file.LeaveOut(type.empty() ? "an assertion without a type" : type,
                    errors::MessageOf(checks.status()), where.place);
      all = all && (IsOfAFigure(type) || DecidesNothing(assertion));
      continue;
    }
    for (const EvaluatorSpec& check : *checks) *one.add_checks() = check;
  }
  return all;
}

bool ChecksFiguresAlone(const UploadedCase& one) {
  return std::all_of(one.checks().begin(), one.checks().end(),
                     [](const EvaluatorSpec& check) { return IsOfAFigure(check.kind()); });
}

}  // namespace flywheel::cli
