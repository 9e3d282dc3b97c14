#include "cli/suite_files/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/json_view.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;

constexpr char kRowBlanks[] = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

void EachLine(std::string_view text, const std::string& name, SuiteFile& file, TakeRow take) {
  for (int64_t line = 1; !text.empty(); ++line) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view current = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (current.find_first_not_of(kRowBlanks) == std::string_view::npos) continue;
    const absl::StatusOr<json> row = ParseJson(current, name, line);
    const absl::Status taken =
        row.ok() ? take(*row, fmt::format("{}:{}", name, line)) : row.status();
    if (!taken.ok()) file.AddFault(taken);
  }
}

void EachElement(std::string_view text, const std::string& name, SuiteFile& file, TakeRow take) {
  const absl::StatusOr<json> array = ParseJson(text, name);
  if (!array.ok()) return file.AddFault(array.status());
  for (size_t i = 0; i < array->size(); ++i) {
    const absl::Status taken = take((*array)[i], fmt::format("{}: [{}]", name, i));
    if (!taken.ok()) file.AddFault(taken);
  }
}

void EachCsvRow(std::string_view text, const std::string& name, SuiteFile& file, TakeRow take) {
  const absl::StatusOr<std::vector<CsvRow>> rows = ReadCsv(text, name);
  if (!rows.ok()) return file.AddFault(rows.status());
  if (rows->empty()) return;
  const std::vector<std::string>& names = rows->front().fields;
  for (size_t i = 1; i < rows->size(); ++i) {
    const CsvRow& row = (*rows)[i];
    const std::string place = fmt::format("{}:{}", name, row.line);
    if (row.fields.size() > names.size()) {
      file.AddFault(WrongInFile(place, fmt::format("{} fields", row.fields.size()),
                                fmt::format("at most {}, as the header has", names.size())));
      continue;
    }
    json object = json::object();
    for (size_t j = 0; j < row.fields.size(); ++j) {
      // Who has no value for a column writes nothing.
      if (!row.fields[j].empty()) object[names[j]] = row.fields[j];
    }
    const absl::Status taken = take(object, place);
    if (!taken.ok()) file.AddFault(taken);
  }
}

// Where a field ends: a comma, a line end, or the text's.
class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  bool at_end() const { return next_ == text_.size(); }
  bool unclosed() const { return unclosed_; }

  CsvRow Row() {
    CsvRow row{line_, {Field()}};
    while (next_ < text_.size() && text_[next_] == ',') {
      ++next_;
      row.fields.push_back(Field());
    }
    // Behind a quoted field nothing but its end should stand; what does is passed over.
    next_ = std::min(text_.find('\n', next_), text_.size());
    if (next_ < text_.size()) ++next_;
    ++line_;
    return row;
  }

 private:
  std::string Field() {
    std::string field;
    if (next_ == text_.size() || text_[next_] != '"') {
      const size_t end = std::min(text_.find_first_of(",\r\n", next_), text_.size());
      field = text_.substr(next_, end - next_);
      next_ = end;
      return field;
    }
    for (++next_; next_ < text_.size(); ++next_) {
      if (text_[next_] == '\n') ++line_;
      if (text_[next_] == '"') {
        ++next_;
        // A doubled quote is one of the text.
        if (next_ == text_.size() || text_[next_] != '"') return field;
      }
      field += text_[next_];
    }
    unclosed_ = true;
    return field;
  }

  const std::string_view text_;
  size_t next_ = 0;
  int64_t line_ = 1;
  bool unclosed_ = false;
};

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ReadCsv(std::string_view text, std::string_view name) {
  CsvReader reader(text);
  std::vector<CsvRow> rows;
  while (!reader.at_end()) {
    CsvRow row = reader.Row();
    if (reader.unclosed()) {
      return WrongInFile(fmt::format("{}:{}", name, row.line), "a quote that is never closed",
                         "a '\"' at the end of the field");
    }
    if (row.fields.size() > 1 || !row.fields[0].empty()) rows.push_back(std::move(row));
  }
  return rows;
}

void EachRow(const std::string& text, const std::string& name, SuiteFile& file, TakeRow take) {
  std::string_view rest = text;
  if (rest.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    rest.remove_prefix(kByteOrderMark.size());
  }
  constexpr std::string_view kCsv = ".csv";
  if (name.size() > kCsv.size() &&
      name.compare(name.size() - kCsv.size(), kCsv.size(), kCsv) == 0) {
    return EachCsvRow(rest, name, file, take);
  }
  const size_t first = rest.find_first_not_of(kRowBlanks);
  if (first != std::string_view::npos && rest[first] == '[') {
    return EachElement(rest, name, file, take);
  }
  EachLine(rest, name, file, take);
}

}  // namespace flywheel::cli
