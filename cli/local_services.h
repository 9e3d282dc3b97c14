// Starts and stops the four services on this machine, as child processes.
#ifndef FLYWHEEL_CLI_LOCAL_SERVICES_H_
#define FLYWHEEL_CLI_LOCAL_SERVICES_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "cli/child_process.h"

namespace flywheel::cli {

// In the order in which they start: each calls only those before it.
enum class Service { kIngest, kCuration, kEvalGate, kExperiment };

inline constexpr std::array<Service, 4> kAllServices = {Service::kIngest, Service::kCuration,
                                                        Service::kEvalGate, Service::kExperiment};

// Such as "eval-gate": the binary is "flywheel-eval-gate".
std::string_view ServiceName(Service service);

// The port where a service listens unless it is told otherwise: 4317, 7402, 7403, 7404.
int DefaultPort(Service service);

// Where a service listens on loopback: at its default port where `port_base` is 0, else at
// port_base to port_base + 3, in the order of kAllServices.
std::string AddressAt(Service service, int port_base);
std::string DefaultAddress(Service service);

// Of the values of port_base above 0: below 1024 are the system's, and nine ports begin with it.
inline constexpr int kMinPortBase = 1'024;
inline constexpr int kMaxPortBase = 65'527;

struct LocalServicesOptions {
  // Holds a directory and a log file a service; made where it does not exist.
  std::string data_dir = "data";
  // Where the binaries are; empty: beside the running executable.
  std::string binary_dir = {};
  // What to start.
  std::vector<Service> services{kAllServices.begin(), kAllServices.end()};
  // 0: the default ports, metrics at 9401 to 9404, OTLP over HTTP at 4318. Above 0: the services
  // listen at port_base to port_base + 3, their metrics at port_base + 4 to port_base + 7, OTLP
  // over HTTP at port_base + 8.
  int port_base = 0;
  // Whatever ports are free, for tests; before port_base.
  bool free_ports = false;
  // Serve Prometheus metrics.
  bool metrics = true;
  // Flags that one service gets on top.
  std::map<Service, std::vector<std::string>> extra_arguments = {};
  // How long a service may take until it serves.
  absl::Duration start_timeout = absl::Seconds(20);
  // Called before each step of the start, such as (kIngest, "starting"); may be empty.
  std::function<void(Service service, std::string_view step)> on_progress = nullptr;
  // Asked while waiting; true ends the wait with CANCELLED. May be empty.
  std::function<bool()> cancelled = nullptr;
};

// Where a service is and keeps its things.
struct LocalService {
  // HOST:PORT.
  std::string address;
  // HOST:PORT; empty where no metrics are served.
  std::string metrics_address;
  // HOST:PORT; empty for all but ingest.
  std::string otlp_http_address;
  std::string data_dir;
  std::string log_file;
};

// Starts the services, restarts and kills them on demand, stops them in the end. They die with this
// process, however it dies. Not thread-safe; calls may come from any thread.
//
//   auto services = LocalServices::Start({.data_dir = dir, .free_ports = true});
//   rpc::Channel::Open({(*services)->at(Service::kIngest).address});
class LocalServices {
 public:
  // Returns when all serve. INVALID_CONFIGURATION where a binary is missing or a port is in use;
  // UNAVAILABLE, with the last line of the service's log, where one ended or does not serve in
  // time; CANCELLED. Then everything is stopped again.
  static absl::StatusOr<std::unique_ptr<LocalServices>> Start(LocalServicesOptions options);

  ~LocalServices() { Stop(); }

  const LocalService& at(Service service) const { return places_.at(service); }
  const std::vector<Service>& services() const { return options_.services; }

  // The process of a service; -1 before it was started.
  pid_t pid(Service service) const;

  // How a service ended, with the last line of its log; nothing while it runs.
  std::optional<std::string> Exited(Service service);

  // SIGKILL, now. What the service had acknowledged must survive it.
  void Kill(Service service);

  // Starts a service that ended or was killed on the same port and data, and waits until it serves.
  absl::Status Restart(Service service);

  // The two halves of Restart.
  absl::Status Launch(Service service);
  absl::Status WaitUntilServing(Service service);

  // SIGTERM for all, SIGKILL for what still runs after `grace`. Again is no harm.
  void Stop(absl::Duration grace = absl::Seconds(15));

 private:
  explicit LocalServices(LocalServicesOptions options) : options_(std::move(options)) {}

  absl::Status AssignPlaces();
  std::vector<std::string> Arguments(Service service) const;
  std::string LastLogLine(Service service) const;
  void Progress(Service service, std::string_view step) const;

  LocalServicesOptions options_;
  std::map<Service, LocalService> places_;
  std::map<Service, ChildProcess> children_;
  // How long the log was when the service was last launched.
  std::map<Service, int64_t> log_offsets_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_LOCAL_SERVICES_H_
