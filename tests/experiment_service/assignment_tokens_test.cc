#include "experiment_service/assignment_tokens.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"
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
  ExposureProof proof_{7, units_.Hash("p", "ada"), 3, absl::FromUnixMicros(1'800'000'000'000'001),
                       SegmentValues("\x14\x00\x01", 3)};
};

TEST_F(AssignmentTokensTest, GiveBackWhatTheySeal) {
  const std::string token = tokens_.Seal("p", proof_);
  EXPECT_EQ(token.size(), 68u);
  const std::optional<ExposureProof> opened = tokens_.Open("p", token);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->experiment, 7);
  EXPECT_EQ(opened->unit_hash, proof_.unit_hash);
  EXPECT_EQ(opened->arm, 3u);
  EXPECT_EQ(opened->expose_time, proof_.expose_time);
  EXPECT_EQ(opened->segments, SegmentValues("\x14\x00\x01\x00\x00", kMaxSegments));
}

// As they were given before there were segments.
TEST_F(AssignmentTokensTest, OpenThoseOfTheFirstLayout) {
  std::string bytes(1, '\x01');
  bytes += std::string("\x07\0\0\0\0\0\0\0\x03", 9) + units_.Hash("p", "ada");
  for (int i = 0; i < 8; ++i) {
    bytes.push_back(static_cast<char>(uint64_t{1'800'000'000'000'001} >> (8 * i)));
  }
  bytes += units_.Mac("\x01p" + bytes, /*generation=*/0).substr(0, 12);
  const std::string token = absl::WebSafeBase64Escape(bytes);
  EXPECT_EQ(token.size(), 62u);
  const std::optional<ExposureProof> opened = tokens_.Open("p", token);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->experiment, 7);
  EXPECT_EQ(opened->unit_hash, proof_.unit_hash);
  EXPECT_EQ(opened->arm, 3u);
  EXPECT_EQ(opened->expose_time, proof_.expose_time);
  EXPECT_EQ(opened->segments, "");
  EXPECT_FALSE(tokens_.Open("q", token));
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
