// List page: reads what a filter lets through, in pieces along an index.
#ifndef FLYWHEEL_SHARED_LISTS_LIST_PAGE_H_
#define FLYWHEEL_SHARED_LISTS_LIST_PAGE_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "shared/status/status_macros.h"

namespace flywheel {

// One page of a list.
template <typename Value>
struct ListPage {
  std::vector<Value> values;
  // The next page goes on beyond this ordinal; 0 on the last page.
  int64_t next_ordinal = 0;
};

// A page looks at this many things at most, so that it may be short, and even empty, with others
// after it.
inline constexpr int64_t kMaxLookedAt = 20'000;

// Up to `page_size` of what `matches`, from beyond an ordinal on. `read` gives up to `limit` things
// beyond an ordinal, in the order of the list; each has an `ordinal`.
template <typename Stored>
absl::StatusOr<ListPage<Stored>> ReadListPage(
    int64_t beyond, int64_t page_size,
    absl::FunctionRef<absl::StatusOr<std::vector<Stored>>(int64_t beyond, int64_t limit)> read,
    absl::FunctionRef<bool(const Stored&)> matches) {
  constexpr int64_t kPiece = 1'000;
  ListPage<Stored> page;
  // One more than asked for tells whether there is another page.
  int64_t limit = page_size + 1;
  for (int64_t looked_at = 0;; limit = kPiece) {
    ASSIGN_OR_RETURN(std::vector<Stored> piece, read(beyond, limit));
    for (Stored& stored : piece) {
      const int64_t ordinal = stored.ordinal;
      if (matches(stored)) {
        if (static_cast<int64_t>(page.values.size()) == page_size) {
          page.next_ordinal = beyond;
          return page;
        }
        page.values.push_back(std::move(stored));
      }
      beyond = ordinal;
    }
    if (static_cast<int64_t>(piece.size()) < limit) return page;
    looked_at += limit;
    if (looked_at < kMaxLookedAt) continue;
    page.next_ordinal = beyond;
    return page;
  }
}

// Fills in what is read of a thing only once it is on a page. `fill` returns how many bytes the
// thing has; a page ends with the thing that brings it to `most_bytes`.
template <typename Stored>
absl::Status FillListPage(size_t most_bytes,
                          absl::FunctionRef<absl::StatusOr<size_t>(Stored&)> fill,
                          ListPage<Stored>& page) {
  size_t bytes = 0;
  for (size_t i = 0; i < page.values.size(); ++i) {
    ASSIGN_OR_RETURN(const size_t of_one, fill(page.values[i]));
    bytes += of_one;
    if (bytes < most_bytes || i + 1 == page.values.size()) continue;
    page.next_ordinal = page.values[i].ordinal;
    page.values.resize(i + 1);
  }
  return absl::OkStatus();
}

// The things themselves, without what the store knows besides.
template <typename Stored, typename Value>
ListPage<Value> ValuesOf(ListPage<Stored> page, Value Stored::*value) {
  ListPage<Value> values{{}, page.next_ordinal};
  for (Stored& stored : page.values) values.values.push_back(std::move(stored.*value));
  return values;
}

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_LISTS_LIST_PAGE_H_
