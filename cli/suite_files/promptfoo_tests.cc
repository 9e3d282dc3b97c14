#include "cli/suite_files/promptfoo_tests.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "cli/json_view.h"
#include "cli/suite_files/promptfoo_types.h"
#include "cli/suite_files/rows.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kExpected = "__expected";

bool BeginsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

const json& MemberOrNull(const json& object, const char* name) {
  static const json& null = *new json();
  if (!object.is_object()) return null;
  const auto found = object.find(name);
  return found == object.end() ? null : *found;
}

// A row of a CSV file: variables, and columns of other meanings that begin with two underscores.
json TestOfRow(const std::vector<std::string>& names, const CsvRow& row) {
  json test = {{"vars", json::object()}, {"assert", json::array()}};
  for (size_t i = 0; i < row.fields.size() && i < names.size(); ++i) {
    const std::string& name = names[i];
    const std::string& field = row.fields[i];
    if (BeginsWith(name, kExpected)) {
      if (!field.empty()) test["assert"].push_back(AssertionOfText(field));
    } else if (name == "__description") {
      test["description"] = field;
    } else if (BeginsWith(name, "__metadata:")) {
      test["metadata"][name.substr(name.find(':') + 1)] = field;
    } else if (name == "__prefix" || name == "__suffix") {
      test["options"][name.substr(2)] = field;
    } else if (name == "__threshold") {
      test["threshold"] = field;
    } else if (!BeginsWith(name, "__")) {
      test["vars"][name] = field;
    }
  }
  return test;
}

class TestReader {
 public:
  TestReader(const NearbyFiles& files, SuiteFile& file) : files_(files), file_(file) {}

  void Read(const json& tests, const std::string& pointer, const YamlDocument& document,
            const std::string& name) {
    if (tests.is_null()) return;
    if (tests.is_string()) return ReadReference(tests.get<std::string>(), name);
    if (tests.is_object()) return Generated(tests, name);
    for (size_t i = 0; i < tests.size(); ++i) {
      const json& test = tests[i];
      const std::string at = fmt::format("{}/{}", pointer, i);
      const auto line = document.lines.find(at);
      const std::string place = line == document.lines.end()
                                    ? fmt::format("{}: {}", name, at)
                                    : fmt::format("{}:{}", name, line->second);
      if (test.is_string()) {
        ReadReference(test.get<std::string>(), place);
      } else if (test.is_object() && test.contains("path")) {
        Generated(test, place);
      } else if (test.is_object()) {
        result_.push_back({test, place});
      } else {
        file_.AddFault(JsonView(test, place).Wrong("a test"));
      }
    }
  }

  // Each configuration of a scenario with each of its tests.
  void ReadScenarios(const json& scenarios, const YamlDocument& document, const std::string& name) {
    if (scenarios.is_string()) return Generated(scenarios, name);
    for (size_t i = 0; i < scenarios.size(); ++i) {
      const json& scenario = scenarios[i];
      std::vector<PromptfooTest> before = std::move(result_);
      result_.clear();
      Read(MemberOrNull(scenario, "tests"), fmt::format("/scenarios/{}/tests", i), document, name);
      const std::vector<PromptfooTest> tests = std::move(result_);
      result_ = std::move(before);
      const json& configurations = MemberOrNull(scenario, "config");
      if (!configurations.is_array()) {
        file_.LeaveOut("a scenario", "its config is no list", name);
        continue;
      }
      for (const json& configuration : configurations) {
        for (const PromptfooTest& one : tests) {
          result_.push_back({WithDefaults(one.test, configuration), one.place});
        }
      }
    }
  }

  std::vector<PromptfooTest>& result() { return result_; }

 private:
  void Generated(const json& tests, const std::string& place) {
    const json& path = MemberOrNull(tests, "path");
    file_.LeaveOut("tests", "a program makes them: write them to a file, and name that",
                   path.is_string() ? place + ": " + path.get<std::string>() : place);
  }

  void ReadReference(const std::string& reference, const std::string& place) {
    if (NearbyFiles::IsProgram(reference)) return Generated(json{{"path", reference}}, place);
    const bool elsewhere =
        reference.find("://") != std::string::npos && !NearbyFiles::IsReference(reference);
    if (elsewhere) {
      return file_.LeaveOut("tests", "they stand elsewhere: save them as a file, and name that",
                            place + ": " + reference);
    }
    const std::vector<std::string> paths = files_.Matches(reference);
    if (paths.empty())
      file_.AddFault(
          WrongInFile(place, "'" + reference + "', which is no file", "files that exist"));
    for (const std::string& path : paths) {
      const absl::Status read = ReadFile(path);
      if (!read.ok()) file_.AddFault(read);
    }
  }

  absl::Status ReadFile(const std::string& path) {
    if (NearbyFiles::EndsIn(path, ".csv")) return ReadCsvTests(path);
    if (NearbyFiles::EndsIn(path, ".xlsx") || NearbyFiles::EndsIn(path, ".xls")) {
      file_.LeaveOut("tests", "they stand in a spreadsheet: save it as CSV, and name that", path);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const YamlDocument document, NearbyFiles::Document(path));
    if (document.value.is_object() && document.value.contains("tests")) {
      Read(document.value["tests"], "/tests", document, path);
    } else if (document.value.is_object()) {
      result_.push_back({document.value, path});
    } else {
      Read(document.value, "", document, path);
    }
    return absl::OkStatus();
  }

  absl::Status ReadCsvTests(const std::string& path) {
    ASSIGN_OR_RETURN(const std::string text, NearbyFiles::Text(path));
    ASSIGN_OR_RETURN(const std::vector<CsvRow> rows, ReadCsv(text, path));
    for (size_t i = 1; i < rows.size(); ++i) {
      result_.push_back(
          {TestOfRow(rows.front().fields, rows[i]), fmt::format("{}:{}", path, rows[i].line)});
    }
    return absl::OkStatus();
  }

  const NearbyFiles& files_;
  SuiteFile& file_;
  std::vector<PromptfooTest> result_;
};

}  // namespace

std::vector<PromptfooTest> ReadPromptfooTests(const YamlDocument& document, const std::string& name,
                                              const NearbyFiles& files, SuiteFile& file) {
  TestReader reader(files, file);
  reader.Read(MemberOrNull(document.value, "tests"), "/tests", document, name);
  reader.ReadScenarios(MemberOrNull(document.value, "scenarios"), document, name);
  return std::move(reader.result());
}

json WithDefaults(const json& test, const json& default_test) {
  json merged = default_test.is_object() ? default_test : json::object();
  for (const auto& [name, value] : test.items()) {
    json& mine = merged[name];
    if (name == "assert" && mine.is_array() && value.is_array()) {
      mine.insert(mine.end(), value.begin(), value.end());
    } else if (mine.is_object() && value.is_object()) {
      mine.update(value);
    } else {
      mine = value;
    }
  }
  return merged;
}

}  // namespace flywheel::cli
