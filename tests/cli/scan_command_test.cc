// `flywheel scan --store`, over the store of a service that learned something since.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/command_fixture.h"
#include "tests/shared/personal_text.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMailDomain[] = "@zebulon-pike.example.com";
constexpr int kConversations = 3'000;

class ScanCommandTest : public CommandFixture {
 protected:
  // Ingest does not know e-mail, until its configuration is another and it starts again.
  void SetUp() override {
    config_ = Write("redaction.json", R"({"disabled": ["email"]})");
    LocalServicesOptions options;
    options.data_dir = directory_.path() + "/data";
    options.binary_dir = BinDir();
    options.services = {Service::kIngest, Service::kCuration};
    options.free_ports = true;
    options.metrics = false;
    options.extra_arguments[Service::kIngest] = {"--redaction-config-file", config_};
    auto services = LocalServices::Start(options);
    ASSERT_OK(services);
    services_ = *std::move(services);
    std::string lines;
    for (int i = 0; i < kConversations; ++i) {
      fmt::format_to(std::back_inserter(lines),
                     R"({{"id": "c{0}", "reward": 1, "messages": [{{"role": "user", "content": )"
                     R"("write to person{0}{1}"}}]}})"
                     "\n",
                     i, kMailDomain);
    }
    const CommandResult imported = Import(Write("chats.jsonl", lines));
    ASSERT_EQ(imported.ending, "exit code 0") << imported.output;
  }

  void LearnEmail() {
    Write("redaction.json", "{}");
    services_->Kill(Service::kIngest);
    ASSERT_OK(services_->Restart(Service::kIngest));
  }

  std::vector<std::string> Arguments(std::vector<std::string> more) const {
    std::vector<std::string> arguments = {"scan", "--store", "--address",
                                          services_->at(Service::kIngest).address};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  CommandResult Scan(std::vector<std::string> more) const {
    return RunFlywheel(Arguments(std::move(more)));
  }

  bool HasMail(Service service) const {
    return testing::BytesBelow(services_->at(service).data_dir).find(kMailDomain) !=
           std::string::npos;
  }

  std::string config_;
};

TEST_F(ScanCommandTest, ExitsAsScriptsWantAndNeverPrintsAValue) {
  EXPECT_EQ(Scan({}).ending, "exit code 0");
  LearnEmail();
  const CommandResult found = Scan({});
  EXPECT_EQ(found.ending, "exit code 1") << found.output;
  EXPECT_THAT(found.output, AllOf(HasSubstr("default"), HasSubstr("EMAIL"), HasSubstr("3,000"),
                                  Not(HasSubstr(kMailDomain))));
  EXPECT_THAT(Scan({"--json"}).output, HasSubstr(R"("found":{"EMAIL":3000})"));
  EXPECT_TRUE(HasMail(Service::kIngest));
  EXPECT_EQ(RunFlywheel({"scan"}).ending, "exit code 2") << "of what?";
  EXPECT_EQ(RunFlywheel({"scan", "--store", "--address", "127.0.0.1:1"}).ending, "exit code 2");
}

TEST_F(ScanCommandTest, RewritesThroughAKillAndReadersFollow) {
  ASSERT_TRUE(Eventually([&] { return HasMail(Service::kCuration); })) << "curation has read it";
  LearnEmail();
  // Killed in the middle, some pages after the first.
  auto child = ChildProcess::Start({BinDir() + "/flywheel",
                                    Arguments({"--rewrite", "--scan-id", "march"}),
                                    {},
                                    directory_.path() + "/first.log"});
  ASSERT_OK(child);
  const std::string store = services_->at(Service::kIngest).data_dir;
  ASSERT_TRUE(Eventually(
      [&] { return testing::BytesBelow(store).find("write to [EMAIL_1]") != std::string::npos; }));
  services_->Kill(Service::kIngest);
  child->Kill();
  ASSERT_OK(services_->Restart(Service::kIngest));
  const CommandResult again = Scan({"--rewrite", "--scan-id", "march", "--json"});
  EXPECT_EQ(again.ending, "exit code 0") << again.output;
  // Each once, whatever was done before the kill.
  EXPECT_THAT(again.output, AllOf(HasSubstr(R"("changed_interactions":3000)"),
                                  HasSubstr(R"("found":{"EMAIL":3000})")));
  EXPECT_EQ(Scan({"--json"}).ending, "exit code 0");
  // The receipt says when the readers are clean, and they are.
  CommandResult receipt;
  EXPECT_TRUE(Eventually([&] {
    receipt =
        RunFlywheel({"erasure", "march", "--address", services_->at(Service::kIngest).address});
    const size_t curation = receipt.output.find("\ncuration ");
    const std::string row =
        curation == std::string::npos ? "" : receipt.output.substr(curation + 1);
    return !row.empty() && row.substr(0, row.find('\n')).find("not yet") == std::string::npos;
  })) << receipt.output;
  EXPECT_THAT(receipt.output, HasSubstr("3,000 interactions and 0 signals were rewritten"));
  EXPECT_FALSE(HasMail(Service::kIngest));
  EXPECT_FALSE(HasMail(Service::kCuration));
}

}  // namespace
}  // namespace flywheel::cli
