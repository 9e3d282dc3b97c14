#include "shared/sql/store_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <vector>

#include "shared/sql/zero_free_space.h"
#include "shared/status/no_room.h"

namespace flywheel::sql {
namespace {

// What the system's own VFS does with a kind of file, and the same with what is changed here. The
// files stay the system's own objects, so that their other methods need no wrapping.
struct Methods {
  const sqlite3_io_methods* system = nullptr;
  sqlite3_io_methods ours{};
};

sqlite3_vfs* system_vfs = nullptr;
Methods database_methods;
Methods log_methods;

// SQLite makes SQLITE_FULL of ENOSPC alone. A quota, and the size that a file may have, are an I/O
// error to it, and no room to whoever has to make some.
int Write(const Methods& methods, sqlite3_file* file, const void* data, int size,
          sqlite3_int64 offset) {
  const int code = methods.system->xWrite(file, data, size, offset);
  if (code != SQLITE_IOERR_WRITE) return code;
  int error = 0;
  methods.system->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
  return IsNoRoom(error) ? SQLITE_FULL : code;
}

int WriteLog(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  return Write(log_methods, file, data, size, offset);
}

int WriteZeroed(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  sqlite3_int64 file_bytes = 0;
  thread_local std::vector<unsigned char> page;
  if (IsPage(size, offset) && database_methods.system->xFileSize(file, &file_bytes) == SQLITE_OK &&
      std::max(file_bytes, offset) / size < kMaxZeroedPages) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    page.assign(bytes, bytes + size);
    if (ZeroFreeSpace(page, offset == 0)) data = page.data();
  }
  return Write(database_methods, file, data, size, offset);
}

// All files of a kind have the same methods; those of the first one are kept.
template <Methods& methods, auto write>
int Wrap(sqlite3_file* file) {
  static const sqlite3_io_methods* const first = [file] {
    methods.ours = *file->pMethods;
    methods.ours.xWrite = write;
    return methods.system = file->pMethods;
  }();
  if (file->pMethods != first) return SQLITE_CANTOPEN;
  file->pMethods = &methods.ours;
  return SQLITE_OK;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  if (code != SQLITE_OK) return code;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return Wrap<database_methods, WriteZeroed>(file);
  if ((flags & SQLITE_OPEN_WAL) != 0) return Wrap<log_methods, WriteLog>(file);
  return SQLITE_OK;
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
