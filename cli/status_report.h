// Status report: queries all four services for their state and figures.
#ifndef FLYWHEEL_CLI_STATUS_REPORT_H_
#define FLYWHEEL_CLI_STATUS_REPORT_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "cli/local_services.h"
#include "flywheel/curation/v1/curation_service.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.pb.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "shared/rpc/channel.h"

namespace flywheel::cli {

// Whom to ask, and for what.
struct StatusQuery {
  std::map<Service, std::string> addresses;
  // Keys, CA and certificate; its address is not used.
  rpc::Target credentials;
  // Sent with every call; empty: the server's choice.
  std::string project;
  // Evaluation means are grouped by this attribute; empty: one group.
  std::string group_by_attribute = "trial";
  // Agents whose active version is asked for, besides those of experiments.
  std::vector<std::string> agents;
  // The deadline of each call.
  absl::Duration timeout = absl::Seconds(2);
};

// How one service answered.
struct ServiceState {
  std::string address;
  // It serves.
  bool serving = false;
  // What went wrong: why it does not serve, or why it did not give its figures. Empty: nothing.
  std::string problem;
};

// Figures are there for the services that gave them.
struct StatusReport {
  std::map<Service, ServiceState> services;
  std::optional<ingest::v1::GetStatsResponse> ingest;
  std::optional<curation::v1::GetProgressResponse> curation;
  // The newest verdicts, the newest first.
  std::optional<evalgate::v1::ListVerdictsResponse> verdicts;
  // The running experiments.
  std::optional<experiment::v1::ListExperimentsResponse> experiments;
  // Of these, by experiment_id.
  std::map<std::string, experiment::v1::Analysis> analyses;
  std::vector<experiment::v1::ActiveVersion> active_versions;

  bool all_serving() const;
  bool none_serving() const;
  // Whether every service that serves gave its figures.
  bool complete() const;
};

// Asks all. Whoever is down takes nothing from the others' answers.
StatusReport GatherStatus(const StatusQuery& query);

// The report for people: a table of the services, then their figures.
std::string FormatStatus(const StatusReport& report, const std::string& group_by_attribute);

// The report for programs: one JSON object on one line.
std::string StatusJson(const StatusReport& report);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_STATUS_REPORT_H_
