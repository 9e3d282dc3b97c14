#include "examples/support_agent/report.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/table.h"
#include "shared/status/errors.h"

namespace flywheel::example {
namespace {

using cli::WithThousands;

std::string Joined(const std::map<std::string, int64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    if (count > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : " · ", name, WithThousands(count));
  }
  return text.empty() ? "nothing" : text;
}

// Such as "20 % · 50 % of the sessions, then PROMOTED".
std::string RampText(const ExperimentReport& experiment) {
  std::vector<std::string> steps;
  steps.reserve(experiment.coverage.size());
  for (const double coverage : experiment.coverage) {
    steps.push_back(fmt::format("{:.0f} %", 100 * coverage));
  }
  return fmt::format("{} of the sessions{}{}", fmt::join(steps, " · "),
                     experiment.ramp.empty() ? "" : ", then ", experiment.ramp);
}

void Line(const char* label, const std::string& text) { fmt::print("  {:<12} {}\n", label, text); }

nlohmann::json ToJson(const RevolutionReport& revolution) {
  nlohmann::json json = {
      {"number", revolution.number},
      {"queries", revolution.queries},
      {"interactions", revolution.interactions},
      // After an escalation staff correct.
      {"corrections", revolution.reactions.corrected + revolution.reactions.escalated},
      {"reactions",
       {{"accepted", revolution.reactions.accepted},
        {"corrected", revolution.reactions.corrected},
        {"retried", revolution.reactions.retried},
        {"escalated", revolution.reactions.escalated},
        {"left", revolution.reactions.left}}},
      {"dataset_version", revolution.dataset_version},
      {"train_rows", revolution.train_rows},
      {"eval_rows", revolution.eval_rows},
      {"rows_by_tier", revolution.rows_by_tier},
      {"removed_by_reason", revolution.removed_by_reason},
      {"trigger", revolution.trigger},
      {"training_seconds", revolution.training_seconds},
      {"gate", nlohmann::json::array()},
      {"experiment", nlohmann::json::array()},
      {"serving_version", revolution.serving_version},
      {"accuracy", revolution.accuracy},
      {"promoted", revolution.promoted}};
  for (const GateReport& gate : revolution.gate) {
    json["gate"].push_back(
        {{"candidate", gate.candidate}, {"decision", gate.decision}, {"message", gate.message}});
  }
  for (const ExperimentReport& experiment : revolution.experiments) {
    json["experiment"].push_back({{"experiment_id", experiment.experiment_id},
                                  {"candidate", experiment.candidate},
                                  {"recommendation", experiment.recommendation},
                                  {"message", experiment.message},
                                  {"control_units", experiment.control_units},
                                  {"candidate_units", experiment.candidate_units},
                                  {"coverage", experiment.coverage},
                                  {"ramp", experiment.ramp},
                                  {"largest_share", experiment.largest_share}});
  }
  return json;
}

}  // namespace

void PrintStart(const WheelReport& report) {
  fmt::print("\nThe wheel: {} queries of {} customers", WithThousands(report.queries),
             WithThousands(report.customers));
  if (report.times > 1) fmt::print(", each asked {} times", report.times);
  fmt::print(", {} seed examples", WithThousands(report.seeds));
  if (report.hostile_share > 0)
    fmt::print(", {:.0f}% hostile customers", 100 * report.hostile_share);
  if (report.noise_share > 0) fmt::print(", {:.0f}% wrong reactions", 100 * report.noise_share);
  fmt::print("\nAccuracy is measured on {} queries that nothing else touches.\n",
             WithThousands(report.test_queries));
  fmt::print("\nBefore the first customer: v0, trained on the seeds alone, accuracy {:.3f}\n",
             report.first_accuracy);
  std::fflush(stdout);
}

