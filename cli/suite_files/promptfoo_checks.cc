#include "cli/suite_files/promptfoo_checks.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/suite_files/case_fields.h"
#include "cli/suite_files/prompt_template.h"
#include "cli/suite_files/promptfoo_types.h"
#include "cli/suite_files/suite_file.h"
#include "cli/suite_files/yaml_json.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::EvaluatorSpec;
using evalgate::v1::UploadedCase;
using nlohmann::json;

constexpr double kLeastThreshold = 0.01;
// promptfoo's own.
constexpr double kDefaultDistance = 5;

// Why an assertion becomes no check.
absl::Status WhyNot(std::string_view why) { return absl::InvalidArgumentError(std::string(why)); }

EvaluatorSpec CheckOf(const char* kind, const json& parameters = json::object()) {
  EvaluatorSpec check;
  check.set_kind(kind);
  if (!parameters.empty()) check.set_parameters_json(parameters.dump());
  return check;
}

// A pattern that says the text and nothing else.
std::string QuotedPattern(const std::string& text) { return RE2::QuoteMeta(text); }

// "a, b": how a list is written where it stands in one text.
std::vector<std::string> SplitByCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    const size_t first = part.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos) {
      parts.emplace_back(part.substr(first, part.find_last_not_of(" \t\r\n") - first + 1));
    }
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

// The types that look for texts: how "contains" does it.
struct TextType {
  std::string_view type;
  const char* mode;
  bool ignore_case;
  bool list;
};
constexpr std::array kTextTypes = {
    TextType{"contains", "all", false, false},
    TextType{"icontains", "all", true, false},
    TextType{"contains-all", "all", false, true},
    TextType{"icontains-all", "all", true, true},
    TextType{"contains-any", "any", false, true},
    TextType{"icontains-any", "any", true, true},
    TextType{"not-contains", "none", false, false},
    TextType{"not-icontains", "none", true, false},
    TextType{"not-contains-any", "none", false, true},
    TextType{"not-icontains-any", "none", true, true},
};

// One assertion of a test, rendered.
class AssertionReader {
 public:
  AssertionReader(const AssertionPlace& where, UploadedCase& one, const json& assertion,
                  std::string type)
      : where_(where), one_(one), assertion_(assertion), type_(std::move(type)) {}

  // The checks that stand for it; else why there are none.
  absl::StatusOr<std::vector<EvaluatorSpec>> Read() {
    if (Member("transform") != nullptr || Member("contextTransform") != nullptr) {
      return WhyNot("a program changes the output before it is looked at");
    }
    if (DecidesNothing(assertion_)) {
      return WhyNot("it has weight 0 and decides nothing");
    }
    RETURN_IF_ERROR(ReadValue());
    for (const TextType& text_type : kTextTypes) {
      if (text_type.type == type_) return Texts(text_type);
    }
    if (type_ == "equals" || type_ == "not-equals") return Equals();
    if (type_ == "regex" || type_ == "not-regex") return Regex();
    if (type_ == "starts-with" || type_ == "not-starts-with") return StartsWith();
    if (type_ == "is-json" || type_ == "contains-json") return Json();
    if (type_ == "levenshtein") return Levenshtein();
    if (type_ == "latency") return Limit("latency", "most_ms");
    if (type_ == "cost") return Limit("cost", "most_usd");
    if (type_ == "word-count") return WordCount();
    if (type_ == "is-refusal") return Made(CheckOf("refusal", {{"want", "refusal"}}));
    if (type_ == "not-is-refusal") return Made(CheckOf("refusal"));
    if (type_ == "tool-call-f1") return ToolNames("any_order");
    if (type_ == "trajectory:tool-used") return ToolNames("superset");
    if (type_ == "trajectory:tool-sequence") return ToolSequence();
    return WhyNot(WhyNoEvaluator(type_));
  }

 private:
  using Checks = absl::StatusOr<std::vector<EvaluatorSpec>>;

  static Checks Made(EvaluatorSpec check) { return std::vector{std::move(check)}; }

  const json* Member(const char* name) const {
    const auto found = assertion_.find(name);
    return found == assertion_.end() || found->is_null() ? nullptr : &*found;
  }

