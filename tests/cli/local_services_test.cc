// The four binaries as child processes.
#include "cli/local_services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "cli/free_port.h"
#include "cli/health.h"
#include "shared/rpc/channel.h"
#include "shared/text/host_port.h"
#include "tests/cli/command_runner.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class LocalServicesTest : public ::testing::Test {
 protected:
  LocalServicesOptions Options(std::vector<Service> services) {
    LocalServicesOptions options;
    options.data_dir = directory_.path() + "/data";
    options.binary_dir = BinDir();
    options.services = std::move(services);
    options.free_ports = true;
    options.metrics = false;
    return options;
  }

  static absl::Status Health(const std::string& address) {
    const auto channel = rpc::Channel::Open({address, "", ""});
    return channel.ok() ? CheckHealth(*channel, absl::Seconds(5)) : channel.status();
  }

  testing::TempDir directory_;
};

TEST_F(LocalServicesTest, StartsAllFourAndStopsThem) {
  std::vector<std::string> steps;
  LocalServicesOptions options = Options({kAllServices.begin(), kAllServices.end()});
  options.on_progress = [&](Service service, std::string_view step) {
    steps.push_back(std::string(ServiceName(service)) + " " + std::string(step));
  };
  auto services = LocalServices::Start(options);
  ASSERT_OK(services);
  for (const Service service : kAllServices) {
    const LocalService& place = (*services)->at(service);
    EXPECT_OK(Health(place.address)) << ServiceName(service);
    EXPECT_TRUE(std::filesystem::is_directory(place.data_dir)) << place.data_dir;
    EXPECT_FALSE(ReadAll(place.log_file).empty()) << place.log_file;
    EXPECT_FALSE((*services)->Exited(service).has_value());
  }
  EXPECT_THAT(steps,
              ::testing::ElementsAre("ingest starting", "ingest serving", "curation starting",
                                     "curation serving", "eval-gate starting", "eval-gate serving",
                                     "experiment starting", "experiment serving"));
  (*services)->Stop();
  for (const Service service : kAllServices) {
    EXPECT_THAT((*services)->Exited(service).value(), HasSubstr("exit code 0"))
        << ServiceName(service) << " drains on SIGTERM";
    EXPECT_FALSE(Health((*services)->at(service).address).ok());
  }
}

TEST_F(LocalServicesTest, BringsAKilledServiceBackOnItsPortAndData) {
  auto services = LocalServices::Start(Options({Service::kIngest}));
  ASSERT_OK(services);
  const std::string address = (*services)->at(Service::kIngest).address;
  const pid_t first = (*services)->pid(Service::kIngest);
  (*services)->Kill(Service::kIngest);
  EXPECT_THAT((*services)->Exited(Service::kIngest).value(), HasSubstr("signal 9"));
  EXPECT_FALSE(Health(address).ok());
  ASSERT_OK((*services)->Restart(Service::kIngest));
  EXPECT_OK(Health(address));
  EXPECT_NE((*services)->pid(Service::kIngest), first);
  EXPECT_EQ((*services)->at(Service::kIngest).address, address);
}

TEST_F(LocalServicesTest, LeavesNoProcessBehind) {
  pid_t pid = -1;
  {
    auto services = LocalServices::Start(Options({Service::kIngest}));
    ASSERT_OK(services);
    pid = (*services)->pid(Service::kIngest);
    ASSERT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST_F(LocalServicesTest, GivesTheLastLogLineOfAServiceThatEndsAtItsStart) {
  LocalServicesOptions options = Options({Service::kIngest});
  options.extra_arguments[Service::kIngest] = {"--max-message-bytes", "1"};
  const auto services = LocalServices::Start(options);
  ASSERT_FALSE(services.ok());
  EXPECT_THAT(
      errors::MessageOf(services.status()),
      AllOf(HasSubstr("ingest ended"), HasSubstr("exit code 2"), HasSubstr("--max-message-bytes")));
}

TEST_F(LocalServicesTest, RefusesAPortThatSomebodyElseHas) {
  auto first = LocalServices::Start(Options({Service::kIngest}));
  ASSERT_OK(first);
  const std::string address = (*first)->at(Service::kIngest).address;
  LocalServicesOptions options = Options({Service::kIngest});
  options.data_dir = directory_.path() + "/other";
  options.free_ports = false;
  options.port_base = ParseHostPort(address)->port;
  const auto second = LocalServices::Start(options);
  EXPECT_THAT(second, testing::HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(errors::MessageOf(second.status()),
              AllOf(HasSubstr(address), HasSubstr("in use"),
                    ContainsRegex("--port-base [0-9]+ and a --data-dir of its own")));
}

TEST_F(LocalServicesTest, SaysWhichBinaryIsMissing) {
  LocalServicesOptions options = Options({Service::kIngest});
  options.binary_dir = directory_.path();
  const auto services = LocalServices::Start(options);
  EXPECT_THAT(services, testing::HasReason(Reason::kInvalidConfiguration));
  EXPECT_THAT(errors::MessageOf(services.status()), HasSubstr("flywheel-ingest"));
}

TEST_F(LocalServicesTest, EndsItsWaitingWhenItIsCancelled) {
  LocalServicesOptions options = Options({Service::kIngest});
  // A process needs longer to serve than the first look at it comes.
  options.cancelled = [] { return true; };
  const auto services = LocalServices::Start(options);
  EXPECT_TRUE(absl::IsCancelled(services.status())) << services.status();
}

TEST(FreePort, FindsDifferentPortsThatCanBeBound) {
  const auto ports = FindFreePorts(8);
  ASSERT_OK(ports);
  EXPECT_EQ(std::set<int>(ports->begin(), ports->end()).size(), 8);
  EXPECT_TRUE(IsPortFree(ports->front()));
}

}  // namespace
}  // namespace flywheel::cli
