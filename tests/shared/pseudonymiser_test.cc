#include "shared/privacy/pseudonymiser.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "shared/status/errors.h"
#include "shared/testing/temp_dir.h"

namespace flywheel {
namespace {

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

}  // namespace
}  // namespace flywheel
