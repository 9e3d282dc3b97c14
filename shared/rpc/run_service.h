// The main function of a service, once its flags are declared.
#ifndef FLYWHEEL_SHARED_RPC_RUN_SERVICE_H_
#define FLYWHEEL_SHARED_RPC_RUN_SERVICE_H_

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "shared/rpc/flags.h"
#include "shared/rpc/server.h"
#include "shared/rpc/server_config.h"
#include "shared/status/errors.h"
#include "shared/time/clock.h"
#include "shared/version/version.h"

namespace flywheel::rpc {

// Exit codes of every service; kExitCodesHelp tells them to users.
inline constexpr int kExitStopped = 0;  // SIGTERM or SIGINT, everything drained.
inline constexpr int kExitFailed = 1;   // The store or the machine failed at start.
inline constexpr int kExitUsage = 2;    // A flag, a file or a port is wrong: see the last line.

inline constexpr char kExitCodesHelp[] =
    "Exit codes: 0 stopped by a signal; 1 the store or the machine failed; 2 wrong usage: a flag,\n"
    "a file or a port.";

// Parses the flags that `app` declares (those of `config.server` and --version are added here),
// starts `ServerClass::Start(config, clock)`, says where it listens, waits for a stop signal and
// drains. Call it before any thread was started.
template <typename ServerClass, typename Config>
int RunService(CLI::App& app, Config& config, int argc, char** argv) {
  BlockStopSignals();
  // What customers said is for this user alone.
  umask(077);
  app.name("flywheel-" + config.server.service);
  app.failure_message(UsageError);
  app.footer(kExitCodesHelp);
  app.set_version_flag("--version", VersionLine(app.get_name()));
  AddServerFlags(app, config.server);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitStopped : kExitUsage;
  }
  const auto fail = [](const absl::Status& status) {
    std::fprintf(stderr, "error: %s\n", errors::MessageOf(status).c_str());
    return errors::ReasonOf(status) == Reason::kInvalidConfiguration ? kExitUsage : kExitFailed;
  };
  StartLogging(config.server);
  if (const absl::Status status = FinishServerConfig(config.server); !status.ok()) {
    return fail(status);
  }
  const SystemClock clock;
  auto server = ServerClass::Start(config, &clock);
  if (!server.ok()) return fail(server.status());
  spdlog::info("event=started listen={} port={} database={}", config.server.listen,
               (*server)->port(), config.server.database_url);
  WaitForStopSignal();
  spdlog::info("event=draining seconds={}", config.server.drain_seconds);
  (*server)->Stop(absl::Seconds(config.server.drain_seconds));
  spdlog::info("event=stopped");
  return kExitStopped;
}

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_RUN_SERVICE_H_
