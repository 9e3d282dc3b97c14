#include "shared/rpc/run_service.h"

#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "shared/rpc/server.h"
#include "shared/status/errors.h"
#include "shared/version/version.h"

namespace flywheel::rpc {
namespace {

// Exit codes of every service; kExitCodesHelp tells them to users.
constexpr int kExitStopped = 0;  // SIGTERM or SIGINT, everything drained.
constexpr int kExitFailed = 1;   // The store or the machine failed at start.
constexpr int kExitUsage = 2;    // A flag, a file or a port is wrong: see the last line.

constexpr char kExitCodesHelp[] =
    "Exit codes: 0 stopped by a signal; 1 the store or the machine failed; 2 wrong usage: a flag,\n"
    "a file or a port.";

int Fail(const absl::Status& status, const ServerConfig& config) {
  std::fprintf(stderr, "error: %s\n", errors::MessageOf(status).c_str());
  if (errors::ReasonOf(status) == Reason::kStorageFull) {
    std::fprintf(stderr,
                 "A start needs room for what the write-ahead log holds: make space on the disk of "
                 "'%s' and start again. What was acknowledged is not lost.\n",
                 config.data_dir.c_str());
  }
  return errors::ReasonOf(status) == Reason::kInvalidConfiguration ? kExitUsage : kExitFailed;
}

}  // namespace

int RunService(const std::string& description, ServerConfig& config, const AddFlags& add_flags,
               const StartService& start, int argc, char** argv) {
  // Before any thread: threads inherit what is blocked.
  BlockSignals();
  // What customers said is for this user alone.
  umask(077);
  // The flags.
  CLI::App app(description, "flywheel-" + config.service);
  app.failure_message(UsageError);
  app.footer(kExitCodesHelp);
  add_flags(app);
  app.set_version_flag("--version", VersionLine(app.get_name()));
  AddServerFlags(app, config);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitStopped : kExitUsage;
  }
  // The service.
  StartLogging(config);
  if (const absl::Status status = FinishServerConfig(config); !status.ok()) {
    return Fail(status, config);
  }
  const SystemClock clock;
  const absl::StatusOr<RunningService> service = start(&clock);
  if (!service.ok()) return Fail(service.status(), config);
  spdlog::info("event=started listen={} port={} database={}", config.listen, service->port,
               config.database_url);
  // Until somebody ends it.
  while (WaitForSignal() == SIGHUP) service->reload_keys();
  spdlog::info("event=draining seconds={}", config.drain_seconds);
  service->stop(absl::Seconds(config.drain_seconds));
  spdlog::info("event=stopped");
  return kExitStopped;
}

}  // namespace flywheel::rpc