  // A value may stand in a file, and holds variables.
  absl::Status ReadValue() {
    const json* value = Member("value");
    value_ = value == nullptr ? json() : *value;
    if (value_.is_string() && NearbyFiles::IsReference(value_.get_ref<const std::string&>())) {
      const std::string reference = value_.get<std::string>();
      if (NearbyFiles::IsProgram(reference)) {
        return WhyNot("a program judges it, which the gate does not run");
      }
      const std::string path = where_.files->Path(reference);
      const bool document = NearbyFiles::EndsIn(path, ".json") ||
                            NearbyFiles::EndsIn(path, ".yaml") || NearbyFiles::EndsIn(path, ".yml");
      if (document) {
        ASSIGN_OR_RETURN(YamlDocument read, NearbyFiles::Document(path));
        value_ = std::move(read.value);
      } else {
        ASSIGN_OR_RETURN(std::string read, NearbyFiles::Text(path));
        value_ = std::move(read);
      }
    }
    ASSIGN_OR_RETURN(value_, RenderTexts(value_, *where_.variables));
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> Text() const {
    if (value_.is_string()) return value_.get<std::string>();
    if (value_.is_number() || value_.is_boolean()) return value_.dump();
    return WhyNot("its value is no text");
  }

  std::optional<double> Threshold() const {
    const json* threshold = Member("threshold");
    if (threshold == nullptr) return std::nullopt;
    if (threshold->is_number()) return threshold->get<double>();
    // In quotes, as promptfoo takes it too.
    double number = 0;
    const std::string text = threshold->is_string() ? threshold->get<std::string>() : "";
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
  }

  Checks Texts(const TextType& text_type) const {
    std::vector<std::string> texts;
    if (value_.is_array()) {
      for (const json& one : value_) {
        if (one.is_structured() || one.is_null()) return WhyNot("its value is no list of texts");
        texts.push_back(AnswerTextOf(one));
      }
    } else {
      ASSIGN_OR_RETURN(const std::string text, Text());
      texts = text_type.list ? SplitByCommas(text) : std::vector{text};
    }
    const bool blank = std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
      return text.find_first_not_of(" \t\r\n") == std::string::npos;
    });
    if (texts.empty() || blank) return WhyNot("it looks for nothing");
    json parameters = {{"texts", texts}, {"mode", text_type.mode}};
    if (text_type.ignore_case) parameters["ignore_case"] = true;
    return Made(CheckOf("contains", parameters));
  }

  // The case has one ideal output, which assertions of one value share; the others say theirs in
  // their parameters.
  bool TakeIdeal(const std::string& text) {
    if (one_.ideal_outputs().empty()) one_.add_ideal_outputs(text);
    return one_.ideal_outputs(0) == text;
  }

  Checks Equals() {
    if (value_.is_structured()) {
      if (type_ != "equals") return WhyNot(WhyNoEvaluator(type_));
      if (!TakeIdeal(value_.dump())) return WhyNot("another assertion has another ideal output");
      return Made(CheckOf("json_fields"));
    }
    ASSIGN_OR_RETURN(const std::string text, Text());
    if (text.empty()) return WhyNot("nobody asks for an empty answer by it");
    if (type_ == "equals" && TakeIdeal(text)) return Made(CheckOf("exact", {{"bytes", true}}));
    json parameters = {{"pattern", "\\A" + QuotedPattern(text) + "\\z"}};
    if (type_ != "equals") parameters["negate"] = true;
    return Made(CheckOf("regex", parameters));
  }

  Checks Regex() const {
    ASSIGN_OR_RETURN(const std::string pattern, Text());
    RE2::Options options;
    options.set_log_errors(false);
    const RE2 compiled(pattern, options);
    if (!compiled.ok()) {
      return WhyNot(fmt::format("its pattern is none of RE2: {}", compiled.error()));
    }
    const bool all = RE2::PartialMatch("", compiled) && RE2::PartialMatch("a", compiled) &&
                     RE2::PartialMatch("9", compiled) && RE2::PartialMatch("~\n\u00e9", compiled);
    if (all) {
      return WhyNot("its pattern matches whatever is said");
    }
    json parameters = {{"pattern", pattern}};
    if (type_ == "not-regex") parameters["negate"] = true;
    return Made(CheckOf("regex", parameters));
  }

  Checks StartsWith() const {
    ASSIGN_OR_RETURN(const std::string text, Text());
    if (text.empty()) return WhyNot("it looks for nothing");
    json parameters = {{"pattern", "\\A" + QuotedPattern(text)}};
    if (type_ == "not-starts-with") parameters["negate"] = true;
    return Made(CheckOf("regex", parameters));
  }

  Checks Json() const {
    json schema = value_;
    if (schema.is_string()) {
      ASSIGN_OR_RETURN(YamlDocument read, ReadYaml(schema.get<std::string>(), where_.place));
      schema = std::move(read.value);
    }
    if (schema.is_null() || (schema.is_object() && schema.empty())) {
      // Whatever is JSON.
      schema = {{"type", {"object", "array", "string", "number", "boolean", "null"}}};
    }
    if (!schema.is_object()) return WhyNot("its value is no JSON schema");
    json parameters = {{"schema", schema}};
    if (type_ == "contains-json") parameters["fenced"] = true;
    return Made(CheckOf("json_schema", parameters));
  }

  // A distance of at most d is, for a text of n characters, a similarity of at least 1 - d / n.
  Checks Levenshtein() {
    ASSIGN_OR_RETURN(const std::string text, Text());
    if (text.empty()) return WhyNot("it compares with nothing");
    const double length = static_cast<double>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    const double similarity = 1 - Threshold().value_or(kDefaultDistance) / length;
    if (similarity < kLeastThreshold) return WhyNot("any short answer is near enough");
    if (!TakeIdeal(text)) return WhyNot("another assertion has another ideal output");
    EvaluatorSpec check = CheckOf("levenshtein");
    check.set_threshold(std::min(similarity, 1.0));
    return Made(std::move(check));
  }

  Checks Limit(const char* kind, const char* parameter) const {
    const std::optional<double> most = Threshold();
    if (!most) return WhyNot("it has no threshold and decides nothing");
    return Made(CheckOf(kind, {{parameter, *most}}));
  }

  Checks WordCount() const {
    json parameters = {{"unit", "spaced_words"}};
    if (value_.is_number_integer()) {
      parameters["least"] = parameters["most"] = value_;
    } else if (value_.is_object()) {
      if (value_.contains("min")) parameters["least"] = value_["min"];
      if (value_.contains("max")) parameters["most"] = value_["max"];
    }
    if (parameters.size() == 1) return WhyNot("it has no limit");
    return Made(CheckOf("length", parameters));
  }

  // Names of tools, whatever their arguments.
  Checks ToolNames(const char* mode) {
    if (type_ == "tool-call-f1" && Threshold().value_or(1) < 1) {
      return WhyNot("it wants some of the calls, and no evaluator does this by names");
    }
    json names = value_;
    if (names.is_string()) names = SplitByCommas(names.get<std::string>());
    return Calls(names, mode);
  }

  Checks ToolSequence() {
    const json* steps = &value_;
    const char* mode = "in_order";
    if (value_.is_object()) {
      const auto found = value_.find("steps");
      if (found == value_.end()) return WhyNot("it has no steps");
      steps = &*found;
      if (value_.value("mode", "in_order") == "exact") mode = "exact";
    }
    return Calls(*steps, mode);
  }

  Checks Calls(const json& names, const char* mode) {
    evalgate::v1::ExpectedToolCalls expected;
    if (!names.is_array() || names.empty()) return WhyNot("it names no tools");
    for (const json& name : names) {
      if (!name.is_string()) return WhyNot("it does not name tools alone");
      expected.add_calls()->set_name(name.get<std::string>());
    }
    const std::string wanted = StableBytes(expected);
    if (one_.has_expected_tool_calls() && StableBytes(one_.expected_tool_calls()) != wanted) {
      return WhyNot("another assertion expects other calls");
    }
    *one_.mutable_expected_tool_calls() = std::move(expected);
    return Made(CheckOf("trajectory", {{"mode", mode}, {"arguments", "ignore"}}));
  }

  const AssertionPlace& where_;
  UploadedCase& one_;
  const json& assertion_;
  const std::string type_;
  json value_;
};

}  // namespace

bool DecidesNothing(const json& assertion) {
  const auto weight = assertion.find("weight");
  return weight != assertion.end() && weight->is_number() && weight->get<double>() == 0;
}

absl::StatusOr<std::vector<EvaluatorSpec>> ChecksOf(const json& assertion, const std::string& type,
                                                    const AssertionPlace& where,
                                                    UploadedCase& one) {
  return AssertionReader(where, one, assertion, type).Read();
}

}  // namespace flywheel::cli
