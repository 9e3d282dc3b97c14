#include "shared/sql/store_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
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

// SQLite's VFS for Unix takes less than 128 KiB at once: of a longer write it looks at the lower 17
// bits of the length alone.
constexpr size_t kMaxGatheredBytes = 120 << 10;

// Bytes of a write-ahead log that follow each other and are not written yet. SQLite writes each
// page of a commit by itself, and its header before it; nobody reads them before the commit's sync.
struct Gathered {
  sqlite3_int64 offset = 0;
  std::vector<unsigned char> bytes;

  sqlite3_int64 end() const { return offset + static_cast<sqlite3_int64>(bytes.size()); }
};

// Lies behind the system's object, where StoreVfs has SQLite leave room for it.
Gathered& GatheredOf(sqlite3_file* file) {
  return *reinterpret_cast<Gathered*>(reinterpret_cast<char*>(file) + system_vfs->szOsFile);
}

// After an error the bytes stay: not every caller of SQLite gives their transaction up, and a later
// one would leave a hole in their place. Of one that was given up, the next overwrites them.
int WriteGathered(sqlite3_file* file) {
  Gathered& gathered = GatheredOf(file);
  if (gathered.bytes.empty()) return SQLITE_OK;
  const int code = Write(log_methods, file, gathered.bytes.data(),
                         static_cast<int>(gathered.bytes.size()), gathered.offset);
  if (code == SQLITE_OK) gathered.bytes.clear();
  return code;
}

int WriteLog(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  Gathered& gathered = GatheredOf(file);
  const auto count = static_cast<size_t>(size);
  if (offset != gathered.end() || gathered.bytes.size() + count > kMaxGatheredBytes) {
    const int code = WriteGathered(file);
    if (code != SQLITE_OK) return code;
    gathered.offset = offset;
  }
  const auto* bytes = static_cast<const unsigned char*>(data);
  gathered.bytes.insert(gathered.bytes.end(), bytes, bytes + count);
  return SQLITE_OK;
}

// What else is done with a log: all that is written comes first.
template <auto method, typename... Arguments>
int AfterWriting(sqlite3_file* file, Arguments... arguments) {
  const int code = WriteGathered(file);
  return code == SQLITE_OK ? (log_methods.system->*method)(file, arguments...) : code;
}

int CloseLog(sqlite3_file* file) {
  const int written = WriteGathered(file);
  GatheredOf(file).~Gathered();
  const int closed = log_methods.system->xClose(file);
  return written == SQLITE_OK ? closed : written;
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

void WrapDatabase(sqlite3_io_methods& ours) { ours.xWrite = WriteZeroed; }

void WrapLog(sqlite3_io_methods& ours) {
  ours.xWrite = WriteLog;
  ours.xRead = AfterWriting<&sqlite3_io_methods::xRead>;
  ours.xTruncate = AfterWriting<&sqlite3_io_methods::xTruncate>;
  ours.xSync = AfterWriting<&sqlite3_io_methods::xSync>;
  ours.xFileSize = AfterWriting<&sqlite3_io_methods::xFileSize>;
  ours.xClose = CloseLog;
}

// All files of a kind have the same methods; those of the first one are kept.
template <Methods& methods, auto wrap>
int Wrap(sqlite3_file* file) {
  static const sqlite3_io_methods* const first = [file] {
    methods.ours = *file->pMethods;
    wrap(methods.ours);
    return methods.system = file->pMethods;
  }();
  if (file->pMethods != first) return SQLITE_CANTOPEN;
  file->pMethods = &methods.ours;
  return SQLITE_OK;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  if (code != SQLITE_OK) return code;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return Wrap<database_methods, WrapDatabase>(file);
  if ((flags & SQLITE_OPEN_WAL) == 0) return SQLITE_OK;
  new (&GatheredOf(file)) Gathered;
  return Wrap<log_methods, WrapLog>(file);
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
    store_vfs.szOsFile += static_cast<int>(sizeof(Gathered));
    // Behind the system's object, where its alignment allows.
    return system_vfs->szOsFile % static_cast<int>(alignof(Gathered)) == 0 &&
           sqlite3_vfs_register(&store_vfs, /*makeDflt=*/0) == SQLITE_OK;
  }();
  return registered ? store_vfs.zName : nullptr;
}

}  // namespace flywheel::sql
