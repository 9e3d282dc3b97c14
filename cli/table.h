// Text table: columns that line up.
#ifndef FLYWHEEL_CLI_TABLE_H_
#define FLYWHEEL_CLI_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace flywheel::cli {

// One column: its heading, and on which side its cells line up.
struct Column {
  std::string heading;
  bool right = false;
};

// A table for people. Widths count characters of UTF-8, not bytes.
//   Table table({{"SERVICE"}, {"CALLS", true}});
//   table.AddRow({"ingest", "1,164"});
//   std::fputs(table.Format().c_str(), stdout);
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // `cells` has one text a column. Line breaks and tabs become blanks; other characters that a
  // terminal would obey are shown as Printable shows them.
  void AddRow(std::vector<std::string> cells);

  bool empty() const { return rows_.empty(); }

  // The heading and the rows, two blanks between columns, each line ended and without trailing
  // blanks.
  std::string Format() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// 1164 as "1,164".
std::string WithThousands(int64_t number);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_TABLE_H_
