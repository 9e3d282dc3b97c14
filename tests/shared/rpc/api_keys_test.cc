#include "shared/rpc/api_keys.h"

#include <gtest/gtest.h>

#include <fstream>

#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::rpc {
namespace {

using testing::HasReason;

constexpr char kKey[] = "key-of-the-shop-1234";

class ApiKeysTest : public ::testing::Test {
 protected:
  absl::StatusOr<ApiKeys> Load(const std::string& text, const std::string& service = "ingest") {
    const std::string path = dir_.path() + "/keys";
    std::ofstream(path) << text;
    return ApiKeys::Load(path, service);
  }

  // The role that the key above has with these ROLES in a service.
  std::optional<Role> RoleIn(const std::string& service, const std::string& roles) {
    const auto keys = Load(std::string("agent ") + kKey + " shop " + roles + "\n", service);
    EXPECT_OK(keys);
    return keys.ok() ? keys->Find(kKey)->role : std::nullopt;
  }

  std::string Refusal(const std::string& text) {
    const auto keys = Load(text);
    EXPECT_THAT(keys, HasReason(Reason::kInvalidConfiguration)) << text;
    return errors::MessageOf(keys.status());
  }

  testing::TempDir dir_;
};

TEST_F(ApiKeysTest, FindsTheIdTheProjectAndTheRoleOfAKey) {
  const auto keys = Load(
      "# comment\nagent-prod\tkey-of-the-shop-1234  shop writer # the agent\n\n"
      "wheel key-of-a-service-99 * service expires=2027-01-01T00:00:00Z\n");
  ASSERT_OK(keys);
  const auto agent = keys->Find(kKey);
  ASSERT_OK(agent);
  EXPECT_EQ(agent->id, "agent-prod");
  EXPECT_EQ(agent->project, "shop");
  EXPECT_EQ(agent->role, Role::kWriter);
  EXPECT_EQ(agent->expire_time, absl::InfiniteFuture());
  const auto wheel = keys->Find("key-of-a-service-99");
  ASSERT_OK(wheel);
  EXPECT_EQ(wheel->role, Role::kService);
  EXPECT_EQ(absl::ToUnixSeconds(wheel->expire_time), 1'798'761'600);
}

TEST_F(ApiKeysTest, FindsAKeyOfWhichTheFileHasTheHashAlone) {
  const auto keys = Load("agent sha256:" + Sha256Hex(kKey) + " shop writer\n");
  ASSERT_OK(keys);
  EXPECT_OK(keys->Find(kKey));
  EXPECT_THAT(keys->Find("sha256:" + Sha256Hex(kKey)), HasReason(Reason::kUnauthenticated))
      << "what stands in the file is no key";
}

TEST_F(ApiKeysTest, GivesARoleAService) {
  EXPECT_EQ(RoleIn("ingest", "ingest=writer,experiment=reader"), Role::kWriter);
  EXPECT_EQ(RoleIn("experiment", "ingest=writer,experiment=reader"), Role::kReader);
  EXPECT_EQ(RoleIn("eval-gate", "ingest=writer,experiment=reader"), std::nullopt);
  for (const char* roles : {"reader,eval-gate=operator", "eval-gate=operator,reader"}) {
    EXPECT_EQ(RoleIn("eval-gate", roles), Role::kOperator);
    EXPECT_EQ(RoleIn("curation", roles), Role::kReader);
  }
}

TEST_F(ApiKeysTest, RefusesAKeyThatIsNotThere) {
  const auto keys = Load("agent key-of-the-shop-1234 shop writer\n");
  ASSERT_OK(keys);
  EXPECT_THAT(keys->Find("key-of-the-shop-1235"), HasReason(Reason::kUnauthenticated));
  EXPECT_THAT(keys->Find(""), HasReason(Reason::kUnauthenticated));
}

TEST_F(ApiKeysTest, NamesTheLineThatIsMalformedButNeverTheKey) {
  const std::string good = "agent key-of-the-shop-1234 shop writer\n";
  for (const char* bad : {
           "key-of-the-bank-1234 bank writer",
           "id key-of-the-bank-1234 bank writer key-of-the-bank-1234 more",
           "id key-of-the-bank-1234 bank king",
           "id key-of-the-bank-1234 bank writer,",
           "id key-of-the-bank-1234 bank writer,reader",
           "id key-of-the-bank-1234 bank gate=writer",
           "id key-of-the-bank-1234 bank =writer",
           "id key-of-the-bank-1234 bank writer key-of-the-bank-1234",
           "id key-of-the-bank-1234 bank writer expires=tomorrow",
           "id key-of-the-bank-1234 key-of-the-bank/1234 writer",
           "key-of-the-bank/1234 key-of-the-bank-1234 bank writer",
           "id sha256:key-of-the-bank-1234 bank writer",
           "id key-of-the-bank-1234 * writer",
           "id key-of-the-bank-1234 * service,ingest=operator",
           "id short bank writer",
           "agent key-of-the-bank-1234 bank writer",
           "id key-of-the-shop-1234 bank writer",
       }) {
    const std::string message = Refusal(good + bad + "\n");
    EXPECT_NE(message.find("line 2"), std::string::npos) << message;
    EXPECT_EQ(message.find("key-of-the-"), std::string::npos) << message;
  }
}

TEST_F(ApiKeysTest, SaysWhatAFileWithoutIdsLacks) {
  const std::string message = Refusal("key-of-the-shop-1234 shop writer\n");
  EXPECT_NE(message.find("3 words in the place of 4 or 5"), std::string::npos) << message;
  EXPECT_NE(message.find("want ID KEY PROJECT ROLES [expires=TIME]"), std::string::npos);
}

TEST_F(ApiKeysTest, RefusesWhatIsNoFile) {
  EXPECT_THAT(ApiKeys::Load("/nowhere/keys", "ingest"), HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(ApiKeys::Load("/", "ingest"), HasReason(Reason::kInvalidConfiguration));
}

}  // namespace
}  // namespace flywheel::rpc
