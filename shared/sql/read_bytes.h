// Size limit of one read of many rows, which may hold long texts.
#ifndef FLYWHEEL_SHARED_SQL_READ_BYTES_H_
#define FLYWHEEL_SHARED_SQL_READ_BYTES_H_

#include <cstddef>

namespace flywheel::sql {

// A read ends behind the row that reaches this: whoever reads on holds no more than so much and one
// row in memory, and one message can carry it.
inline constexpr size_t kMaxReadBytes = 1 << 20;

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_READ_BYTES_H_
