#include "shared/rpc/api_keys.h"

#include <gtest/gtest.h>

#include <fstream>

#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;

class ApiKeysTest : public ::testing::Test {
 protected:
  absl::StatusOr<ApiKeys> Load(const std::string& text) {
    const std::string path = dir_.path() + "/keys";
    std::ofstream(path) << text;
    return ApiKeys::Load(path);
  }

  testing::TempDir dir_;
};

TEST_F(ApiKeysTest, FindsTheProjectAndTheRoleOfAKey) {
  const auto keys =
      Load("# comment\nkey-of-the-shop-1234 shop writer\n\nkey-of-a-service-99 * service\n");
  ASSERT_OK(keys);
  const auto identity = keys->Find("key-of-the-shop-1234");
  ASSERT_OK(identity);
  EXPECT_EQ(identity->project, "shop");
  EXPECT_EQ(identity->role, Role::kWriter);
}

TEST_F(ApiKeysTest, RefusesAKeyThatIsNotThere) {
  const auto keys = Load("key-of-the-shop-1234 shop writer\n");
  ASSERT_OK(keys);
  EXPECT_THAT(keys->Find("key-of-the-shop-1235"), HasReason(Reason::kUnauthenticated));
  EXPECT_THAT(keys->Find(""), HasReason(Reason::kUnauthenticated));
}

TEST_F(ApiKeysTest, NamesTheLineThatIsMalformedButNeverTheKey) {
  const auto keys = Load("key-of-the-shop-1234 shop writer\nkey-of-the-bank-1234 bank king\n");
  ASSERT_THAT(keys, HasReason(Reason::kInvalidConfiguration));
  const std::string message = errors::MessageOf(keys.status());
  EXPECT_NE(message.find("line 2"), std::string::npos);
  EXPECT_EQ(message.find("key-of-the-bank"), std::string::npos);
}

TEST_F(ApiKeysTest, RefusesShortKeysAndKeysThatStandTwice) {
  EXPECT_THAT(Load("a-key-of-twenty-chars * writer\n"), HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(Load("a-key-of-twenty-chars sh/op writer\n"),
              HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(Load("short shop writer\n"), HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(Load("key-of-the-shop-1234 shop writer\nkey-of-the-shop-1234 bank reader\n"),
              HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(ApiKeys::Load("/nowhere/keys"), HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(ApiKeys::Load("/"), HasReason(Reason::kInvalidConfiguration)) << "a directory";
}

}  // namespace
}  // namespace flywheel::rpc
