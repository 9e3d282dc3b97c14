// Splits a long list into writes that hold the writer up for some 10 ms each.
#ifndef FLYWHEEL_SHARED_SQL_WRITE_PIECE_H_
#define FLYWHEEL_SHARED_SQL_WRITE_PIECE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "shared/sql/database.h"

namespace flywheel::sql {

// The beginning of a list, and for how many bytes it counts in Database::Write.
template <typename T>
struct WritePiece {
  std::span<const T> items;
  int64_t size_bytes = Database::kSmallWriteBytes;
};

// As many of the first of `items` as one write takes: at most `max_items`, and none behind the one
// with which they reach 1 MiB; at least one where there is one. `size_of` returns an item's bytes.
template <typename T, typename SizeOf>
WritePiece<T> FirstPiece(std::span<const T> items, size_t max_items, SizeOf size_of) {
  constexpr size_t kMaxBytes = 1 << 20;
  const size_t most = std::min(items.size(), max_items);
  size_t count = 0;
  size_t bytes = 0;
  while (count < most && bytes < kMaxBytes) bytes += size_of(items[count++]);
  return {items.first(count), static_cast<int64_t>(bytes) + Database::kSmallWriteBytes};
}

}  // namespace flywheel::sql

#endif  // FLYWHEEL_SHARED_SQL_WRITE_PIECE_H_
