#include "eval_gate_service/store/verdict_store.h"

#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "eval_gate_service/domain/version_key.h"
#include "eval_gate_service/store/bar_store.h"
#include "eval_gate_service/store/label_store.h"
#include "shared/sql/list_range.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

absl::Status InsertFindings(sql::Connection& connection, const std::string& project,
                            const Verdict& verdict) {
  sql::Statement insert = connection.Prepare(R"sql(
      INSERT INTO findings
        (project, verdict_id, position, kind, cohort, message, cases, passed, estimate, lower_bound,
         upper_bound, bar, p_value, cases_needed, baseline_model_version, regressed, improved,
         detectable_drop)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  int64_t position = 0;
  for (const Finding& finding : verdict.findings) {
    RETURN_IF_ERROR(insert
                        .Bind(project, verdict.verdict_id, position++,
                              static_cast<int64_t>(finding.kind), finding.cohort, finding.message,
                              finding.cases, finding.passed, finding.estimate, finding.lower,
                              finding.upper, finding.bar, finding.p_value, finding.cases_needed,
                              finding.baseline_model_version, finding.regressed, finding.improved,
                              finding.detectable_drop)
                        .Run());
  }
  return absl::OkStatus();
}

constexpr auto kSelectVerdict = sql::Text(R"sql(
    SELECT verdict_id, ordinal, suite_id, bar_hash, model_version, baseline_model_version,
           decision, request_hash, create_time_us, agent, erased_cases, created_by, bar_key,
           policy_version, look, reference_model_version, suite_name, suite_version, suite_cases,
           run_id, attempts_per_case, pass_all_of, pass_any_of, evidence_hash, code_version,
           )sql") + sql::LabelsColumn<Labelled::kVerdict>("verdicts", "verdict_id") +
                                R"sql(
    FROM verdicts
      JOIN (SELECT project, suite_id, suite_name, suite_version FROM listed_suites)
        USING (project, suite_id)
      JOIN (SELECT project, suite_id, cases AS suite_cases FROM suites) USING (project, suite_id)
    WHERE )sql";

// As JSON, in as many digits as tell each number from all others; empty for none.
std::string RatesToText(const std::vector<double>& rates) {
  return rates.empty() ? std::string() : nlohmann::json(rates).dump();
}

absl::StatusOr<std::vector<double>> RatesFromText(std::string_view text) {
  std::vector<double> rates;
  if (text.empty()) return rates;
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return errors::StorageUnavailable("rates of a verdict are no JSON array");
  for (const nlohmann::json& one : json) {
    if (!one.is_number()) return errors::StorageUnavailable("a rate of a verdict is no number");
    rates.push_back(one.get<double>());
  }
  return rates;
}

// The row of a statement that begins with kSelectVerdict, without its bar and its findings.
absl::StatusOr<StoredVerdict> ReadRow(const sql::Statement& select) {
  StoredVerdict stored;
  stored.verdict.verdict_id = select.Text(0);
  stored.ordinal = select.Int64(1);
  stored.verdict.suite_id = select.Text(2);
  stored.verdict.bar_hash = select.Text(3);
  stored.verdict.model_version = select.Text(4);
  stored.verdict.baseline_model_version = select.Text(5);
  stored.verdict.decision = static_cast<Decision>(select.Int64(6));
  stored.request_hash = select.Text(7);
  stored.verdict.create_time = select.Time(8);
  stored.verdict.agent = select.Text(9);
  stored.verdict.erased_cases = select.Int64(10);
  stored.verdict.created_by = select.Text(11);
  stored.bar_key = select.Text(12);
  stored.verdict.policy_version = select.Int64(13);
  stored.verdict.look = static_cast<int>(select.Int64(14));
  stored.verdict.reference_model_version = select.Text(15);
  stored.verdict.suite_name = select.Text(16);
  stored.verdict.suite_version = select.Int64(17);
  stored.verdict.suite_cases = select.Int64(18);
  stored.verdict.run_id = select.Text(19);
  stored.verdict.attempts_per_case = static_cast<int>(select.Int64(20));
  ASSIGN_OR_RETURN(stored.verdict.pass_all_of, RatesFromText(select.View(21)));
  ASSIGN_OR_RETURN(stored.verdict.pass_any_of, RatesFromText(select.View(22)));
  stored.verdict.evidence_hash = select.Text(23);
  stored.verdict.code_version = select.Text(24);
  ASSIGN_OR_RETURN(stored.verdict.labels, sql::TextMapFromJson(select.View(25)));
  return stored;
}

