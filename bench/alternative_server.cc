#include "bench/alternative_server.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "bench/load.h"
#include "cli/free_port.h"
#include "shared/status/errors.h"
#include "shared/time/poll.h"
#include "tests/integration/http_client.h"

namespace flywheel::bench {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(90);
constexpr absl::Duration kPollInterval = absl::Milliseconds(50);

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

cli::ChildProcess Start(const std::vector<std::string>& command, const std::string& log_file) {
  // env finds the binary in PATH.
  auto child = cli::ChildProcess::Start({"/usr/bin/env", command, {}, log_file});
  if (!child.ok()) Die(errors::MessageOf(child.status()));
  return *std::move(child);
}

}  // namespace

AlternativeServer::AlternativeServer(const std::vector<std::string>& command, int port,
                                     const std::string& log_file)
    : port_(port), process_(std::make_unique<cli::ChildProcess>(Start(command, log_file))) {
  bool connected = false;
  const auto decided = [&] {
    connected = integration::HttpClient(port).connected();
    return connected || process_->Exited();
  };
  PollUntil(decided, kPatience, kPollInterval);
  if (!connected) {
    Die(fmt::format("{} does not serve ({}):\n{}", command.front(),
                    process_->Exited().value_or("no connection"), ReadAll(log_file)));
  }
}

AlternativeServer::~AlternativeServer() {
  process_->Terminate();
  if (!process_->WaitForExit(absl::Seconds(15))) process_->Kill();
}

int FreePort() {
  const auto ports = cli::FindFreePorts(1);
  if (!ports.ok()) Die(errors::MessageOf(ports.status()));
  return ports->front();
}

std::string RunCommand(const std::vector<std::string>& command, const std::string& log_file) {
  std::filesystem::remove(log_file);
  cli::ChildProcess child = Start(command, log_file);
  const bool ended = child.WaitForExit(kPatience);
  std::string output = ReadAll(log_file);
  if (!ended || child.Exited().value_or("") != "exit code 0") {
    Die(fmt::format("{} failed:\n{}", command.front(), output));
  }
  return output;
}

std::vector<std::string> AsPostgresUser() {
  if (geteuid() != 0) return {};
  return {"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"};
}

void MakePostgresDirectory(const std::string& path) {
  std::filesystem::create_directories(path);
  if (geteuid() != 0) return;
  const passwd* const user = getpwnam("postgres");
  if (user == nullptr || chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
    Die("there is no user postgres that could own " + path);
  }
}

}  // namespace flywheel::bench
