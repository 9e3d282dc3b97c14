#include "cli/local_services.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "cli/free_port.h"
#include "cli/health.h"
#include "shared/files/files.h"
#include "shared/rpc/channel.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/host_port.h"
#include "shared/time/poll.h"

namespace flywheel::cli {
namespace {

constexpr int kDefaultMetricsPort = 9401;
constexpr int kDefaultOtlpHttpPort = 4318;
// Of the services, their metrics, and OTLP over HTTP.
constexpr int kPortsOfAll = 9;
constexpr absl::Duration kStartPollInterval = absl::Milliseconds(20);
constexpr absl::Duration kHealthTimeout = absl::Seconds(2);

// Variables that would make four services share one store or one port, or speak TLS, which
// the health check here does not.
const std::vector<std::string> kHiddenVariables = {
    "FLYWHEEL_LISTEN",           "FLYWHEEL_METRICS_LISTEN",     "FLYWHEEL_OTLP_HTTP_LISTEN",
    "FLYWHEEL_STORE_DIR",        "FLYWHEEL_DATABASE_URL",       "FLYWHEEL_TLS_CERTIFICATE_FILE",
    "FLYWHEEL_TLS_KEY_FILE",     "FLYWHEEL_TLS_CLIENT_CA_FILE", "FLYWHEEL_API_KEYS_FILE",
    "FLYWHEEL_UPSTREAM_CA_FILE", "FLYWHEEL_UPSTREAM_KEY_FILE",  "FLYWHEEL_INSECURE"};

int Index(Service service) { return static_cast<int>(service); }

std::string Loopback(int port) { return fmt::format("127.0.0.1:{}", port); }

absl::StatusOr<std::string> OwnDirectory() {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return errors::Internal("/proc/self/exe cannot be read: " + error.message());
  return self.parent_path().string();
}

absl::Status CheckPort(Service service, const std::string& address) {
  if (address.empty() || IsPortFree(ParseHostPort(address)->port)) return absl::OkStatus();
  const int base = FindFreeBase(kPortsOfAll);
  return errors::InvalidConfiguration(
      fmt::format("{}'s port", ServiceName(service)),
      fmt::format("{}, which is in use; another flywheel may run here", address),
      fmt::format("a free one: stop the other, or run beside it with --port-base {} and a "
                  "--data-dir of its own",
                  base == 0 ? "N" : std::to_string(base)));
}

}  // namespace

std::string_view ServiceName(Service service) {
  static constexpr std::array<std::string_view, 4> kNames = {"ingest", "curation", "eval-gate",
                                                             "experiment"};
  return kNames[Index(service)];
}

int DefaultPort(Service service) {
  static constexpr std::array<int, 4> kPorts = {4317, 7402, 7403, 7404};
  return kPorts[Index(service)];
}

std::string AddressAt(Service service, int port_base) {
  return Loopback(port_base == 0 ? DefaultPort(service) : port_base + Index(service));
}

std::string DefaultAddress(Service service) { return AddressAt(service, 0); }

absl::StatusOr<std::unique_ptr<LocalServices>> LocalServices::Start(LocalServicesOptions options) {
  std::unique_ptr<LocalServices> services(new LocalServices(std::move(options)));
  RETURN_IF_ERROR(services->AssignPlaces());
  // Each could start with its neighbours down; one after the other, nobody's first call fails.
  for (const Service service : services->services()) RETURN_IF_ERROR(services->Restart(service));
  return services;
}

absl::Status LocalServices::AssignPlaces() {
  if (options_.binary_dir.empty()) {
    ASSIGN_OR_RETURN(options_.binary_dir, OwnDirectory());
  }
  RETURN_IF_ERROR(MakeWritableDirectory("--data-dir", options_.data_dir));
  std::vector<int> free_ports;
  if (options_.free_ports) {
    ASSIGN_OR_RETURN(free_ports, FindFreePorts(kPortsOfAll));
  }
  for (const Service service : kAllServices) {
    const int i = Index(service);
    int port = DefaultPort(service);
    int metrics_port = kDefaultMetricsPort + i;
    if (options_.free_ports) {
      port = free_ports[i];
      metrics_port = free_ports[4 + i];
    } else if (options_.port_base > 0) {
      port = options_.port_base + i;
      metrics_port = options_.port_base + 4 + i;
    }
    const std::string base = fmt::format("{}/{}", options_.data_dir, ServiceName(service));
    places_[service] = {Loopback(port), options_.metrics ? Loopback(metrics_port) : "", "", base,
                        base + ".log"};
  }
  int otlp_port = kDefaultOtlpHttpPort;
  if (options_.free_ports) {
    otlp_port = free_ports.back();
  } else if (options_.port_base > 0) {
    otlp_port = options_.port_base + 8;
  }
  places_[Service::kIngest].otlp_http_address = Loopback(otlp_port);
  return absl::OkStatus();
}

std::vector<std::string> LocalServices::Arguments(Service service) const {
  const LocalService& place = at(service);
  std::vector<std::string> arguments = {"--data-dir", place.data_dir, "--listen", place.address};
  const auto add = [&arguments](const char* flag, const std::string& value) {
    arguments.insert(arguments.end(), {flag, value});
  };
  if (!place.metrics_address.empty()) add("--metrics-listen", place.metrics_address);
  if (!place.otlp_http_address.empty()) add("--otlp-http-listen", place.otlp_http_address);
  const auto runs = [this](Service other) {
    return std::find(options_.services.begin(), options_.services.end(), other) !=
           options_.services.end();
  };
  // Nobody waits for the report of a service that is not there.
  if (service == Service::kIngest) {
    add("--erasure-readers",
        fmt::format("curation{}{}", runs(Service::kEvalGate) ? ",eval-gate" : "",
                    runs(Service::kExperiment) ? ",experiment" : ""));
  }
  if (service == Service::kCuration) add("--ingest-address", at(Service::kIngest).address);
  if (service == Service::kEvalGate) add("--curation-address", at(Service::kCuration).address);
  if (service == Service::kExperiment) {
    add("--eval-gate-address", at(Service::kEvalGate).address);
    if (runs(Service::kIngest)) add("--ingest-address", at(Service::kIngest).address);
  }
  const auto extra = options_.extra_arguments.find(service);
  if (extra != options_.extra_arguments.end()) {
    arguments.insert(arguments.end(), extra->second.begin(), extra->second.end());
  }
  return arguments;
}

absl::Status LocalServices::Launch(Service service) {
  const LocalService& place = at(service);
  // A stranger on the port would answer the health check in the name of a service that has just
  // died.
  RETURN_IF_ERROR(CheckPort(service, place.address));
  RETURN_IF_ERROR(CheckPort(service, place.metrics_address));
  RETURN_IF_ERROR(CheckPort(service, place.otlp_http_address));
  Progress(service, "starting");
  std::error_code no_log_yet;
  const auto log_size = std::filesystem::file_size(place.log_file, no_log_yet);
  log_offsets_[service] = no_log_yet ? 0 : static_cast<int64_t>(log_size);
  ASSIGN_OR_RETURN(
      ChildProcess child,
      ChildProcess::Start({fmt::format("{}/flywheel-{}", options_.binary_dir, ServiceName(service)),
                           Arguments(service), kHiddenVariables, place.log_file}));
  children_.insert_or_assign(service, std::move(child));
  return absl::OkStatus();
}

absl::Status LocalServices::WaitUntilServing(Service service) {
  ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open({at(service).address, "", ""}));
  bool serves = false;
  bool cancelled = false;
  std::optional<std::string> ending;
  const auto decided = [&] {
    serves = CheckHealth(channel, kHealthTimeout).ok();
    // Asked last: a service that has answered may have died since.
    ending = Exited(service);
    cancelled = options_.cancelled && options_.cancelled();
    return serves || cancelled || ending.has_value();
  };
  PollUntil(decided, options_.start_timeout, kStartPollInterval);
  if (ending) {
    return absl::UnavailableError(
        fmt::format("{} ended at its start: {}", ServiceName(service), *ending));
  }
  if (!serves && cancelled) return absl::CancelledError("stopped by a signal");
  if (!serves) {
    return absl::UnavailableError(
        fmt::format("{} does not serve at {} after {} s; its log {} ends: {}", ServiceName(service),
                    at(service).address, absl::ToInt64Seconds(options_.start_timeout),
                    at(service).log_file, LastLogLine(service)));
  }
  Progress(service, "serving");
  return absl::OkStatus();
}

