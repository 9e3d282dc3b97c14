#include "cli/suite_files/promptfoo_cases.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/json_view.h"
#include "cli/suite_files/case_fields.h"
#include "cli/suite_files/nearby_files.h"
#include "cli/suite_files/prompt_template.h"
#include "cli/suite_files/promptfoo_assertions.h"
#include "cli/suite_files/promptfoo_prompts.h"
#include "cli/suite_files/promptfoo_tests.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::UploadedCase;
using nlohmann::json;

// Variables with lists of values make a case each way.
constexpr size_t kMostCasesOfATest = 1'000;
// A variable may stand in another one, and that in a third.
constexpr int kMostRounds = 4;
constexpr size_t kShownPrompts = 10;

// What says nothing about what is asked and what is right.
constexpr std::array<std::string_view, 11> kSilentMembers = {
    "$schema",   "description",        "tags",       "prompts", "tests", "defaultTest",
    "scenarios", "assertionTemplates", "outputPath", "sharing", "env"};

// The values of a variable: texts in files are read; a list is one value each.
absl::StatusOr<std::vector<json>> ValuesOf(const json& value, const NearbyFiles& files) {
  std::vector<json> values;
  const std::vector<json> all =
      value.is_array() ? value.get<std::vector<json>>() : std::vector{value};
  for (const json& one : all) {
    const bool reference =
        one.is_string() && NearbyFiles::IsReference(one.get_ref<const std::string&>());
    if (!reference) {
      values.push_back(one);
      continue;
    }
    const std::string named = one.get<std::string>();
    if (NearbyFiles::IsProgram(named)) {
      return absl::InvalidArgumentError("a program makes a variable");
    }
    for (const std::string& path : files.Matches(named)) {
      if (NearbyFiles::EndsIn(path, ".yaml") || NearbyFiles::EndsIn(path, ".yml") ||
          NearbyFiles::EndsIn(path, ".json")) {
        ASSIGN_OR_RETURN(YamlDocument document, NearbyFiles::Document(path));
        values.push_back(std::move(document.value));
      } else {
        ASSIGN_OR_RETURN(std::string text, NearbyFiles::Text(path));
        // Where pictures and sounds are meant, no text asks for them.
        if (text.find('\0') != std::string::npos) {
          return absl::InvalidArgumentError("a variable is a file that is no text");
        }
        values.emplace_back(std::move(text));
      }
    }
    if (values.empty())
      return absl::InvalidArgumentError("a variable names a file that is not there");
  }
  return values;
}

// Every way to choose a value for each variable.
absl::StatusOr<std::vector<json>> Combinations(const json& variables, const NearbyFiles& files) {
  std::vector<json> combinations = {json::object()};
  for (const auto& [name, value] : variables.items()) {
    ASSIGN_OR_RETURN(const std::vector<json> values, ValuesOf(value, files));
    std::vector<json> longer;
    for (const json& one : combinations) {
      for (const json& next : values) {
        longer.push_back(one);
        longer.back()[name] = next;
      }
    }
    if (longer.size() > kMostCasesOfATest) {
      return absl::InvalidArgumentError("its variables make more than 1,000 cases");
    }
    combinations = std::move(longer);
  }
  return combinations;
}

// Variables with those that stand in others put in.
absl::StatusOr<json> Settled(json variables) {
  for (int round = 0; round < kMostRounds; ++round) {
    ASSIGN_OR_RETURN(json next, RenderTexts(variables, variables));
    if (next == variables) break;
    variables = std::move(next);
  }
  return variables;
}

class ConfigurationReader {
 public:
  ConfigurationReader(const std::string& path, SuiteFile& file)
      : path_(path), files_(path), file_(file) {}

  absl::Status Read(const std::string& text, const PromptfooOptions& options) {
    keep_unjudged_ = options.keep_unjudged;
    ASSIGN_OR_RETURN(document_, ReadYaml(text, path_));
    const json& root = document_.value;
    if (!root.is_object()) return JsonView(root, path_).Wrong("an object with 'tests'");
    ASSIGN_OR_RETURN(prompts_, ReadPromptfooPrompts(Member("prompts"), files_));
    RETURN_IF_ERROR(ChoosePrompt(options.prompt));
    ASSIGN_OR_RETURN(const json default_test, DefaultTest());
    SayWhatIsNoPart();
    for (const PromptfooTest& one : ReadPromptfooTests(document_, path_, files_, file_)) {
      TakeTest(WithDefaults(one.test, default_test), one.place);
    }
    return absl::OkStatus();
  }

 private:
  const json& Member(const char* name) const {
    static const json& null = *new json();
    const auto found = document_.value.find(name);
    return found == document_.value.end() ? null : *found;
  }

  absl::Status ChoosePrompt(const std::string& wanted) {
    std::vector<PromptfooPrompt>& prompts = prompts_.prompts;
    if (!wanted.empty()) {
      size_t place = 0;
      const char* const end = wanted.data() + wanted.size();
      const auto [read, error] = std::from_chars(wanted.data(), end, place);
      const bool number = error == std::errc() && read == end;
      for (size_t i = 0; i < prompts.size(); ++i) {
        if (number ? i + 1 == place : prompts[i].label == wanted) prompt_ = &prompts[i];
      }
      if (prompt_ != nullptr) return absl::OkStatus();
      return WrongInFile(path_, fmt::format("no prompt '{}'", wanted), Choices());
    }
    if (prompts.size() == 1) prompt_ = &prompts.front();
    if (prompts.size() > 1) {
      return WrongInFile(
          path_, fmt::format("{} prompts", prompts.size()),
          "--prompt with one of them, because a suite asks one question a case: " + Choices());
    }
    for (const std::string& program : prompts_.programs) {
      file_.LeaveOut("prompts", "a program makes it: each case asks its variables", program);
    }
    return absl::OkStatus();
  }

