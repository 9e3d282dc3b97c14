#include "eval_gate_service/evaluators/json_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/evaluators/ideals.h"
#include "eval_gate_service/evaluators/json_values.h"
#include "eval_gate_service/evaluators/unicode_text.h"
#include "eval_gate_service/evaluators/work.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate::evaluators {
namespace {

using nlohmann::json;

// To read it, and to compare it.
constexpr int64_t kStepsOfJsonByte = 40;

struct Options {
  std::vector<json::json_pointer> fields;
  bool allow_extra = false;
  bool ignore_order = false;
  bool ignore_case = false;
  bool fenced = false;
  double absolute_tolerance = 0;
  double relative_tolerance = 0;
};

class JsonFields final : public Evaluator {
 public:
  explicit JsonFields(Options options) : options_(std::move(options)) {}

 private:
  Measured Measure(const Case& one, const Output& output) const override {
    int64_t steps = kStepsOfJsonByte * static_cast<int64_t>(output.text.size());
    const size_t looks = std::max<size_t>(options_.fields.size(), 1);
    for (const std::string& ideal : one.ideal_outputs) {
      const size_t shorter = std::min(ideal.size(), output.text.size());
      steps += kStepsOfJsonByte * static_cast<int64_t>(ideal.size() + looks * (shorter + 8));
    }
    if (!Work::Take(steps)) return TooMuchWork();
    std::vector<json> ideals;
    for (const std::string& text : one.ideal_outputs) {
      if (auto ideal = ParseJson(text)) ideals.push_back(Canonical(*std::move(ideal)));
    }
    if (ideals.empty()) return NotApplicable("no ideal output of the case is JSON");
    auto got = options_.fenced ? ParseJsonAnswer(output.text) : ParseJson(output.text);
    if (!got) return Failed(fmt::format("{} is no JSON", QuotedBriefly(output.text)));
    const json value = Canonical(*std::move(got));
    double best = -1;
    std::string wrong;
    for (const json& ideal : ideals) {
      std::string first_wrong;
      const double score = ScoreOf(ideal, value, first_wrong);
      if (score > best) {
        best = score;
        wrong = std::move(first_wrong);
      }
    }
    return Score(best, wrong.empty() ? "all fields are right"
                                     : fmt::format("{:.3f} of the fields, not {}", best, wrong));
  }

  // What does not count is made equal.
  json Canonical(json value) const {
    if (value.is_string() && options_.ignore_case) {
      return Seen(value.get_ref<const std::string&>(), Letters::kFold);
    }
    if (value.is_structured()) {
      for (json& element : value) element = Canonical(std::move(element));
    }
    if (value.is_array() && options_.ignore_order) std::sort(value.begin(), value.end());
    return value;
  }

  // `wrong`: the first place that is, and what stands there.
  double ScoreOf(const json& ideal, const json& value, std::string& wrong) const {
    if (options_.fields.empty()) return Equality(ideal, value, "", wrong);
    double sum = 0;
    for (const json::json_pointer& field : options_.fields) {
      const bool has_ideal = ideal.contains(field);
      if (has_ideal && value.contains(field)) {
        sum += Equality(ideal.at(field), value.at(field), field.to_string(), wrong);
      } else if (has_ideal == value.contains(field)) {
        sum += 1;
      } else {
        Note(field.to_string(), wrong);
      }
    }
    return sum / static_cast<double>(options_.fields.size());
  }

  static void Note(const std::string& place, std::string& wrong) {
    if (wrong.empty()) wrong = QuotedBriefly(place.empty() ? "the whole" : place);
  }

  double Equality(const json& ideal, const json& value, const std::string& place,
                  std::string& wrong) const {
    if (ideal.is_object() && value.is_object()) return OfObjects(ideal, value, place, wrong);
    if (ideal.is_array() && value.is_array()) return OfLists(ideal, value, place, wrong);
    if (ideal == value || IsNear(ideal, value)) return 1;
    Note(place, wrong);
    return 0;
  }

  double OfObjects(const json& ideal, const json& value, const std::string& place,
                   std::string& wrong) const {
    double sum = 0;
    size_t names = ideal.size();
    for (const auto& [name, wanted] : ideal.items()) {
      const std::string below = fmt::format("{}/{}", place, name);
      const auto got = value.find(name);
      if (got != value.end()) {
        sum += Equality(wanted, *got, below, wrong);
      } else {
        Note(below, wrong);
      }
    }
    for (const auto& [name, got] : value.items()) {
      if (options_.allow_extra || ideal.contains(name)) continue;
      ++names;
      Note(fmt::format("{}/{}", place, name), wrong);
    }
    return names == 0 ? 1 : sum / static_cast<double>(names);
  }

  double OfLists(const json& ideal, const json& value, const std::string& place,
                 std::string& wrong) const {
    const size_t longer = std::max(ideal.size(), value.size());
    const size_t shorter = std::min(ideal.size(), value.size());
    double sum = 0;
    for (size_t i = 0; i < shorter; ++i) {
      sum += Equality(ideal[i], value[i], fmt::format("{}/{}", place, i), wrong);
    }
    if (shorter < longer) Note(fmt::format("{}/{}", place, shorter), wrong);
    return longer == 0 ? 1 : sum / static_cast<double>(longer);
  }

  bool IsNear(const json& ideal, const json& value) const {
    if (!ideal.is_number() || !value.is_number()) return false;
    const double wanted = ideal.get<double>();
    const double tolerance =
        std::max(options_.absolute_tolerance, options_.relative_tolerance * std::abs(wanted));
    return std::abs(value.get<double>() - wanted) <= tolerance;
  }

  const Options options_;
};

// The form of RFC 6901, and no place in a list that the library would throw at.
bool IsPointer(std::string_view text) {
  if (!text.starts_with('/')) return false;
  size_t digits = 0;
  for (const char c : text) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > 9) return false;
  }
  for (size_t i = text.find('~'); i != std::string_view::npos; i = text.find('~', i + 1)) {
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}

}  // namespace

MadeEvaluator MakeJsonFields(Parameters& parameters) {
  Options options;
  for (const std::string& field : parameters.Texts("fields")) {
    if (IsPointer(field)) {
      options.fields.emplace_back(field);
    } else {
      parameters.Violation("fields", fmt::format("got {}, want a JSON pointer such as /price",
                                                 QuotedBriefly(field)));
    }
  }
  options.allow_extra = parameters.Flag("allow_extra", false);
  options.ignore_order = parameters.Flag("ignore_order", false);
  options.ignore_case = parameters.Flag("ignore_case", false);
  options.fenced = parameters.Flag("fenced", false);
  options.absolute_tolerance = parameters.Number("absolute_tolerance", 0, 0, 1e300);
  options.relative_tolerance = parameters.Number("relative_tolerance", 0, 0, 1);
  if (options.ignore_order && (options.absolute_tolerance > 0 || options.relative_tolerance > 0)) {
    parameters.Violation("ignore_order", "got true with a tolerance, want one of them");
  }
  RETURN_IF_ERROR(parameters.Check());
  return std::make_unique<JsonFields>(std::move(options));
}

}  // namespace flywheel::evalgate::evaluators
