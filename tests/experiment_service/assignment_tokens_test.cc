#include "experiment_service/assignment_tokens.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "shared/hashing/sha256.h"
#include "shared/privacy/pseudonymiser.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::experiment {
namespace {

class AssignmentTokensTest : public ::testing::Test {
 protected:
  testing::TempDir directory_;
  UnitHasher units_ = *UnitHasher::FromFile(directory_.path() + "/unit.key");
  AssignmentTokens tokens_{&units_};
  ExposureProof proof_{7, units_.Hash("p", "ada"), 3, absl::FromUnixMicros(1'800'000'000'000'001)};
};

TEST_F(AssignmentTokensTest, GiveBackWhatTheySeal) {
  const std::string token = tokens_.Seal("p", proof_);
  EXPECT_EQ(token.size(), 62u);
  const std::optional<ExposureProof> opened = tokens_.Open("p", token);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->experiment, 7);
  EXPECT_EQ(opened->unit_hash, proof_.unit_hash);
  EXPECT_EQ(opened->arm, 3u);
  EXPECT_EQ(opened->expose_time, proof_.expose_time);
}

TEST_F(AssignmentTokensTest, OpenNothingElse) {
  const std::string token = tokens_.Seal("p", proof_);
  EXPECT_FALSE(tokens_.Open("q", token)) << "another project's";
  EXPECT_FALSE(tokens_.Open("p", ""));
  EXPECT_FALSE(tokens_.Open("p", "not base64 !"));
  EXPECT_FALSE(tokens_.Open("p", token.substr(0, 40)));
  EXPECT_FALSE(tokens_.Open("p", token + "AAAA"));
  for (size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    const std::optional<ExposureProof> opened = tokens_.Open("p", other);
    // The last digit has bits that stand for nothing.
    EXPECT_TRUE(!opened || i + 1 == token.size()) << i;
  }
  testing::TempDir elsewhere;
  const UnitHasher others = *UnitHasher::FromFile(elsewhere.path() + "/unit.key");
  EXPECT_FALSE(AssignmentTokens(&others).Open("p", token)) << "another key's";
}

// Another hash would make every known unit a new one.
TEST(UnitHasher, HashesAsAPseudonymIsMade) {
  const testing::TempDir directory;
  const std::string path = directory.path() + "/unit.key";
  const UnitHasher units = *UnitHasher::FromFile(path);
  const Pseudonymiser pseudonymiser = *Pseudonymiser::FromFile(path);
  for (const std::string unit : {"ada", "u_0123456789abcdef0123456789abcdef", "\u00fc\u4f60"}) {
    const std::string hash = units.Hash("shop", unit);
    EXPECT_EQ("u_" + ToHex(hash), pseudonymiser.Pseudonym("shop", "unit:" + unit));
  }
}

}  // namespace
}  // namespace flywheel::experiment