void PrintRevolution(const RevolutionReport& revolution, double accuracy_before) {
  fmt::print("\nRevolution {}: {} queries\n", revolution.number, WithThousands(revolution.queries));
  const ReactionCounts& reactions = revolution.reactions;
  Line("reactions",
       fmt::format("{} accepted · {} corrected · {} retried · {} escalated · {} left",
                   WithThousands(reactions.accepted), WithThousands(reactions.corrected),
                   WithThousands(reactions.retried), WithThousands(reactions.escalated),
                   WithThousands(reactions.left)));
  for (const ExperimentReport& experiment : revolution.experiments) {
    Line("experiment",
         fmt::format("{} {} after {} + {} sessions", experiment.candidate,
                     experiment.recommendation, WithThousands(experiment.control_units),
                     WithThousands(experiment.candidate_units)));
    Line("", experiment.message);
    Line("ramp", RampText(experiment));
  }
  Line("dataset",
       fmt::format("{}: {} rows to train on, {} to judge by", revolution.dataset_version,
                   WithThousands(revolution.train_rows), WithThousands(revolution.eval_rows)));
  Line("tiers", Joined(revolution.rows_by_tier));
  Line("removed", Joined(revolution.removed_by_reason));
  Line("training", fmt::format("{} ({:.1f} s)", revolution.trigger, revolution.training_seconds));
  for (const GateReport& gate : revolution.gate) {
    Line("gate", fmt::format("{} {}", gate.candidate, gate.decision));
    Line("", gate.message);
  }
  Line("serving",
       fmt::format("{}, accuracy {:.3f}{}", revolution.serving_version, revolution.accuracy,
                   revolution.promoted
                       ? fmt::format(" ({:+.3f})", revolution.accuracy - accuracy_before)
                       : ""));
  std::fflush(stdout);
}

void PrintEnd(const WheelReport& report) {
  const double last = report.revolutions.empty() ? 0 : report.revolutions.back().accuracy;
  fmt::print("\nAccuracy went from {:.3f} to {:.3f} in {} revolutions ({:.0f} s).\n",
             report.first_accuracy, last, report.revolutions.size(), report.seconds);
  if (report.unfiltered_accuracy >= 0) {
    fmt::print("The same record without the label review trains a model of accuracy {:.3f}.\n",
               report.unfiltered_accuracy);
  }
  for (const PlantedReport& planted : report.planted) {
    if (planted.candidate.empty()) {
      fmt::print(
          "Not planted: a candidate ({}), because none serves that it would be worse than.\n",
          planted.fault);
      continue;
    }
    fmt::print("Planted: {} ({}): {}; it gave at most {:.0f}% of a revolution's answers.\n",
               planted.candidate, planted.fault, planted.outcome, 100 * planted.largest_share);
  }
  std::fflush(stdout);
}

absl::Status WriteJson(const WheelReport& report, const std::string& path) {
  nlohmann::json json = {{"queries", report.queries},
                         {"test_queries", report.test_queries},
                         {"seeds", report.seeds},
                         {"customers", report.customers},
                         {"hostile_share", report.hostile_share},
                         {"noise_share", report.noise_share},
                         {"times", report.times},
                         {"first_accuracy", report.first_accuracy},
                         {"seconds", report.seconds},
                         {"revolutions", nlohmann::json::array()},
                         {"planted", nlohmann::json::array()}};
  if (report.unfiltered_accuracy >= 0) json["unfiltered_accuracy"] = report.unfiltered_accuracy;
  for (const RevolutionReport& revolution : report.revolutions) {
    json["revolutions"].push_back(ToJson(revolution));
  }
  for (const PlantedReport& planted : report.planted) {
    json["planted"].push_back({{"candidate", planted.candidate},
                               {"fault", planted.fault},
                               {"outcome", planted.outcome},
                               {"stopped", planted.stopped},
                               {"largest_share", planted.largest_share}});
  }
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  file.close();
  // A disk may be full at the last byte: asked after the file is closed.
  if (file) return absl::OkStatus();
  return errors::InvalidConfiguration("--report",
                                      fmt::format("'{}', which cannot be written", path),
                                      "a path that this user may write");
}

}  // namespace flywheel::example