absl::StatusOr<int64_t> NextOrdinal(sql::Connection& connection, const std::string& project) {
  sql::Statement select =
      connection.Prepare("SELECT COALESCE(MAX(ordinal), 0) + 1 FROM verdicts WHERE project = ?");
  select.Bind(project);
  const int64_t next = select.Next() ? select.Int64(0) : 1;
  RETURN_IF_ERROR(select.status());
  return next;
}

}  // namespace

absl::Status VerdictStore::Insert(const std::string& project, const StoredVerdict& stored) {
  const Verdict& verdict = stored.verdict;
  ASSIGN_OR_RETURN(const int64_t ordinal, NextOrdinal(connection_, project));
  ASSIGN_OR_RETURN(const std::string bar_key, BarStore(connection_).Put(project, verdict.bar));
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO verdicts
        (project, verdict_id, ordinal, suite_id, bar_hash, model_version, baseline_model_version,
         decision, request_hash, create_time_us, agent, erased_cases, created_by, bar_key,
         policy_version, look, reference_model_version, version_key, run_id, attempts_per_case,
         pass_all_of, pass_any_of, evidence_hash, code_version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  RETURN_IF_ERROR(insert
                      .Bind(project, verdict.verdict_id, ordinal, verdict.suite_id,
                            sql::Blob{verdict.bar_hash}, verdict.model_version,
                            verdict.baseline_model_version, static_cast<int64_t>(verdict.decision),
                            sql::Blob{stored.request_hash}, verdict.create_time, verdict.agent,
                            verdict.erased_cases, verdict.created_by, sql::Blob{bar_key},
                            verdict.policy_version, int64_t{verdict.look},
                            verdict.reference_model_version, VersionKey(verdict.model_version),
                            verdict.run_id, int64_t{verdict.attempts_per_case},
                            RatesToText(verdict.pass_all_of), RatesToText(verdict.pass_any_of),
                            sql::Blob{verdict.evidence_hash}, verdict.code_version)
                      .Run());
  return InsertFindings(connection_, project, verdict);
}

absl::StatusOr<std::optional<StoredVerdict>> VerdictStore::Find(const std::string& project,
                                                                const std::string& verdict_id) {
  sql::Statement select = connection_.Prepare(kSelectVerdict + "project = ? AND verdict_id = ?");
  select.Bind(project, verdict_id);
  std::optional<StoredVerdict> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadRow(select));
  }
  RETURN_IF_ERROR(select.status());
  if (found) RETURN_IF_ERROR(ReadRest(project, *found).status());
  return found;
}

absl::StatusOr<Verdict> VerdictStore::Get(const std::string& project,
                                          const std::string& verdict_id) {
  ASSIGN_OR_RETURN(std::optional<StoredVerdict> found, Find(project, verdict_id));
  if (found) return std::move(found->verdict);
  return errors::NotFound("verdict", verdict_id, "Ask for it with JudgeVersion first.");
}

absl::StatusOr<std::vector<StoredVerdict>> VerdictStore::List(const std::string& project,
                                                              const VerdictFilter& filter,
                                                              int64_t beyond, int64_t limit) {
  const sql::ListRange range{filter.list.agent, filter.list.oldest_first, beyond};
  const auto prepare = [&] {
    if (!filter.model_version.empty()) {
      return sql::PrepareListOf(connection_, kSelectVerdict, sql::Text("version_key"),
                                VersionKey(filter.model_version), project, range, limit);
    }
    if (!filter.suite_id.empty()) {
      return sql::PrepareListOf(connection_, kSelectVerdict, sql::Text("suite_id"), filter.suite_id,
                                project, range, limit);
    }
    return sql::PrepareList(connection_, kSelectVerdict, project, range, limit);
  };
  sql::Statement select = prepare();
  std::vector<StoredVerdict> verdicts;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredVerdict verdict, ReadRow(select));
    verdicts.push_back(std::move(verdict));
  }
  RETURN_IF_ERROR(select.status());
  return verdicts;
}

