#include "cli/redact/redacted_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/table.h"
#include "redaction/scan.h"
#include "shared/status/status_macros.h"
#include "shared/text/json_strings.h"
#include "shared/text/shorten.h"

namespace flywheel::cli {
namespace {

// A key of many lines is no cell of a table.
constexpr size_t kMostShownBytes = 60;

// Of a character of UTF-8 all bytes but the first.
bool GoesOn(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The lines of a file, each with its line break.
std::vector<std::string_view> LinesOf(std::string_view content) {
  std::vector<std::string_view> lines;
  while (!content.empty()) {
    const size_t end = std::min(content.find('\n'), content.size() - 1) + 1;
    lines.push_back(content.substr(0, end));
    content.remove_prefix(end);
  }
  return lines;
}

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// Two lines or more, and all of them objects or lists.
bool IsJsonLines(const std::vector<std::string_view>& lines) {
  int64_t objects = 0;
  for (const std::string_view line : lines) {
    if (IsBlank(line)) continue;
    const char first = line[line.find_first_not_of(" \t\r\n")];
    if ((first != '{' && first != '[') || !JsonTokens(line)) return false;
    ++objects;
  }
  return objects >= 2;
}

// Appends what becomes of one text, which begins in this line of the file.
absl::Status Append(const redaction::PiiDetector& detector, std::string_view text, int64_t line,
                    RedactedFile& file) {
  ASSIGN_OR_RETURN(
      const std::vector<redaction::ScannedText> scanned,
      redaction::ScanConversation(detector, {{redaction::Speaker::kOther, std::string(text)}}));
  const redaction::ScannedText& one = scanned.front();
  file.text += one.stored;
  // The findings ascend, so one walk counts the lines before all of them.
  size_t place = 0;
  int64_t column = 1;
  for (const redaction::Explanation& finding : one.findings) {
    for (; place < finding.begin && place < one.cleaned.size(); ++place) {
      const char c = one.cleaned[place];
      if (c == '\n') {
        ++line;
        column = 1;
      } else if (!GoesOn(c)) {
        ++column;
      }
    }
    file.found.push_back(
        {line, column, std::string(redaction::DataTypeName(finding.type)), finding.why,
         one.cleaned.substr(finding.begin, finding.end - finding.begin), finding.placeholder});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RedactedFile> RedactFileText(const redaction::PiiDetector& detector,
                                            std::string_view content) {
  RedactedFile file;
  const std::vector<std::string_view> lines = LinesOf(content);
  if (!IsJsonLines(lines)) {
    RETURN_IF_ERROR(Append(detector, content, 1, file));
    return file;
  }
  int64_t line = 1;
  for (const std::string_view one : lines) RETURN_IF_ERROR(Append(detector, one, line++, file));
  return file;
}

std::string ExplanationTable(const RedactedFile& file) {
  Table table({{"PLACE"}, {"TYPE"}, {"RECOGNISER"}, {"BYTES", true}, {"VALUE"}, {"BECOMES"}});
  for (const FoundValue& one : file.found) {
    std::string shown(Shorten(one.value, kMostShownBytes));
    if (shown.size() < one.value.size()) shown += "...";
    table.AddRow({fmt::format("{}:{}", one.line, one.column), one.type, one.recogniser,
                  WithThousands(static_cast<int64_t>(one.value.size())), std::move(shown),
                  one.placeholder});
  }
  return table.Format();
}

std::string ExplanationJson(const RedactedFile& file) {
  nlohmann::ordered_json found = nlohmann::ordered_json::array();
  for (const FoundValue& one : file.found) {
    found.push_back({{"line", one.line},
                     {"column", one.column},
                     {"type", one.type},
                     {"recogniser", one.recogniser},
                     {"value", one.value},
                     {"bytes", one.value.size()},
                     {"placeholder", one.placeholder}});
  }
  const nlohmann::ordered_json all = {{"text", file.text}, {"found", std::move(found)}};
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string FoundInWords(const RedactedFile& file) {
  if (file.found.empty()) return "nothing";
  std::map<std::string, int64_t> counts;
  for (const FoundValue& one : file.found) ++counts[one.type];
  std::string words = fmt::format("{} {}", WithThousands(static_cast<int64_t>(file.found.size())),
                                  file.found.size() == 1 ? "value" : "values");
  char before = ':';
  for (const auto& [type, count] : counts) {
    fmt::format_to(std::back_inserter(words), "{} {} {}", before, WithThousands(count), type);
    before = ',';
  }
  return words;
}

}  // namespace flywheel::cli