  std::string Choices() const {
    std::string choices;
    for (size_t i = 0; i < prompts_.prompts.size() && i < kShownPrompts; ++i) {
      choices += fmt::format("{}{} ('{}')", i == 0 ? "" : ", ", i + 1, prompts_.prompts[i].label);
    }
    return choices.empty() ? "none, since there are no prompts" : choices;
  }

  absl::StatusOr<json> DefaultTest() const {
    const json& given = Member("defaultTest");
    if (!given.is_string()) return given;
    ASSIGN_OR_RETURN(YamlDocument document,
                     NearbyFiles::Document(files_.Path(given.get<std::string>())));
    return std::move(document.value);
  }

  void SayWhatIsNoPart() {
    for (const auto& [name, value] : document_.value.items()) {
      if (std::find(kSilentMembers.begin(), kSilentMembers.end(), name) != kSilentMembers.end()) {
        continue;
      }
      const bool answers = name == "providers" || name == "targets";
      file_.LeaveOut(name,
                     answers ? "who answers is not said by the suite, but when it is run"
                             : "it is no part of a suite",
                     path_);
    }
  }

  void TakeTest(const json& test, const std::string& place) {
    json variables = test.value("vars", json::object());
    if (variables.is_string()) {
      auto read = NearbyFiles::Document(files_.Path(variables.get<std::string>()));
      if (!read.ok()) return file_.LeaveTestOut(errors::MessageOf(read.status()), place);
      variables = std::move(read->value);
    }
    if (!variables.is_object()) variables = json::object();
    const auto combinations = Combinations(variables, files_);
    if (!combinations.ok()) {
      return file_.LeaveTestOut(errors::MessageOf(combinations.status()), place);
    }
    SayWhatIsOtherwise(test, place);
    for (const json& one : *combinations) {
      const absl::Status taken = TakeCase(test, one, place);
      if (!taken.ok()) file_.LeaveTestOut(errors::MessageOf(taken), place);
    }
  }

  void SayWhatIsOtherwise(const json& test, const std::string& place) {
    const json options = test.value("options", json::object());
    for (const char* name : {"transform", "postprocess", "transformVars"}) {
      if (options.is_object() && options.contains(name)) {
        file_.LeaveOut(fmt::format("options.{}", name),
                       "it is not run: the agent has to answer in the form that is checked", place);
      }
    }
    if (test.contains("threshold")) {
      file_.LeaveOut("threshold of a test", "here all of its checks must pass", place);
    }
    for (const char* name : {"assertScoringFunction", "provider", "providers"}) {
      if (test.contains(name)) file_.LeaveOut(name, "it is no part of a suite", place);
    }
  }

  absl::Status TakeCase(const json& test, const json& given, const std::string& place) {
    ASSIGN_OR_RETURN(const json variables, Settled(given));
    UploadedCase one;
    RETURN_IF_ERROR(AskPrompt(prompt_, variables, one));
    AddAffixes(test.value("options", json::object()), one);
    const bool all =
        TakeAssertions(test.value("assert", json()),
                       {&files_, &variables, &Member("assertionTemplates"), place}, one, file_);
    if (one.checks().empty() && !keep_unjudged_) {
      return absl::InvalidArgumentError("no assertion is left that the gate can check");
    }
    if (!all && ChecksFiguresAlone(one) && !keep_unjudged_) {
      return absl::InvalidArgumentError(
          "of its assertions only latency and cost are left, which any words would pass");
    }
    TakeLabels(test, place, one);
    file_.AddQuestion(std::move(one), place);
    return absl::OkStatus();
  }

  // What stands around the prompt; around messages nobody knows where.
  static void AddAffixes(const json& options, UploadedCase& one) {
    if (!options.is_object() || one.input().empty()) return;
    const json prefix = options.value("prefix", json());
    const json suffix = options.value("suffix", json());
    if (prefix.is_string()) one.set_input(prefix.get<std::string>() + one.input());
    if (suffix.is_string()) one.set_input(one.input() + suffix.get<std::string>());
  }

  void TakeLabels(const json& test, const std::string& place, UploadedCase& one) {
    const json metadata = test.value("metadata", json::object());
    if (metadata.is_object()) {
      for (const auto& [name, value] : metadata.items()) {
        if (!AddLabel(name, value, one)) {
          file_.LeaveOut("metadata." + name, kWhyNoLabel, place);
        }
      }
    }
    if (!AddLabel("description", test.value("description", json()), one)) {
      file_.LeaveOut("description", kWhyNoLabel, place);
    }
  }

  const std::string& path_;
  const NearbyFiles files_;
  SuiteFile& file_;
  YamlDocument document_;
  PromptfooPrompts prompts_;
  const PromptfooPrompt* prompt_ = nullptr;
  bool keep_unjudged_ = false;
};

}  // namespace

SuiteFile ReadPromptfooCases(const std::string& text, const std::string& path,
                             const PromptfooOptions& options) {
  SuiteFile file;
  file.evaluators.emplace_back().set_kind("checks");
  const absl::Status read = ConfigurationReader(path, file).Read(text, options);
  if (!read.ok()) file.AddFault(read);
  return file;
}

}  // namespace flywheel::cli
