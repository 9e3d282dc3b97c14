// A SQLite VFS that zeroes the free space of pages, and writes the log in large pieces.
#ifndef FLYWHEEL_SHARED_SQL_STORE_VFS_H_
#define FLYWHEEL_SHARED_SQL_STORE_VFS_H_

namespace flywheel::sql {

// The name of a VFS for sqlite3_open_v2 that is the system's own but for three things: a page on
// its way into the database file goes through ZeroFreeSpace, what a commit appends to the log is
// written at once, at its sync (decision 0011), and a write into either that has no room, for
// whatever reason, is SQLITE_FULL (see IsNoRoom). Registers it at the first call. Null where SQLite
// cannot.
const char* StoreVfs();

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_STORE_VFS_H_
