#include "shared/privacy/digest.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "shared/ids/id.h"
#include "shared/ids/uuid.h"
#include "shared/privacy/content_hash.h"
#include "shared/privacy/hmac.h"
#include "shared/status/errors.h"
#include "shared/testing/temp_dir.h"

namespace flywheel {
namespace {

TEST(Digest, Sha256AgreesWithThePublishedValue) {
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

TEST(Pseudonymiser, GivesTheSameNameToTheSamePersonOfAProjectOnly) {
  const Pseudonymiser pseudonymiser("0123456789abcdef0123456789abcdef");
  const std::string name = pseudonymiser.Pseudonym("shop", "ada@example.org");
  EXPECT_EQ(name, pseudonymiser.Pseudonym("shop", "ada@example.org"));
  EXPECT_NE(name, pseudonymiser.Pseudonym("bank", "ada@example.org"));
  EXPECT_NE(name, pseudonymiser.Pseudonym("shop", "bob@example.org"));
  EXPECT_EQ(name.size(), 34u);
  EXPECT_EQ(name.find("example"), std::string::npos);
}

TEST(Pseudonymiser, KeepsWhatIsAPseudonymAlready) {
  const Pseudonymiser pseudonymiser("0123456789abcdef0123456789abcdef");
  const std::string name = pseudonymiser.Pseudonym("shop", "ada");
  EXPECT_EQ(pseudonymiser.Pseudonym("shop", name), name);
  EXPECT_EQ(pseudonymiser.Pseudonym("shop", ""), "");
}

TEST(Pseudonymiser, MakesItsKeyFileOnceAndForItsOwnerOnly) {
  const testing::TempDir dir;
  const std::string path = dir.path() + "/pseudonym.key";
  const auto first = Pseudonymiser::FromFile(path);
  const auto second = Pseudonymiser::FromFile(path);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->Pseudonym("p", "ada"), second->Pseudonym("p", "ada"));
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(Pseudonymiser, RefusesAShortKey) {
  const testing::TempDir dir;
  const std::string path = dir.path() + "/pseudonym.key";
  std::ofstream(path) << "short\n";
  const auto pseudonymiser = Pseudonymiser::FromFile(path);
  EXPECT_EQ(errors::ReasonOf(pseudonymiser.status()), Reason::kInvalidConfiguration);
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
