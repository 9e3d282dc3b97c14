// Rows of files: JSON lines, a JSON array, or CSV.
#ifndef FLYWHEEL_CLI_SUITE_FILES_ROWS_H_
#define FLYWHEEL_CLI_SUITE_FILES_ROWS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/suite_files/suite_file.h"

namespace flywheel::cli {

// Takes one row, which stands at `place`, such as "cases.jsonl:12".
using TakeRow =
    absl::FunctionRef<absl::Status(const nlohmann::json& row, const std::string& place)>;

// All rows of a text; what is wrong with one, or with the text, is a fault of `file`. CSV where the
// name ends in .csv; each of its rows is an object of texts. An array where the text begins with
// '[', else JSON lines; empty lines are passed over.
void EachRow(const std::string& text, const std::string& name, SuiteFile& file, TakeRow take);

// A row of a CSV file, with the line on which it begins.
struct CsvRow {
  int64_t line = 0;
  std::vector<std::string> fields;
};

// After RFC 4180: quoted fields may hold commas, line ends and doubled quotes. INVALID_ARGUMENT
// where a quote is never closed.
absl::StatusOr<std::vector<CsvRow>> ReadCsv(std::string_view text, std::string_view name);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_ROWS_H_
