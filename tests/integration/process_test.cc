// A service's process as an operator meets it: its exit code, and its last words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cli/child_process.h"
#include "cli/free_port.h"
#include "cli/health.h"
#include "shared/sql/connection.h"
#include "tests/integration/local_service.h"

namespace flywheel::integration {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// How a process ended, and what it wrote.
struct Ending {
  std::string how;
  std::string output;
};

class Process : public LocalServiceTest {
 protected:
  std::string DataDir() const { return dir_.path() + "/data"; }

  // Lets Run act for a user without rights: root may write everywhere. False where that cannot be.
  bool BecomeOrdinaryUser() {
    std::filesystem::permissions(dir_.path(), std::filesystem::perms(0755));
    if (geteuid() != 0) return true;
    const std::string setpriv = "/usr/bin/setpriv";
    if (access(setpriv.c_str(), X_OK) != 0) return false;
    // The build may lie where nobody may look.
    const std::string copy = dir_.path() + "/flywheel-ingest";
    std::filesystem::copy_file(command_.front(), copy);
    std::filesystem::permissions(copy, std::filesystem::perms(0755));
    command_ = {setpriv, "--reuid=65534", "--regid=65534", "--clear-groups", copy};
    return Run({"--help"}).how == "exit code 0";
  }

  // Runs flywheel-ingest on DataDir and any free port, unless `arguments` say otherwise, to its
  // end.
  Ending Run(const std::vector<std::string>& arguments) {
    const std::string log = dir_.path() + "/output-" + std::to_string(++runs_);
    std::vector<std::string> all = {"--data-dir",         DataDir(),    "--listen", "127.0.0.1:0",
                                    "--otlp-http-listen", "127.0.0.1:0"};
    for (size_t i = 0; i + 1 < arguments.size(); i += 2) {
      for (size_t j = 0; j < all.size(); j += 2) {
        if (all[j] != arguments[i]) continue;
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(j),
                  all.begin() + static_cast<std::ptrdiff_t>(j) + 2);
        break;
      }
    }
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.begin(), command_.begin() + 1, command_.end());
    auto child = cli::ChildProcess::Start({command_.front(), all, {}, log});
    EXPECT_OK(child);
    if (!child.ok()) return {};
    EXPECT_TRUE(child->WaitForExit(absl::Seconds(30))) << "it runs on";
    return {child->Exited().value_or("still running"), cli::ReadAll(log)};
  }

  // What `--help` says.
  std::string Help(cli::Service service) {
    const std::string name(cli::ServiceName(service));
    const std::string log = dir_.path() + "/help-" + name;
    auto child =
        cli::ChildProcess::Start({cli::BinDir() + "/flywheel-" + name, {"--help"}, {}, log});
    EXPECT_OK(child);
    if (!child.ok()) return "";
    EXPECT_TRUE(child->WaitForExit(absl::Seconds(30))) << name;
    EXPECT_EQ(child->Exited().value_or("still running"), "exit code 0");
    return cli::ReadAll(log);
  }

  // Exit code 2, and one line that names the flag, what it got and what it wants.
  void ExpectConfigurationError(const std::vector<std::string>& arguments, const std::string& flag,
                                const std::string& got) {
    const Ending ending = Run(arguments);
    EXPECT_EQ(ending.how, "exit code 2") << ending.output;
    EXPECT_THAT(ending.output, AllOf(StartsWith("error: " + flag + ": got "), HasSubstr(got),
                                     HasSubstr(", want ")));
    EXPECT_EQ(std::count(ending.output.begin(), ending.output.end(), '\n'), 1) << ending.output;
  }

  std::string WriteFile(const std::string& name, const std::string& content) {
    std::string path = dir_.path() + "/" + name;
    std::ofstream(path) << content;
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
  }

  // What Run runs.
  std::vector<std::string> command_ = {cli::BinDir() + "/flywheel-ingest"};
  int runs_ = 0;
};

TEST_F(Process, RefusesADataDirectoryThatCannotBeWritten) {
  // A file in the way stops root as well.
  const std::string path = WriteFile("file", "") + "/data";
  ExpectConfigurationError({"--data-dir", path}, "--data-dir", path);
}

