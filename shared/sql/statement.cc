#include "shared/sql/statement.h"

#include <sqlite3.h>

#include "shared/sql/sqlite_status.h"
#include "shared/time/clock.h"

namespace flywheel::sql {

Statement::Statement(sqlite3* database, sqlite3_stmt* statement, bool* in_use, absl::Status status)
    : database_(database), statement_(statement), in_use_(in_use), status_(std::move(status)) {}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      in_use_(std::exchange(other.in_use_, nullptr)),
      status_(std::move(other.status_)) {}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  // Without a flag it is nobody's but ours; else the connection keeps it for the next Prepare.
  if (in_use_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *in_use_ = false;
}

void Statement::Check(int code) {
  if (code != SQLITE_OK && status_.ok()) status_ = SqliteStatus(database_, code);
}

void Statement::BindOne(int index, int64_t value) {
  if (status_.ok()) Check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::BindOne(int index, double value) {
  if (status_.ok()) Check(sqlite3_bind_double(statement_, index, value));
}

// A null pointer would bind NULL: an empty text is "". SQLite copies texts, which may be temporary,
// and not blobs, which are large and outlive the statement.
void Statement::BindOne(int index, std::string_view value) {
  if (!status_.ok()) return;
  Check(sqlite3_bind_text64(statement_, index, value.data() == nullptr ? "" : value.data(),
                            value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::BindOne(int index, Blob value) {
  if (!status_.ok()) return;
  Check(sqlite3_bind_blob64(statement_, index,
                            value.bytes.data() == nullptr ? "" : value.bytes.data(),
                            value.bytes.size(), SQLITE_STATIC));
}

void Statement::BindOne(int index, absl::Time value) { BindOne(index, ToMicros(value)); }

void Statement::BindNull(int index) {
  if (status_.ok()) Check(sqlite3_bind_null(statement_, index));
}

bool Statement::Next() {
  if (!status_.ok()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  // The end is no error. An error stays until Reset, so that whoever asks once after a loop sees
  // it.
  if (code != SQLITE_DONE) Check(code);
  return false;
}

absl::Status Statement::Run() {
  while (Next()) {
  }
  absl::Status result = status_;
  if (statement_ != nullptr) Reset();
  return result;
}

void Statement::Reset() {
  sqlite3_reset(statement_);
  status_ = absl::OkStatus();
}

int64_t Statement::Int64(int column) const { return sqlite3_column_int64(statement_, column); }

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

double Statement::Double(int column) const { return sqlite3_column_double(statement_, column); }

std::string Statement::Text(int column) const { return std::string(View(column)); }

std::string_view Statement::View(int column) const {
  // The bytes before their number: asking in this order is what SQLite wants.
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(data), static_cast<size_t>(size));
}

absl::Time Statement::Time(int column) const { return FromMicros(Int64(column)); }

}  // namespace flywheel::sql
