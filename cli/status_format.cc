#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "absl/time/time.h"
#include "cli/status_report.h"
#include "cli/table.h"
#include "cli/value_name.h"
#include "shared/rpc/field_checks.h"
#include "shared/text/printable.h"
#include "shared/time/time_text.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;

std::string DecisionName(evalgate::v1::Decision decision) {
  return ValueName(evalgate::v1::Decision_Name(decision), "DECISION_");
}

std::string TierName(curation::v1::Tier tier) {
  return ValueName(curation::v1::Tier_Name(tier), "TIER_");
}

std::string Time(const google::protobuf::Timestamp& time) {
  return SecondsText(rpc::FromProto(time));
}

// With the id of the key that did it, where there was one.
std::string TimeBy(const google::protobuf::Timestamp& time, const std::string& key_id) {
  return Time(time) + (key_id.empty() ? "" : " by " + key_id);
}

std::string StateName(const ServiceState& state) {
  if (!state.serving) return "not reachable";
  return state.problem.empty() ? "serving" : "serving, but gave no figures";
}

std::string FormatIngest(const ingest::v1::GetStatsResponse& stats, const std::string& group_by) {
  std::string text = fmt::format("\ningest: {} interactions with {} tool calls, {} signals\n",
                                 WithThousands(stats.interactions()),
                                 WithThousands(stats.tool_calls()), WithThousands(stats.signals()));
  if (stats.textless_traces() > 0) {
    text += fmt::format(
        "the last {} traces carry no text, so nothing is learned from them: see 'What to set so "
        "that texts are recorded' in docs/integrate/opentelemetry.md\n",
        WithThousands(stats.textless_traces()));
  }
  if (stats.evaluation_means().empty()) return text;
  Table table({{"EVALUATION"},
               {group_by.empty() ? "GROUP" : "BY " + group_by},
               {"COUNT", true},
               {"MEAN", true}});
  for (const auto& mean : stats.evaluation_means()) {
    table.AddRow({mean.name(), mean.group().empty() ? "-" : mean.group(),
                  WithThousands(mean.count()), fmt::format("{:.4f}", mean.mean())});
  }
  return text + table.Format();
}

std::string FormatCuration(const curation::v1::GetProgressResponse& progress) {
  const double lag = absl::ToDoubleSeconds(rpc::FromProto(progress.feed_lag()));
  const std::string place =
      lag == 0 ? "up to date with ingest" : fmt::format("{:.1f} s behind ingest", lag);
  std::string text = fmt::format(
      "\ncuration: read {} interactions, scored {}; {}{}\n", WithThousands(progress.interactions()),
      WithThousands(progress.scored_interactions()), place,
      progress.ingest_reachable() ? "" : "; it cannot reach ingest at the moment");
  if (!progress.feed_error().empty()) {
    text += "  why: " + Printable(progress.feed_error()) + "\n";
  }
  if (progress.interactions_by_tier().empty()) return text;
  Table table({{"TIER"}, {"INTERACTIONS", true}});
  for (const auto& count : progress.interactions_by_tier()) {
    table.AddRow({TierName(count.tier()), WithThousands(count.rows())});
  }
  return text + table.Format();
}

std::string FormatVerdicts(const evalgate::v1::ListVerdictsResponse& verdicts) {
  if (verdicts.verdicts().empty()) return "\neval-gate: no verdict yet\n";
  Table table({{"VERSION"}, {"DECISION"}, {"BASELINE"}, {"SUITE"}, {"TIME"}});
  for (const auto& verdict : verdicts.verdicts()) {
    const std::string& baseline = verdict.baseline_model_version();
    table.AddRow({verdict.model_version(), DecisionName(verdict.decision()),
                  baseline.empty() ? "-" : baseline, verdict.suite_id(),
                  TimeBy(verdict.create_time(), verdict.created_by())});
  }
  return "\neval-gate: the latest verdicts\n" + table.Format();
}

// What stands for an arm; nothing for the control, and where it is not known.
const experiment::v1::Comparison* FindComparison(const StatusReport& report,
                                                 const std::string& experiment_id,
                                                 const std::string& arm_id) {
  const auto analysis = report.analyses.find(experiment_id);
  if (analysis == report.analyses.end()) return nullptr;
  for (const auto& comparison : analysis->second.comparisons()) {
    if (comparison.arm_id() == arm_id) return &comparison;
  }
  return nullptr;
}

std::string RecommendationName(const experiment::v1::Comparison& comparison) {
  return ValueName(experiment::v1::Recommendation_Name(comparison.recommendation()),
                   "RECOMMENDATION_");
}

std::string FormatExperiments(const StatusReport& report) {
  std::string text = "\nexperiment: no experiment runs\n";
  if (!report.experiments->experiments().empty()) {
    Table table({{"EXPERIMENT"}, {"AGENT"}, {"ARMS"}, {"METRIC"}, {"STANDS"}, {"SINCE"}});
    for (const auto& experiment : report.experiments->experiments()) {
      std::string arms, stands;
      for (const auto& arm : experiment.arms()) {
        arms += (arms.empty() ? "" : ", ") + arm.model_version();
        const auto* comparison = FindComparison(report, experiment.experiment_id(), arm.arm_id());
        if (comparison == nullptr) continue;
        stands += fmt::format("{}{} {}", stands.empty() ? "" : ", ", arm.model_version(),
                              RecommendationName(*comparison));
      }
      table.AddRow({experiment.experiment_id(), experiment.agent(), arms,
                    experiment.plan().primary().name(), stands.empty() ? "-" : stands,
                    TimeBy(experiment.create_time(), experiment.created_by())});
    }
    text = "\nexperiment: running\n" + table.Format();
  }
  if (report.active_versions.empty()) return text;
  Table table({{"AGENT"}, {"ACTIVE VERSION"}, {"SINCE"}});
  for (const auto& active : report.active_versions) {
    table.AddRow({active.agent(), active.model_version(),
                  TimeBy(active.promote_time(), active.promoted_by())});
  }
  return text + "\n" + table.Format();
}

