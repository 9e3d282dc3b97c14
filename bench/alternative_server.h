// Starts the servers of other projects that Flywheel is compared with, as child processes.
#ifndef FLYWHEEL_BENCH_ALTERNATIVE_SERVER_H_
#define FLYWHEEL_BENCH_ALTERNATIVE_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "cli/child_process.h"

namespace flywheel::bench {

// A server as a child process, stopped when the object ends. Not thread-safe.
class AlternativeServer {
 public:
  // Runs `command`, whose first word is found in PATH, and returns when 127.0.0.1:`port` takes
  // connections. Ends the process with the end of the log where that takes more than a minute and a
  // half.
  AlternativeServer(const std::vector<std::string>& command, int port, const std::string& log_file);
  AlternativeServer(const AlternativeServer&) = delete;
  AlternativeServer& operator=(const AlternativeServer&) = delete;
  ~AlternativeServer();

  int port() const { return port_; }

 private:
  const int port_;
  std::unique_ptr<cli::ChildProcess> process_;
};

// A free port of 127.0.0.1.
int FreePort();

// Runs a command to its end; what it wrote. Ends the process where it fails.
std::string RunCommand(const std::vector<std::string>& command, const std::string& log_file);

// The words that make PostgreSQL's user run a command: PostgreSQL refuses to be root. None where
// this process is not root.
std::vector<std::string> AsPostgresUser();

// Makes a directory that PostgreSQL's user owns where this process is root.
void MakePostgresDirectory(const std::string& path);

}  // namespace flywheel::bench

#endif  // FLYWHEEL_BENCH_ALTERNATIVE_SERVER_H_
