#include "shared/sql/zero_free_space.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "shared/sql/connection.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::sql {
namespace {

// A name that nobody else has, in an order that moves pages about.
std::string Name(std::mt19937_64& random) {
  std::string name;
  do {
    name += std::to_string(random());
  } while (random() % 3 != 0);
  return name;
}

std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Writes, and deletes half again; returns the names that were deleted.
template <typename Execute>
std::vector<std::string> WriteAndDelete(unsigned seed, Execute execute) {
  std::mt19937_64 random(seed);
  std::vector<std::string> names;
  execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL)");
  execute("CREATE UNIQUE INDEX by_name ON t (name)");
  for (int i = 0; i < 4'000; ++i) {
    names.push_back(Name(random));
    execute("INSERT INTO t (name, text) VALUES ('" + names.back() + "', '" +
            std::string(random() % 300, 'x') + "')");
  }
  std::shuffle(names.begin(), names.end(), random);
  names.resize(names.size() / 2);
  for (const std::string& name : names) execute("DELETE FROM t WHERE name = '" + name + "'");
  return names;
}

// A copy may have lost its beginning or its end.
int Found(const std::vector<std::string>& names, const std::string& bytes) {
  constexpr size_t kPiece = 12;
  int found = 0;
  for (const std::string& name : names) {
    found += bytes.find(name.substr(0, kPiece)) != std::string::npos ||
             bytes.find(name.substr(name.size() - kPiece)) != std::string::npos;
  }
  return found;
}

bool IsWhole(const std::string& path) {
  auto connection = Connection::Open(path, Access::kRead);
  if (!connection.ok()) return false;
  Statement check = (*connection)->Prepare("PRAGMA integrity_check");
  Statement count = (*connection)->Prepare("SELECT COUNT(*) FROM t");
  return check.Next() && check.Text(0) == "ok" && count.Next() && count.Int64(0) == 2'000;
}

class ZeroFreeSpaceTest : public ::testing::TestWithParam<unsigned> {
 protected:
  const testing::TempDir dir_;
  const std::string path_ = dir_.path() + "/t.db";
};

TEST_P(ZeroFreeSpaceTest, NothingDeletedStaysInAFileThatAConnectionWrote) {
  auto opened = Connection::Open(path_, Access::kWrite);
  ASSERT_OK(opened);
  Connection& connection = **opened;
  // Some statements a commit, so that the disk is waited for less often.
  int statements = 0;
  const auto names = WriteAndDelete(GetParam(), [&](const std::string& sql) {
    if (statements++ % 20 == 0) {
      if (connection.InTransaction()) {
        ASSERT_OK(connection.Execute("COMMIT"));
      }
      ASSERT_OK(connection.Execute("BEGIN IMMEDIATE"));
    }
    ASSERT_OK(connection.Execute(sql.c_str()));
  });
  ASSERT_OK(connection.Execute("COMMIT"));
  const auto emptied = connection.TruncateWal();
  ASSERT_OK(emptied);
  EXPECT_TRUE(*emptied);
  EXPECT_TRUE(Bytes(path_ + "-wal").empty());
  EXPECT_EQ(Found(names, Bytes(path_)), 0);
  EXPECT_TRUE(IsWhole(path_));
}

TEST(ZeroFileFreeSpace, TakesOutWhatSqliteAloneLeavesOfDeletedRows) {
  int left_by_sqlite = 0;
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const testing::TempDir dir;
    const std::string path = dir.path() + "/t.db";
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    const auto execute = [&](const std::string& sql) {
      ASSERT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    };
    execute("PRAGMA secure_delete = ON");
    execute("PRAGMA synchronous = OFF");
    execute("PRAGMA journal_mode = MEMORY");
    const auto names = WriteAndDelete(seed, execute);
    sqlite3_close(database);
    left_by_sqlite += Found(names, Bytes(path));
    ASSERT_OK(ZeroFileFreeSpace(path));
    EXPECT_EQ(Found(names, Bytes(path)), 0);
    EXPECT_TRUE(IsWhole(path));
  }
  EXPECT_GT(left_by_sqlite, 0) << "then there would be nothing to clean";
}

INSTANTIATE_TEST_SUITE_P(Seeds, ZeroFreeSpaceTest, ::testing::Values(1u, 2u, 3u));

TEST(ZeroFreeSpace, LeavesAloneWhatIsNoTreeOrNotAsTheFormatSays) {
  std::vector<unsigned char> page(4096, 'x');
  const std::vector<unsigned char> before = page;
  EXPECT_FALSE(ZeroFreeSpace(page, false));
  for (const unsigned char type : {2, 5, 10, 13}) {
    page = before;
    page[0] = type;
    const std::vector<unsigned char> typed = page;
    EXPECT_FALSE(ZeroFreeSpace(page, false));
    EXPECT_EQ(page, typed);
  }
}

TEST(ZeroFreeSpace, ZeroesTheGapAndFreedPiecesAndNothingElse) {
  std::vector<unsigned char> page(512, 'x');
  // A leaf with one cell at 500, a freed piece of 20 bytes at 400, and content from 400 on.
  const std::vector<unsigned char> header = {13, 1, 144, 0, 1, 1, 144, 0, 1, 244};
  std::copy(header.begin(), header.end(), page.begin());
  const std::vector<unsigned char> piece = {0, 0, 0, 20};
  std::copy(piece.begin(), piece.end(), page.begin() + 400);
  EXPECT_TRUE(ZeroFreeSpace(page, false));
  EXPECT_TRUE(std::equal(header.begin(), header.end(), page.begin()));
  EXPECT_TRUE(std::all_of(page.begin() + 10, page.begin() + 400, [](int b) { return b == 0; }));
  EXPECT_TRUE(std::equal(piece.begin(), piece.end(), page.begin() + 400));
  EXPECT_TRUE(std::all_of(page.begin() + 404, page.begin() + 420, [](int b) { return b == 0; }));
  EXPECT_TRUE(std::all_of(page.begin() + 420, page.end(), [](int b) { return b == 'x'; }));
  EXPECT_FALSE(ZeroFreeSpace(page, false));
}

TEST(ZeroFileFreeSpace, TakesWhatIsNotThereOrNoDatabaseForClean) {
  const testing::TempDir dir;
  EXPECT_OK(ZeroFileFreeSpace(dir.path() + "/none.db"));
  std::ofstream(dir.path() + "/text.db") << "no database";
  EXPECT_OK(ZeroFileFreeSpace(dir.path() + "/text.db"));
  EXPECT_EQ(Bytes(dir.path() + "/text.db"), "no database");
}

}  // namespace
}  // namespace flywheel::sql
