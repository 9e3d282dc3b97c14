#include "shared/lists/list_page.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shared/testing/status_matchers.h"

namespace flywheel {
namespace {

// A thing of a list that has a number for everything.
struct Numbered {
  int64_t ordinal = 0;
};

TEST(ListPage, LooksAtSoManyThingsAndGoesOnWhereItStopped) {
  static constexpr int64_t kThings = 50'000;
  const auto read = [](int64_t beyond, int64_t limit) -> absl::StatusOr<std::vector<Numbered>> {
    std::vector<Numbered> piece;
    for (int64_t i = beyond + 1; i <= std::min(beyond + limit, kThings); ++i) piece.push_back({i});
    return piece;
  };
  const auto last_alone = [](const Numbered& thing) { return thing.ordinal == kThings; };
  int pages = 0;
  int64_t found = 0;
  for (int64_t beyond = 0;; ++pages) {
    const auto page = ReadListPage<Numbered>(beyond, 10, read, last_alone);
    ASSERT_OK(page);
    found += static_cast<int64_t>(page->values.size());
    EXPECT_LE(page->next_ordinal - beyond, kMaxLookedAt + 1'000);
    beyond = page->next_ordinal;
    if (beyond == 0) break;
  }
  EXPECT_EQ(found, 1);
  EXPECT_EQ(pages, 2);
}

}  // namespace
}  // namespace flywheel
