// A SQLite VFS that zeroes the free space of pages.
#ifndef FLYWHEEL_SHARED_SQL_STORE_VFS_H_
#define FLYWHEEL_SHARED_SQL_STORE_VFS_H_

namespace flywheel::sql {

// The name of a VFS for sqlite3_open_v2 that is the system's own but for one thing: a page on its
// way into the database file goes through ZeroFreeSpace. Registers it at the first call. Null where
// SQLite cannot.
const char* StoreVfs();

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_STORE_VFS_H_
