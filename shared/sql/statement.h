// A prepared SQL statement.
#ifndef FLYWHEEL_SHARED_SQL_STATEMENT_H_
#define FLYWHEEL_SHARED_SQL_STATEMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

struct sqlite3;
struct sqlite3_stmt;

namespace flywheel::sql {

// Bytes that are not text.
struct Blob {
  std::string_view bytes;
};

// A prepared statement with its bound values. Not thread-safe; lives no longer than its Connection.
// An error, of preparing or binding too, is kept and told by Run() or status().
//
//   sql::Statement insert = connection.Prepare("INSERT INTO t (id, note) VALUES (?, ?)");
//   RETURN_IF_ERROR(insert.Bind(id, note).Run());
//
//   sql::Statement select = connection.Prepare("SELECT id FROM t WHERE note = ? ORDER BY id");
//   select.Bind(note);
//   while (select.Next()) ids.push_back(select.Text(0));
//   RETURN_IF_ERROR(select.status());
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  // Binds all parameters in order, from the first. Integers, bool, double, text, Blob, absl::Time
  // (as microseconds) and std::optional of them (NULL where empty). Text is copied; the bytes of a
  // Blob are not, and must stay until the statement has run.
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    int index = 0;
    (BindOne(++index, values), ...);
    return *this;
  }

  // Executes a statement that returns no row, and resets it for the next Bind.
  absl::Status Run();

  // Goes to the next row; false after the last one and after an error.
  bool Next();

  // OK, or the first error.
  const absl::Status& status() const { return status_; }

  // Makes the statement ready to be bound again, and forgets an error of stepping.
  void Reset();

  // The columns of the present row, from 0. NULL reads as 0 and as an empty text.
  int64_t Int64(int column) const;
  double Double(int column) const;
  bool Bool(int column) const { return Int64(column) != 0; }
  bool IsNull(int column) const;
  std::string Text(int column) const;
  // Without a copy; valid until the next Next() or Reset().
  std::string_view View(int column) const;
  absl::Time Time(int column) const;

 private:
  friend class Connection;
  Statement(sqlite3* database, sqlite3_stmt* statement, bool* in_use, absl::Status status);

  void BindOne(int index, int64_t value);
  void BindOne(int index, int value) { BindOne(index, static_cast<int64_t>(value)); }
  void BindOne(int index, bool value) { BindOne(index, static_cast<int64_t>(value)); }
  void BindOne(int index, double value);
  void BindOne(int index, std::string_view value);
  void BindOne(int index, const std::string& value) { BindOne(index, std::string_view(value)); }
  void BindOne(int index, const char* value) { BindOne(index, std::string_view(value)); }
  void BindOne(int index, Blob value);
  void BindOne(int index, absl::Time value);
  void BindNull(int index);
  template <typename T>
  void BindOne(int index, const std::optional<T>& value) {
    value ? BindOne(index, *value) : BindNull(index);
  }
  void Check(int code);

  sqlite3* database_;
  sqlite3_stmt* statement_;
  bool* in_use_;  // The cache's mark; null where this object owns the statement alone.
  absl::Status status_;
};

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_STATEMENT_H_
