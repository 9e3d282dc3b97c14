#include "shared/lists/list_page.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "shared/lists/list_filter.h"
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

TEST(ListPage, EndsWithTheThingThatBringsItToItsBytes) {
  const auto fill = [](Numbered& thing) -> absl::StatusOr<size_t> { return thing.ordinal * 10; };
  ListPage<Numbered> page{{{1}, {2}, {3}}, 0};
  ASSERT_OK(FillListPage<Numbered>(30, fill, page));
  EXPECT_EQ(page.values.size(), 2);
  EXPECT_EQ(page.next_ordinal, 2);
  // The last thing ends the page anyway.
  page = {{{1}, {2}, {3}}, 7};
  ASSERT_OK(FillListPage<Numbered>(60, fill, page));
  EXPECT_EQ(page.values.size(), 3);
  EXPECT_EQ(page.next_ordinal, 7);
}

TEST(ListFilter, LetsThroughByTimeAndLabels) {
  const absl::Time time = absl::FromUnixSeconds(1'000);
  const Labels labels = {{"a", "1"}, {"b", "2"}};
  EXPECT_TRUE(ListFilter{}.Matches(time, {}));
  EXPECT_TRUE((ListFilter{.create_time_from = time}.Matches(time, labels)));
  EXPECT_FALSE((ListFilter{.create_time_before = time}.Matches(time, labels)));
  EXPECT_TRUE((ListFilter{.labels = {{"b", "2"}}}.Matches(time, labels)));
  EXPECT_FALSE((ListFilter{.labels = {{"b", "1"}}}.Matches(time, labels)));
  EXPECT_FALSE((ListFilter{.labels = {{"b", "2"}, {"c", ""}}}.Matches(time, labels)));
}

}  // namespace
}  // namespace flywheel
