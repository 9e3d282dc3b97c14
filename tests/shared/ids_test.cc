#include <gtest/gtest.h>

#include "shared/ids/id.h"
#include "shared/ids/uuid.h"

namespace flywheel {
namespace {

TEST(Uuid, SortsByTimeAndIsAValidId) {
  const std::string early = NewUuidV7(absl::FromUnixSeconds(1'700'000'000));
  const std::string late = NewUuidV7(absl::FromUnixSeconds(1'700'000'001));
  EXPECT_LT(early, late);
  EXPECT_EQ(early.size(), 36u);
  EXPECT_EQ(early[14], '7');
  EXPECT_TRUE(IsValidId(early));
  EXPECT_NE(early, NewUuidV7(absl::FromUnixSeconds(1'700'000'000)));
}

TEST(Id, HasAnAlphabetAndALength) {
  EXPECT_TRUE(IsValidId("a.B_9:-"));
  EXPECT_FALSE(IsValidId(""));
  EXPECT_FALSE(IsValidId("with space"));
  EXPECT_FALSE(IsValidId("umlaut-\xc3\xa4"));
  EXPECT_TRUE(IsValidId(std::string(128, 'x')));
  EXPECT_FALSE(IsValidId(std::string(129, 'x')));
}

}  // namespace
}  // namespace flywheel
