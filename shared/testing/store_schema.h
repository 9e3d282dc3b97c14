// Golden tests of a store's schema, and of the way to it from every earlier version.
#ifndef FLYWHEEL_SHARED_TESTING_STORE_SCHEMA_H_
#define FLYWHEEL_SHARED_TESTING_STORE_SCHEMA_H_

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/types/span.h"
#include "shared/sql/connection.h"
#include "shared/sql/migration.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::testing {

// Writes what it finds in place of comparing it.
inline constexpr char kUpdateGolden[] = "FLYWHEEL_UPDATE_GOLDEN";

// Every value of the first column.
inline std::vector<std::string> ColumnOf(sql::Connection& connection, std::string_view query) {
  sql::Statement select = connection.Prepare(query);
  std::vector<std::string> values;
  while (select.Next()) values.push_back(select.Text(0));
  EXPECT_OK(select.status()) << query;
  return values;
}

inline constexpr char kTablesSql[] =
    "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";

// Every statement of the schema as the store keeps it, a table before its indexes, by name.
// schema_migrations is shared/sql's own, and the same in all stores.
inline std::string SchemaOf(sql::Connection& connection) {
  std::string schema;
  for (const std::string& statement : ColumnOf(connection, R"sql(
           SELECT sql FROM sqlite_master
           WHERE sql IS NOT NULL AND tbl_name <> 'schema_migrations'
           ORDER BY tbl_name, type DESC, name)sql")) {
    schema += statement + ";\n\n";
  }
  return schema;
}

// Every row of every table as a statement, by table and key.
inline std::string RowsOf(sql::Connection& connection) {
  std::string rows;
  for (const std::string& table : ColumnOf(connection, kTablesSql)) {
    const auto columns = ColumnOf(
        connection, fmt::format("SELECT name FROM pragma_table_info('{}') ORDER BY cid", table));
    const auto key = ColumnOf(
        connection,
        fmt::format("SELECT name FROM pragma_table_info('{}') WHERE pk > 0 ORDER BY pk", table));
    const std::string query = fmt::format(
        "SELECT 'INSERT INTO {0} ({1}) VALUES (' || quote({2}) || ');' FROM {0} "
        "ORDER BY {3}",
        table, fmt::join(columns, ", "), fmt::join(columns, ") || ', ' || quote("),
        fmt::join(key, ", "));
    for (const std::string& row : ColumnOf(connection, query)) rows += row + "\n";
  }
  return rows;
}

// The file's text; empty where there is none. Paths begin at the root of the repository.
inline std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// That `text` is what the file holds.
inline void ExpectGolden(const std::string& path, const std::string& text) {
  if (std::getenv(kUpdateGolden) != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(TextOf(path), text) << "If this change is meant, run the test with " << kUpdateGolden
                                << "=1 from the root of the repository and commit " << path;
}

// One service's store: its migrations, and where its golden files are.
struct StoreGolden {
  absl::Span<const sql::Migration> migrations;
  // The schema of the newest version.
  std::string schema_path;
  // version_N.sql: a store of version N with rows in its tables, as SQL; migrated_rows.txt: what
  // the rows of each become.
  std::string dump_dir;

  size_t newest() const { return migrations.size(); }
  std::string dump_path(size_t version) const {
    return fmt::format("{}/version_{}.sql", dump_dir, version);
  }
};

// An empty store of the newest version.
inline std::unique_ptr<sql::Connection> NewStore(const TempDir& dir, const StoreGolden& golden) {
  const std::string path = dir.path() + "/store.db";
  auto connection = sql::Connection::Open(path, sql::Access::kWrite);
  EXPECT_OK(connection);
  EXPECT_OK(sql::Migrate(**connection, path, golden.migrations));
  return *std::move(connection);
}

// What version_<version>.sql holds, migrated to the first `target` migrations.
inline std::unique_ptr<sql::Connection> MigratedDump(const TempDir& dir, const StoreGolden& golden,
                                                     size_t version, size_t target) {
  const std::string path = dir.path() + "/store.db";
  const std::string dump = TextOf(golden.dump_path(version));
  EXPECT_NE(dump, "") << golden.dump_path(version) << " is missing: run the test with "
                      << kUpdateGolden << "=1, add rows to the tables that are new, commit it";
  auto connection = sql::Connection::Open(path, sql::Access::kWrite);
  EXPECT_OK(connection);
  EXPECT_OK((*connection)->Execute(dump.c_str()));
  EXPECT_OK(sql::Migrate(**connection, path, golden.migrations.first(target)));
  return *std::move(connection);
}

// That a new store has the golden schema, in STRICT tables.
inline void ExpectGoldenSchema(const StoreGolden& golden) {
  const TempDir dir;
  const auto store = NewStore(dir, golden);
  const std::string made_by = fmt::format("{}=1 build/release/bin/{} --gtest_filter='Schema*'",
                                          kUpdateGolden, program_invocation_short_name);
  ExpectGolden(golden.schema_path,
               "-- Generated, never edit: " + made_by + "\n\n" + SchemaOf(*store));
  for (const std::string& table :
       ColumnOf(*store,
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 "
                "AND name NOT LIKE 'sqlite_%' ORDER BY name")) {
    ADD_FAILURE() << table << " is no STRICT table";
  }
}

// That a store of every earlier version becomes one of the newest with the same schema, is whole,
// and keeps its rows as migrated_rows.txt says.
inline void ExpectEveryVersionMigrates(const StoreGolden& golden) {
  if (std::getenv(kUpdateGolden) != nullptr) {
    for (size_t version = 2; version < golden.newest(); ++version) {
      if (!TextOf(golden.dump_path(version)).empty()) continue;
      const TempDir dir;
      const auto store = MigratedDump(dir, golden, version - 1, version);
      ExpectGolden(golden.dump_path(version),
                   "PRAGMA foreign_keys = OFF;\nBEGIN;\n" +
                       ColumnOf(*store,
                                "SELECT sql FROM sqlite_master WHERE tbl_name = "
                                "'schema_migrations'")
                           .front() +
                       ";\n" + SchemaOf(*store) + RowsOf(*store) +
                       "COMMIT;\nPRAGMA foreign_keys = ON;\n");
    }
  }
  const TempDir new_dir;
  const std::string schema = SchemaOf(*NewStore(new_dir, golden));
  std::string rows;
  for (size_t version = 1; version < golden.newest(); ++version) {
    SCOPED_TRACE(golden.dump_path(version));
    const TempDir dir;
    const auto store = MigratedDump(dir, golden, version, golden.newest());
    EXPECT_EQ(SchemaOf(*store), schema);
    EXPECT_EQ(ColumnOf(*store, "PRAGMA integrity_check"), std::vector<std::string>{"ok"});
    EXPECT_TRUE(ColumnOf(*store, "PRAGMA foreign_key_check").empty());
    rows += fmt::format("-- From version {}\n{}\n", version, RowsOf(*store));
  }
  ExpectGolden(golden.dump_dir + "/migrated_rows.txt", rows);
}

}  // namespace flywheel::testing

#endif  // FLYWHEEL_SHARED_TESTING_STORE_SCHEMA_H_
