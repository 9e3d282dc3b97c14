// SQL functions that migrations may use.
#ifndef FLYWHEEL_SHARED_SQL_MIGRATION_FUNCTIONS_H_
#define FLYWHEEL_SHARED_SQL_MIGRATION_FUNCTIONS_H_

struct sqlite3;

namespace flywheel::sql {

// Defines, and returns SQLite's code:
//   unhex(text)            the bytes of a text of hexadecimal digits, NULL for any other text;
//   SQLite
//                          itself has it from 3.41 on
//   double_bytes(a, ...)   of each number the 8 bytes of its double, the most significant one first
int DefineMigrationFunctions(sqlite3* database);

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_MIGRATION_FUNCTIONS_H_