pid_t LocalServices::pid(Service service) const {
  const auto child = children_.find(service);
  return child == children_.end() ? -1 : child->second.pid();
}

std::optional<std::string> LocalServices::Exited(Service service) {
  const auto child = children_.find(service);
  if (child == children_.end()) return "never started";
  const std::optional<std::string> ending = child->second.Exited();
  if (!ending) return std::nullopt;
  const std::string line = LastLogLine(service);
  return line.empty() ? *ending
                      : fmt::format("{}; last line of {}: {}", *ending, at(service).log_file, line);
}

std::string LocalServices::LastLogLine(Service service) const {
  std::ifstream log(at(service).log_file);
  const auto offset = log_offsets_.find(service);
  if (offset != log_offsets_.end()) log.seekg(offset->second);
  std::string last;
  for (std::string line; std::getline(log, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

void LocalServices::Kill(Service service) {
  const auto child = children_.find(service);
  if (child != children_.end()) child->second.Kill();
}

absl::Status LocalServices::Restart(Service service) {
  RETURN_IF_ERROR(Launch(service));
  return WaitUntilServing(service);
}

void LocalServices::Stop(absl::Duration grace) {
  for (auto& [service, child] : children_) child.Terminate();
  const absl::Time end = absl::Now() + grace;
  for (auto& [service, child] : children_) {
    if (!child.WaitForExit(end - absl::Now())) child.Kill();
  }
}

void LocalServices::Progress(Service service, std::string_view step) const {
  if (options_.on_progress) options_.on_progress(service, step);
}

}  // namespace flywheel::cli