// A verdict has a finding a cohort, of which a suite has at most
// kMostCohorts, and a few about all of its cases.
absl::StatusOr<size_t> VerdictStore::ReadRest(const std::string& project, StoredVerdict& stored) {
  Verdict& verdict = stored.verdict;
  ASSIGN_OR_RETURN(verdict.bar, BarStore(connection_).Get(project, stored.bar_key));
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT kind, cohort, message, cases, passed, estimate, lower_bound, upper_bound, bar, p_value,
             cases_needed, regressed, improved, detectable_drop, baseline_model_version
      FROM findings WHERE project = ? AND verdict_id = ? ORDER BY position)sql");
  select.Bind(project, verdict.verdict_id);
  size_t bytes = 0;
  for (const auto& [cohort, floor] : verdict.bar.cohort_floors)
    bytes += cohort.size() + sizeof(floor);
  while (select.Next()) {
    Finding finding;
    finding.kind = static_cast<FindingKind>(select.Int64(0));
    finding.cohort = select.Text(1);
    finding.message = select.Text(2);
    finding.cases = select.Int64(3);
    finding.passed = select.Int64(4);
    finding.estimate = select.Double(5);
    finding.lower = select.Double(6);
    finding.upper = select.Double(7);
    finding.bar = select.Double(8);
    finding.p_value = select.Double(9);
    finding.cases_needed = select.Int64(10);
    finding.regressed = select.Int64(11);
    finding.improved = select.Int64(12);
    finding.detectable_drop = select.Double(13);
    finding.baseline_model_version = select.Text(14);
    bytes += sizeof(Finding) + finding.cohort.size() + finding.message.size() +
             finding.baseline_model_version.size();
    verdict.findings.push_back(std::move(finding));
  }
  RETURN_IF_ERROR(select.status());
  return bytes;
}

absl::StatusOr<std::vector<Verdict>> VerdictStore::OfPolicies(const std::string& project,
                                                              const std::string& agent,
                                                              const std::string& model_version) {
  sql::Statement select =
      connection_.Prepare(kSelectVerdict +
                          "project = ? AND agent = ? AND version_key = ? AND policy_version > 0 "
                          "ORDER BY ordinal DESC");
  select.Bind(project, agent, VersionKey(model_version));
  std::map<std::string, Bar> bars;
  std::vector<Verdict> verdicts;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredVerdict stored, ReadRow(select));
    auto found = bars.find(stored.bar_key);
    if (found == bars.end()) {
      ASSIGN_OR_RETURN(Bar bar, BarStore(connection_).Get(project, stored.bar_key));
      found = bars.emplace(stored.bar_key, std::move(bar)).first;
    }
    stored.verdict.bar = found->second;
    verdicts.push_back(std::move(stored.verdict));
  }
  RETURN_IF_ERROR(select.status());
  return verdicts;
}

absl::StatusOr<bool> VerdictStore::WasComparedWith(const std::string& project,
                                                   const std::string& suite_id,
                                                   const std::string& model_version) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT DISTINCT baseline_model_version, reference_model_version FROM verdicts
      WHERE project = ? AND suite_id = ?)sql");
  select.Bind(project, suite_id);
  bool found = false;
  while (!found && select.Next()) {
    found = IsSameVersion(select.Text(0), model_version) ||
            IsSameVersion(select.Text(1), model_version);
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> VerdictStore::WasJudged(const std::string& project,
                                             const std::string& suite_id,
                                             const std::string& model_version, bool of_policies) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM verdicts
      WHERE project = ? AND suite_id = ? AND version_key = ? AND policy_version >= ? LIMIT 1)sql");
  select.Bind(project, suite_id, VersionKey(model_version), int64_t{of_policies});
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace flywheel::evalgate
