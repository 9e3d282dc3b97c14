// `flywheel audit`: who decided what, and who was refused, in the services that it asks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class AuditCommandTest : public CommandFixture {
 protected:
  void SetUp() override {
    StartServices({kAllServices.begin(), kAllServices.end()},
                  "officer key-of-the-privacy-01 shop operator\n"
                  "agent key-of-the-agent-prod shop writer\n");
    officer_ = Write("officer.key", "key-of-the-privacy-01");
    agent_ = Write("agent.key", "key-of-the-agent-prod");
  }

  CommandResult Erase(const std::string& key_file) {
    return RunFlywheel({"erase", "--user", "ada", "--erasure-id", "ticket-7", "--key-file",
                        key_file, "--address", services_->at(Service::kIngest).address});
  }

  CommandResult Audit(const std::string& key_file, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"audit", "--key-file", key_file});
    for (const Service service : kAllServices) {
      arguments.push_back(fmt::format("--{}-address", ServiceName(service)));
      arguments.push_back(services_->at(service).address);
    }
    return RunFlywheel(arguments);
  }

  std::string officer_;
  std::string agent_;
};

TEST_F(AuditCommandTest, ShowsWhatWasDoneAndWhoWasRefused) {
  EXPECT_EQ(Erase(agent_).ending, "exit code 1");
  const CommandResult erased = Erase(officer_);
  EXPECT_EQ(erased.ending, "exit code 0") << erased.output;
  EXPECT_THAT(erased.output, HasSubstr("asked for by officer"));
  EXPECT_TRUE(Eventually(
      [this] { return Audit(officer_).output.find("PERMISSION_DENIED") != std::string::npos; }));
  EXPECT_THAT(Audit(officer_).output,
              AllOf(ContainsRegex("ingest +officer +shop +Erase +erasure ticket-7 +done"),
                    ContainsRegex("ingest +agent +shop +GetErasure +- +PERMISSION_DENIED")));
}

TEST_F(AuditCommandTest, ShowsWhatTheFiltersLetThrough) {
  EXPECT_EQ(Erase(officer_).ending, "exit code 0");
  const CommandResult line =
      Audit(officer_, {"--json", "--service", "ingest", "--method", "Erase", "--key-id", "officer",
                       "--resource", "ticket-7", "--since", "2020-01-01T00:00:00Z"});
  const nlohmann::json event = nlohmann::json::parse(line.output, nullptr, false);
  ASSERT_TRUE(event.is_object()) << line.output;
  EXPECT_EQ(event["service"], "ingest");
  EXPECT_EQ(event["event"]["resource_id"], "ticket-7");
  EXPECT_EQ(Audit(officer_, {"--json", "--until", "2020-01-01T00:00:00Z"}).output, "");
  EXPECT_EQ(Audit(officer_, {"--json", "--service", "curation"}).output, "");
}

TEST_F(AuditCommandTest, SaysWhoMayNotSeeItAndWhatIsNoTime) {
  const CommandResult refused = Audit(agent_);
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, HasSubstr("want operator, service or owner"));
  EXPECT_EQ(Audit(officer_, {"--since", "yesterday"}).ending, "exit code 2");
}

}  // namespace
}  // namespace flywheel::cli