TEST_F(Process, RefusesADataDirectoryThatItsUserMayNotWrite) {
  if (!BecomeOrdinaryUser()) GTEST_SKIP() << "nobody cannot be played here: setpriv is needed";
  const std::string path = dir_.path() + "/read-only";
  std::filesystem::create_directory(path);
  std::filesystem::permissions(path, std::filesystem::perms(0555));
  ExpectConfigurationError({"--data-dir", path}, "--data-dir", path);
  ExpectConfigurationError({"--data-dir", path + "/new"}, "--data-dir", path + "/new");
  EXPECT_THAT(Run({"--data-dir", path}).output, HasSubstr("Permission denied"));
}

TEST_F(Process, RefusesAStoreThatItsUserMayNotWriteAndLeavesItAlone) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(cli::Service::kIngest));
  services_->Stop();
  const std::string data_dir = services_->at(cli::Service::kIngest).data_dir;
  if (!BecomeOrdinaryUser()) GTEST_SKIP() << "nobody cannot be played here: setpriv is needed";
  std::filesystem::permissions(dir_.path() + "/data", std::filesystem::perms(0755));
  for (const auto& entry : std::filesystem::directory_iterator(data_dir)) {
    std::filesystem::permissions(entry.path(), std::filesystem::perms(0444));
  }
  std::filesystem::permissions(data_dir, std::filesystem::perms(0777));
  const std::string before = cli::ReadAll(data_dir + "/ingest.db");
  const Ending ending = Run({"--data-dir", data_dir});
  // Which of the two codes depends on what is met first: the lock or the store itself.
  EXPECT_THAT(ending.how, AnyOf("exit code 1", "exit code 2"));
  EXPECT_THAT(ending.output,
              AllOf(HasSubstr("event=data_dir_open"), HasSubstr("\nerror: "),
                    HasSubstr(data_dir + "/ingest.db"), HasSubstr("Permission denied")));
  EXPECT_EQ(cli::ReadAll(data_dir + "/ingest.db"), before);
}

TEST_F(Process, RefusesAPortInUse) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(cli::Service::kIngest));
  const std::string address = services_->at(cli::Service::kIngest).address;
  ExpectConfigurationError({"--listen", address, "--data-dir", dir_.path() + "/other"}, "--listen",
                           address);
  ExpectConfigurationError({"--metrics-listen", address, "--data-dir", dir_.path() + "/other"},
                           "--metrics-listen", address);
}

TEST_F(Process, RefusesMalformedAddressesAndLevels) {
  ExpectConfigurationError({"--listen", "nonsense"}, "--listen", "nonsense");
  ExpectConfigurationError({"--listen", "127.0.0.1:99999"}, "--listen", "99999");
  ExpectConfigurationError({"--log-level", "loud"}, "--log-level", "loud");
  ExpectConfigurationError({"--max-message-bytes", "1"}, "--max-message-bytes", "1");
}

TEST_F(Process, RefusesToListenToTheWorldUnguarded) {
  ExpectConfigurationError({"--listen", "0.0.0.0:0"}, "--listen", "0.0.0.0:0");
}

TEST_F(Process, RefusesKeysThatAreMalformedAndKeepsThemSecret) {
  const std::string keys = WriteFile("keys", "# who may call\nagent too-short default writer\n");
  ExpectConfigurationError({"--api-keys-file", keys}, "--api-keys-file", "line 2");
  EXPECT_THAT(Run({"--api-keys-file", keys}).output, ::testing::Not(HasSubstr("too-short")));
  ExpectConfigurationError({"--api-keys-file", dir_.path() + "/none"}, "--api-keys-file", "none");
  ExpectConfigurationError({"--pseudonym-key-file", WriteFile("pseudonym", "short\n")},
                           "--pseudonym-key-file", "pseudonym");
}

TEST_F(Process, RefusesKeysThatOthersMayWrite) {
  const std::string key(40, 'k');
  for (const auto& [flag, content] : std::vector<std::pair<std::string, std::string>>{
           {"--api-keys-file", "agent key-of-the-shop-1234 shop writer\n"},
           {"--upstream-key-file", "key-of-the-shop-1234\n"},
           {"--pseudonym-key-file", key + "\n"}}) {
    for (const int mode : {0620, 0602, 0666}) {
      const std::string path = WriteFile("secret", content);
      std::filesystem::permissions(path, std::filesystem::perms(mode));
      ExpectConfigurationError({flag, path}, flag, "which others may write");
    }
  }
}