json ServicesJson(const StatusReport& report) {
  json services = json::array();
  for (const auto& [service, state] : report.services) {
    services.push_back({{"service", ServiceName(service)},
                        {"address", state.address},
                        {"serving", state.serving},
                        {"problem", state.problem}});
  }
  return services;
}

json IngestJson(const ingest::v1::GetStatsResponse& stats) {
  json means = json::array();
  for (const auto& mean : stats.evaluation_means()) {
    means.push_back({{"name", mean.name()},
                     {"group", mean.group()},
                     {"count", mean.count()},
                     {"mean", mean.mean()}});
  }
  return {{"interactions", stats.interactions()},       {"signals", stats.signals()},
          {"tool_calls", stats.tool_calls()},           {"end_token", stats.end_token()},
          {"textless_traces", stats.textless_traces()}, {"evaluation_means", means}};
}

json CurationJson(const curation::v1::GetProgressResponse& progress) {
  json tiers = json::object();
  for (const auto& count : progress.interactions_by_tier()) {
    tiers[TierName(count.tier())] = count.rows();
  }
  return {{"feed_token", progress.feed_token()},
          {"feed_lag_seconds", absl::ToDoubleSeconds(rpc::FromProto(progress.feed_lag()))},
          {"ingest_reachable", progress.ingest_reachable()},
          {"interactions", progress.interactions()},
          {"scored_interactions", progress.scored_interactions()},
          {"interactions_by_tier", tiers}};
}

json VerdictsJson(const evalgate::v1::ListVerdictsResponse& verdicts) {
  json list = json::array();
  for (const auto& verdict : verdicts.verdicts()) {
    list.push_back({{"verdict_id", verdict.verdict_id()},
                    {"model_version", verdict.model_version()},
                    {"baseline_model_version", verdict.baseline_model_version()},
                    {"suite_id", verdict.suite_id()},
                    {"decision", DecisionName(verdict.decision())},
                    {"create_time", Time(verdict.create_time())},
                    {"created_by", verdict.created_by()}});
  }
  return {{"latest_verdicts", list}};
}

json ExperimentsJson(const StatusReport& report) {
  json running = json::array();
  for (const auto& experiment : report.experiments->experiments()) {
    json arms = json::array();
    for (const auto& arm : experiment.arms()) {
      arms.push_back({{"arm_id", arm.arm_id()},
                      {"model_version", arm.model_version()},
                      {"control", arm.control()}});
      const auto* comparison = FindComparison(report, experiment.experiment_id(), arm.arm_id());
      if (comparison == nullptr) continue;
      arms.back()["stands"] = RecommendationName(*comparison);
      arms.back()["decision"] = comparison->decision();
    }
    running.push_back({{"experiment_id", experiment.experiment_id()},
                       {"agent", experiment.agent()},
                       {"metric", experiment.plan().primary().name()},
                       {"arms", arms},
                       {"create_time", Time(experiment.create_time())},
                       {"created_by", experiment.created_by()}});
  }
  json active = json::array();
  for (const auto& version : report.active_versions) {
    active.push_back({{"agent", version.agent()},
                      {"model_version", version.model_version()},
                      {"promote_time", Time(version.promote_time())},
                      {"promoted_by", version.promoted_by()}});
  }
  return {{"running", running}, {"active_versions", active}};
}

}  // namespace

std::string FormatStatus(const StatusReport& report, const std::string& group_by_attribute) {
  Table services({{"SERVICE"}, {"ADDRESS"}, {"STATE"}});
  std::string problems;
  for (const auto& [service, state] : report.services) {
    services.AddRow({std::string(ServiceName(service)), state.address, StateName(state)});
    if (!state.problem.empty()) {
      problems += fmt::format("{}: {}\n", ServiceName(service), Printable(state.problem));
    }
  }
  std::string text = services.Format();
  if (!problems.empty()) text += "\n" + problems;
  if (report.none_serving()) {
    text +=
        "\nStart them with 'flywheel up', or give the --port-base that they were started with, or "
        "their addresses.\n";
  }
  if (report.ingest) text += FormatIngest(*report.ingest, group_by_attribute);
  if (report.curation) text += FormatCuration(*report.curation);
  if (report.verdicts) text += FormatVerdicts(*report.verdicts);
  if (report.experiments) text += FormatExperiments(report);
  return text;
}

std::string StatusJson(const StatusReport& report) {
  json object = {{"services", ServicesJson(report)}};
  if (report.ingest) object["ingest"] = IngestJson(*report.ingest);
  if (report.curation) object["curation"] = CurationJson(*report.curation);
  if (report.verdicts) object["eval_gate"] = VerdictsJson(*report.verdicts);
  if (report.experiments) object["experiment"] = ExperimentsJson(report);
  return object.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
}

}  // namespace flywheel::cli
