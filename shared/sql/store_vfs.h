// A SQLite VFS that zeroes free space and gathers WAL writes.
#ifndef FLYWHEEL_SHARED_SQL_STORE_VFS_H_
#define FLYWHEEL_SHARED_SQL_STORE_VFS_H_

namespace flywheel::sql {

// The name of a VFS for sqlite3_open_v2 that is the system's own but for two things; registers it
// at the first call. Null where SQLite cannot.
//
// - A page on its way into the database file goes through ZeroFreeSpace.
// - What a commit appends to the write-ahead log is gathered and written at once: SQLite itself
//   calls the system twice a page. It is written at the latest when SQLite syncs the log, which it
//   does before it shows a commit to anybody, with "PRAGMA synchronous = FULL" and no less. An
//   error of the disk is met there and not earlier; both fail the same commit.
const char* StoreVfs();

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_STORE_VFS_H_
