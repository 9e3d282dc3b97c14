#include "tests/fault/twins/stored_rows.h"

#include <fmt/format.h>

#include <memory>

#include "shared/sql/connection.h"
#include "shared/sql/statement.h"
#include "shared/status/status_macros.h"

namespace flywheel::fault {
namespace {

// To write: a log that a killed process left is read with the file.
absl::StatusOr<std::unique_ptr<sql::Connection>> OpenStore(const std::string& data_dir) {
  return sql::Connection::Open(data_dir + "/experiment.db", sql::Access::kWrite);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> StoredRows(const std::string& data_dir,
                                                    std::string_view table,
                                                    std::string_view condition) {
  ASSIGN_OR_RETURN(const std::unique_ptr<sql::Connection> connection, OpenStore(data_dir));
  std::string row;
  sql::Statement columns =
      connection->Prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid");
  columns.Bind(table);
  while (columns.Next()) {
    const std::string name = columns.Text(0);
    // A double's own digits are 17; quote() writes 15 where those are enough to tell it.
    row.append(
        fmt::format("{0}'{1}=' || CASE typeof(\"{1}\") WHEN 'real' THEN printf('%!.17g', \"{1}\") "
                    "ELSE quote(\"{1}\") END",
                    row.empty() ? "" : " || ', ' || ", name));
  }
  RETURN_IF_ERROR(columns.status());
  std::vector<std::string> rows;
  sql::Statement select = connection->Prepare(
      fmt::format("SELECT {} AS line FROM {} WHERE {} ORDER BY line", row, table, condition));
  while (select.Next()) rows.push_back(select.Text(0));
  RETURN_IF_ERROR(select.status());
  return rows;
}

absl::Status ChangeStore(const std::string& data_dir, const char* statement) {
  ASSIGN_OR_RETURN(const std::unique_ptr<sql::Connection> connection, OpenStore(data_dir));
  return connection->Execute(statement);
}

}  // namespace flywheel::fault
