#include "shared/sql/store_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <vector>

#include "shared/sql/zero_free_space.h"

namespace flywheel::sql {
namespace {

// SQLite's VFS for Unix takes less than 128 KiB at once: of a longer write it looks at the lower 17
// bits of the length alone.
constexpr size_t kMaxGatheredBytes = 120 << 10;

// What the system's own VFS does with either file, and the same with what is changed here. The
// files stay the system's own objects, so that their other methods need no wrapping.
sqlite3_vfs* system_vfs = nullptr;
const sqlite3_io_methods* system_database = nullptr;
sqlite3_io_methods store_database;
const sqlite3_io_methods* system_log = nullptr;
sqlite3_io_methods store_log;

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

// Bytes of a write-ahead log that follow each other and are not written yet.
struct Gathered {
  sqlite3_int64 offset = 0;
  std::vector<unsigned char> bytes;

  sqlite3_int64 end() const { return offset + static_cast<sqlite3_int64>(bytes.size()); }
};

// Lies behind the system's object, which SQLite leaves room for: see StoreVfs.
Gathered& GatheredOf(sqlite3_file* file) {
  return *reinterpret_cast<Gathered*>(reinterpret_cast<char*>(file) + system_vfs->szOsFile);
}

// After an error the bytes stay: not every caller of SQLite gives their transaction up, and a later
// one would leave a hole in their place. Of one that was given up, the next overwrites them.
int WriteGathered(sqlite3_file* file) {
  Gathered& gathered = GatheredOf(file);
  if (gathered.bytes.empty()) return SQLITE_OK;
  const int code = system_log->xWrite(file, gathered.bytes.data(),
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

int ReadLog(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  const int code = WriteGathered(file);
  return code == SQLITE_OK ? system_log->xRead(file, data, size, offset) : code;
}

int TruncateLog(sqlite3_file* file, sqlite3_int64 size) {
  const int code = WriteGathered(file);
  return code == SQLITE_OK ? system_log->xTruncate(file, size) : code;
}

int SyncLog(sqlite3_file* file, int flags) {
  const int code = WriteGathered(file);
  return code == SQLITE_OK ? system_log->xSync(file, flags) : code;
}

int SizeOfLog(sqlite3_file* file, sqlite3_int64* size) {
  const int code = WriteGathered(file);
  return code == SQLITE_OK ? system_log->xFileSize(file, size) : code;
}

int CloseLog(sqlite3_file* file) {
  const int written = WriteGathered(file);
  GatheredOf(file).~Gathered();
  const int closed = system_log->xClose(file);
  return written == SQLITE_OK ? closed : written;
}

// All files of a kind have the same methods; those of the first one are kept.
bool Know(sqlite3_file* file, const sqlite3_io_methods*& system, sqlite3_io_methods& store) {
  if (system == nullptr) {
    store = *file->pMethods;
    system = file->pMethods;
  }
  return file->pMethods == system;
}

int OpenDatabase(sqlite3_file* file) {
  static const bool known = [file] {
    const bool is_known = Know(file, system_database, store_database);
    store_database.xWrite = WriteZeroed;
    return is_known;
  }();
  if (!known || file->pMethods != system_database) return SQLITE_CANTOPEN;
  file->pMethods = &store_database;
  return SQLITE_OK;
}

int OpenLog(sqlite3_file* file) {
  static const bool known = [file] {
    const bool is_known = Know(file, system_log, store_log);
    store_log.xWrite = WriteLog;
    store_log.xRead = ReadLog;
    store_log.xTruncate = TruncateLog;
    store_log.xSync = SyncLog;
    store_log.xFileSize = SizeOfLog;
    store_log.xClose = CloseLog;
    return is_known;
  }();
  if (!known || file->pMethods != system_log) return SQLITE_CANTOPEN;
  new (&GatheredOf(file)) Gathered;
  file->pMethods = &store_log;
  return SQLITE_OK;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = system_vfs->xOpen(system_vfs, name, file, flags, out_flags);
  if (code != SQLITE_OK) return code;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) return OpenDatabase(file);
  if ((flags & SQLITE_OPEN_WAL) != 0) return OpenLog(file);
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
    store_vfs.szOsFile += static_cast<int>(sizeof(Gathered));
    // Behind the system's object, where its alignment allows.
    return system_vfs->szOsFile % static_cast<int>(alignof(Gathered)) == 0 &&
           sqlite3_vfs_register(&store_vfs, /*makeDflt=*/0) == SQLITE_OK;
  }();
  return registered ? store_vfs.zName : nullptr;
}

}  // namespace flywheel::sql
