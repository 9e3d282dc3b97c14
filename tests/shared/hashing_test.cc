#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "shared/hashing/content_hash.h"
#include "shared/hashing/hmac.h"
#include "shared/hashing/sha256.h"

namespace flywheel {
namespace {

TEST(Sha256, AgreesWithThePublishedValue) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// RFC 4231, all test cases but the fifth, which truncates; the last two have keys longer than a
// block.
TEST(HmacSha256, AgreesWithThePublishedValues) {
  std::string counted;
  for (char byte = 1; byte <= 25; ++byte) counted += byte;
  const struct {
    std::string key, message, mac;
  } cases[] = {
      {std::string(20, '\x0b'), "Hi There",
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?",
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {counted, std::string(50, '\xcd'),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The "
       "key needs to be hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
  for (const auto& c : cases) EXPECT_EQ(ToHex(HmacSha256(c.key).Mac(c.message)), c.mac);
}

TEST(ContentHash, IsTheSameForTheSameValuesAlone) {
  const auto hash = [] { return ContentHash().Add("ab").Add(int64_t{1}).Add(0.5).Hex(); };
  EXPECT_EQ(hash(), hash());
  EXPECT_EQ(hash().size(), 64u);
  EXPECT_NE(ContentHash().Add("ab").Add("c").Hex(), ContentHash().Add("a").Add("bc").Hex());
  EXPECT_NE(ContentHash().Add("").Add("a").Hex(), ContentHash().Add("a").Add("").Hex());
  EXPECT_EQ(ContentHash().Add(-0.0).Hex(), ContentHash().Add(0.0).Hex());
}

TEST(ContentHash, NeverChangesBecauseItIsStored) {
  // printf '1:a1:73:0.1' | sha256sum
  EXPECT_EQ(ContentHash().Add("a").Add(int64_t{7}).Add(0.1).Hex(),
            "3e697b9f094d14715ee1585f34a5e5356ee8dd76789c893f3b879f3b8f388a41");
}

// However much it is, and whatever is asked in between.
TEST(ContentHash, OfMuchIsThatOfAllBytesAtOnce) {
  std::string all;
  ContentHash hash;
  for (int i = 0; i < 1'000; ++i) {
    const std::string text(static_cast<size_t>(i), static_cast<char>('a' + i % 26));
    all += std::to_string(text.size()) + ":" + text;
    hash.Add(text);
    if (i % 100 == 0) {
      EXPECT_EQ(hash.Bytes(), Sha256(all)) << i;
    }
  }
  EXPECT_EQ(hash.Hex(), Sha256Hex(all));
  EXPECT_EQ(hash.Hex(), Sha256Hex(all)) << "asked once more";
}

}  // namespace
}  // namespace flywheel
