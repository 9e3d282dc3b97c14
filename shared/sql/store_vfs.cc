#include "shared/sql/store_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <vector>

#include "shared/sql/zero_free_space.h"

namespace flywheel::sql {
namespace {

// What the system's own VFS does with a database file, and the same with what is changed here. The
// files stay the system's own objects, so that their other methods need no wrapping.
sqlite3_vfs* system_vfs = nullptr;
const sqlite3_io_methods* system_database = nullptr;
sqlite3_io_methods store_database;

int WriteZeroed(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  sqlite3_int64 file_bytes = 0;
  thread_local std::vector<unsigned char> page;
  if (IsPage(size, offset) && system_database->xFileSize(file, &file_bytes) == SQLITE_OK &&
      std::max(file_bytes, offset) / size < kMaxZeroedPages) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    page.assign(bytes, bytes + size);
    if (ZeroFreeSpace(page, offset == 0)) data = page.data();
  }
  return system_database->xWrite(file, data, size, offset);
}

// All database files have the same methods; those of the first one are kept.
int OpenDatabase(sqlite3_file* file) {
  static const sqlite3_io_methods* const first = [file] {
    store_database = *file->pMethods;
    store_database.xWrite = WriteZeroed;
    return system_database = file->pMethods;
  }();
  if (file->pMethods != first) return SQLITE_CANTOPEN;
  file->pMethods = &store_database;
  return SQLITE_OK;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  if (code != SQLITE_OK) return code;
  return (flags & SQLITE_OPEN_MAIN_DB) != 0 ? OpenDatabase(file) : SQLITE_OK;
}

}  // namespace

const char* StoreVfs() {
  static sqlite3_vfs store_vfs;
  static const bool registered = [] {
    // Without statistics of SQLite's memory, which nobody asks for, no lock is taken to get some.
    // Refused where SQLite runs already, which is no harm.
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    system_vfs = sqlite3_vfs_find(nullptr);
    if (system_vfs == nullptr) return false;
    store_vfs = *system_vfs;
    store_vfs.pNext = nullptr;
    store_vfs.zName = "flywheel-store";
    store_vfs.xOpen = Open;
    return sqlite3_vfs_register(&store_vfs, /*makeDflt=*/0) == SQLITE_OK;
  }();
  return registered ? store_vfs.zName : nullptr;
}

}  // namespace flywheel::sql