TEST_F(Process, RefusesAFlagThatItDoesNotKnowOrCannotRead) {
  const Ending unknown = Run({"--nonsense", "3"});
  EXPECT_EQ(unknown.how, "exit code 2");
  EXPECT_THAT(unknown.output, AllOf(HasSubstr("--nonsense"), HasSubstr("--help")));
  const Ending malformed = Run({"--max-queued-bytes", "many"});
  EXPECT_EQ(malformed.how, "exit code 2");
  EXPECT_THAT(malformed.output, AllOf(HasSubstr("--max-queued-bytes"), HasSubstr("many")));
}

TEST_F(Process, RefusesTheStoreOfANewerProgram) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(cli::Service::kIngest));
  services_->Stop();
  const std::string data_dir = services_->at(cli::Service::kIngest).data_dir;
  {
    auto connection = sql::Connection::Open(data_dir + "/ingest.db", sql::Access::kWrite);
    ASSERT_OK(connection);
    ASSERT_OK((*connection)
                  ->Execute("INSERT INTO schema_migrations (version, purpose) VALUES (99, 'new')"));
  }
  const Ending ending = Run({"--data-dir", data_dir});
  EXPECT_EQ(ending.how, "exit code 1");
  EXPECT_THAT(ending.output, AllOf(StartsWith("error: " + data_dir + "/ingest.db"),
                                   HasSubstr("version 99"), HasSubstr("newer program")));
}

TEST_F(Process, RefusesAStoreThatIsNone) {
  mkdir(DataDir().c_str(), 0755);
  WriteFile("data/ingest.db", std::string(8'192, 'x'));
  const Ending ending = Run({});
  EXPECT_EQ(ending.how, "exit code 1");
  EXPECT_THAT(ending.output, AllOf(StartsWith("error: "), HasSubstr(DataDir() + "/ingest.db"),
                                   HasSubstr("not a database")));
}

TEST_F(Process, DrainsOnSigtermAndExitsWithZero) {
  ASSERT_NO_FATAL_FAILURE(StartAlone(cli::Service::kIngest));
  using ingest::v1::IngestService;
  // A reader that follows the feed must not hold up the end.
  const auto stub = IngestService::NewStub(channel_.get());
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(60));
  ingest::v1::ReadFeedRequest request;
  request.set_follow(true);
  const auto reader = stub->ReadFeed(&context, request);
  ingest::v1::LogInteractionsRequest log;
  *log.add_interactions() = MakeInteraction("a");
  ingest::v1::LogInteractionsResponse logged;
  ASSERT_OK(Call<IngestService>(&IngestService::Stub::LogInteractions, log, &logged));
  ingest::v1::ReadFeedResponse entries;
  while (entries.entries().empty()) ASSERT_TRUE(reader->Read(&entries));

  grpc::Status end;
  std::thread follower([&] {
    while (reader->Read(&entries)) {
    }
    end = reader->Finish();
  });
  services_->Stop();
  follower.join();
  EXPECT_THAT(end, testing::HasReason(Reason::kShuttingDown));
  EXPECT_THAT(services_->Exited(cli::Service::kIngest).value(),
              AllOf(HasSubstr("exit code 0"), HasSubstr("event=stopped")));
}

TEST_F(Process, TeachesWithHelp) {
  for (const cli::Service service : cli::kAllServices) {
    EXPECT_THAT(Help(service),
                AllOf(HasSubstr("--data-dir"), HasSubstr("FLYWHEEL_LISTEN"),
                      HasSubstr(cli::DefaultAddress(service)), HasSubstr("--tls-key-file")));
  }
}

TEST_F(Process, LooksForItsUpstreamWhereThatListensByDefault) {
  const std::vector<std::pair<cli::Service, cli::Service>> pairs = {
      {cli::Service::kCuration, cli::Service::kIngest},
      {cli::Service::kEvalGate, cli::Service::kCuration},
      {cli::Service::kExperiment, cli::Service::kEvalGate}};
  for (const auto& [service, upstream] : pairs) {
    EXPECT_THAT(Help(service), HasSubstr("-address TEXT=" + cli::DefaultAddress(upstream)));
  }
}

}  // namespace
}  // namespace flywheel::integration
