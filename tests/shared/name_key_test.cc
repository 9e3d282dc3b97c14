#include "shared/text/name_key.h"

#include <gtest/gtest.h>

namespace flywheel {
namespace {

TEST(NameKey, IsOneForNamesThatReadAsOne) {
  for (const char* name :
       {"router-v2", "ROUTER-V2", "  router-v2\t", "ｒｏｕｔｅｒ－ｖ２", "router-v\u00b2"}) {
    EXPECT_EQ(NameKey(name), "router-v2") << name;
  }
  EXPECT_EQ(NameKey("stra\u00dfe"), NameKey("STRASSE"));
  EXPECT_EQ(NameKey("caf\u00e9"), NameKey("cafe\u0301"));
  EXPECT_EQ(NameKey("a  b"), NameKey("a\u00a0b"));
}

TEST(NameKey, StaysWhatItIs) {
  for (const char* name : {"router-v2", "\u13a0", "\u0390", "\u1e9e", "x \u00b7 y", "\xff", ""}) {
    EXPECT_EQ(NameKey(NameKey(name)), NameKey(name)) << name;
  }
}

TEST(NameKey, TellsOtherLettersApart) {
  EXPECT_NE(NameKey("ok"), NameKey("\u043ek")) << "a Cyrillic o";
  EXPECT_NE(NameKey("v1"), NameKey("v10"));
}

}  // namespace
}  // namespace flywheel
