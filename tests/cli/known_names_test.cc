#include "cli/known_names.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flywheel::cli {
namespace {

TEST(KnownNames, AreNearWhereFingersSlipped) {
  const std::vector<std::string> known = {"refunds", "held-out", "v1", "v10"};
  EXPECT_EQ(NearestName("refnuds", known), "refunds") << "two swapped";
  EXPECT_EQ(NearestName("refund", known), "refunds");
  EXPECT_EQ(NearestName("REFUNDS", known), "refunds");
  EXPECT_EQ(NearestName("held_out", known), "held-out");
  EXPECT_EQ(NearestName("v2", known), "v1");
  EXPECT_EQ(NearestName("delivery", known), "");
  EXPECT_EQ(NearestName("x", {}), "");
  EXPECT_EQ(NearestName("", {"a"}), "a");
  EXPECT_EQ(NearestName(std::string(100'000, 'x'), known), "");
}

TEST(KnownNames, AreToldByName) {
  EXPECT_EQ(WhatThereIs("suites", "refunt", {"smoke", "refunds"}),
            "Did you mean 'refunds'? Known suites: 'refunds', 'smoke'.");
  EXPECT_EQ(WhatThereIs("suites", "other", {"smoke"}), "Known suites: 'smoke'.");
  EXPECT_EQ(WhatThereIs("suites", "other", {}), "There are no suites.");
  std::vector<std::string> many;
  for (char c = 'a'; c <= 'l'; ++c) many.push_back("long name " + std::string(1, c));
  EXPECT_EQ(WhatThereIs("cohorts", "other", many).substr(0, 32),
            "Known cohorts: 'long name a', 'l");
  EXPECT_TRUE(WhatThereIs("cohorts", "other", many).ends_with("'long name j' and 2 more."));
}

}  // namespace
}  // namespace flywheel::cli
