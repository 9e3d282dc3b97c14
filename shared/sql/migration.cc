#include "shared/sql/migration.h"

#include <fmt/format.h>

#include <cstdint>

#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::sql {
namespace {

absl::Status CreateVersionTable(Connection& connection) {
  // One row a step that was taken. A table and not a pragma, so that any SQL engine can hold it.
  return connection.Execute(R"sql(
      CREATE TABLE IF NOT EXISTS schema_migrations (
        version INTEGER NOT NULL PRIMARY KEY,
        purpose TEXT NOT NULL
      ) STRICT)sql");
}

absl::StatusOr<int64_t> CurrentVersion(Connection& connection) {
  Statement select = connection.Prepare("SELECT COALESCE(MAX(version), 0) FROM schema_migrations");
  const int64_t version = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return version;
}

}  // namespace

absl::Status Migrate(Connection& connection, const std::string& path,
                     absl::Span<const Migration> migrations) {
  RETURN_IF_ERROR(connection.DefineMigrationFunctions());
  RETURN_IF_ERROR(CreateVersionTable(connection));
  ASSIGN_OR_RETURN(const int64_t version, CurrentVersion(connection));
  const int64_t newest = static_cast<int64_t>(migrations.size());
  if (version > newest) return errors::StoreTooNew(path, version, newest);
  for (int64_t step = version + 1; step <= newest; ++step) {
    const Migration& migration = migrations[static_cast<size_t>(step - 1)];
    Transaction transaction(connection);
    RETURN_IF_ERROR(transaction.Begin());
    RETURN_IF_ERROR(connection.Execute(migration.sql));
    RETURN_IF_ERROR(
        connection.Prepare("INSERT INTO schema_migrations (version, purpose) VALUES (?, ?)")
            .Bind(step, migration.purpose)
            .Run());
    RETURN_IF_ERROR(transaction.Commit());
  }
  return absl::OkStatus();
}

absl::Status RequireNewest(Connection& connection, const std::string& path,
                           absl::Span<const Migration> migrations) {
  ASSIGN_OR_RETURN(const int64_t version, CurrentVersion(connection));
  const auto newest = static_cast<int64_t>(migrations.size());
  if (version > newest) return errors::StoreTooNew(path, version, newest);
  if (version == newest) return absl::OkStatus();
  return errors::InvalidConfiguration(
      "the store", fmt::format("{} with schema version {}", path, version),
      fmt::format("version {}: start its service of this version once", newest));
}

}  // namespace flywheel::sql
