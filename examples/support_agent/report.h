// Report of a run: what each turn of the wheel did, as text and as JSON.
#ifndef FLYWHEEL_EXAMPLES_SUPPORT_AGENT_REPORT_H_
#define FLYWHEEL_EXAMPLES_SUPPORT_AGENT_REPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace flywheel::example {

// What the customers did in one revolution, by what they did.
struct ReactionCounts {
  int64_t accepted = 0;
  int64_t corrected = 0;
  int64_t retried = 0;
  int64_t escalated = 0;
  int64_t left = 0;
};

// An experiment that ran in a revolution.
struct ExperimentReport {
  std::string experiment_id;
  std::string candidate;
  // What stands: SHIP, ROLLBACK, CONTINUE, HOLD or STOP_FUTILE, with the service's own words.
  std::string recommendation;
  std::string message;
  // Sessions that each side had when it was decided.
  int64_t control_units = 0;
  int64_t candidate_units = 0;
  // The steps of its ramp so far: shares of the sessions that took part.
  std::vector<double> coverage;
  // What the ramp did last besides stepping: PROMOTED, ROLLED_BACK or another of its events; empty
  // where it did nothing else.
  std::string ramp;
  bool ended = false;
  bool promoted = false;
  // The largest share of a revolution's answers that the candidate gave before it was promoted.
  double largest_share = 0;
};

// A verdict of the gate.
struct GateReport {
  std::string candidate;
  std::string decision;
  std::string message;
};

struct RevolutionReport {
  int number = 0;
  int64_t queries = 0;
  int64_t interactions = 0;
  ReactionCounts reactions;
  // The dataset version built at the end of the revolution.
  std::string dataset_version;
  int64_t train_rows = 0;
  int64_t eval_rows = 0;
  std::map<std::string, int64_t> rows_by_tier;
  std::map<std::string, int64_t> removed_by_reason;
  std::string trigger;
  double training_seconds = 0;
  std::vector<GateReport> gate;
  std::vector<ExperimentReport> experiments;
  // What serves at the end of the revolution, and its accuracy on queries that nothing else
  // touches.
  std::string serving_version;
  double accuracy = 0;
  bool promoted = false;
};

// A candidate that was made to be caught.
struct PlantedReport {
  std::string candidate;
  // What is wrong with it.
  std::string fault;
  // Who stopped it, and how; "not planted yet" until then.
  std::string outcome = "not planted yet";
  bool stopped = false;
  double largest_share = 0;
};

struct WheelReport {
  // Sessions, and how often each question is asked.
  int64_t queries = 0;
  int64_t times = 1;
  int64_t test_queries = 0;
  int64_t seeds = 0;
  int64_t customers = 0;
  double hostile_share = 0;
  double noise_share = 0;
  // With the seeds alone.
  double first_accuracy = 0;
  std::vector<RevolutionReport> revolutions;
  std::vector<PlantedReport> planted;
  // Trained on the same record without the label review; below 0 where nobody measured it.
  double unfiltered_accuracy = -1;
  double seconds = 0;
};

// Prints to standard output, line by line while the wheel turns.
void PrintStart(const WheelReport& report);
void PrintRevolution(const RevolutionReport& revolution, double accuracy_before);
void PrintEnd(const WheelReport& report);

// Writes the report as JSON. INVALID_CONFIGURATION where the file cannot be written.
absl::Status WriteJson(const WheelReport& report, const std::string& path);

}  // namespace flywheel::example

#endif  // FLYWHEEL_EXAMPLES_SUPPORT_AGENT_REPORT_H_
