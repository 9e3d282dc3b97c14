#include "eval_gate_service/store/release_content_store.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/strings/numbers.h"
#include "eval_gate_service/domain/release_policy.h"
#include "eval_gate_service/store/label_store.h"
#include "shared/hashing/content_hash.h"
#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// The columns of a row by their types, a letter each: t for texts and bytes, i for integers and
// times, r for real numbers.
void AddRow(const sql::Statement& row, std::string_view types, ContentHash& hash) {
  for (int column = 0; column < static_cast<int>(types.size()); ++column) {
    switch (types[static_cast<size_t>(column)]) {
      case 'i':
        hash.Add(row.Int64(column));
        break;
      case 'r':
        hash.Add(row.Double(column));
        break;
      default:
        hash.Add(row.View(column));
    }
  }
}

// The one row of a thing that has no others.
absl::StatusOr<std::optional<std::string>> HashOne(const char* version, std::string_view types,
                                                   sql::Statement select) {
  ContentHash hash;
  hash.Add(version);
  const bool found = select.Next();
  if (found) AddRow(select, types, hash);
  RETURN_IF_ERROR(select.status());
  if (!found) return std::nullopt;
  return hash.Bytes();
}

// The first thing of a table without an entry, whose id is the column `id`.
template <size_t N, size_t M>
constexpr auto FirstWithoutEntry(const char (&id)[N], const char (&table)[M]) {
  return sql::Text("SELECT agent, resource_id FROM (SELECT project, agent, ordinal, ") + id +
         " AS resource_id FROM " + table + R"sql() AS thing
    WHERE project = ? AND NOT EXISTS (
      SELECT 1 FROM release_log AS l
      WHERE l.project = thing.project AND l.kind = ? AND l.agent = thing.agent
        AND l.resource_id = thing.resource_id)
    ORDER BY ordinal LIMIT 1)sql";
}

}  // namespace

absl::StatusOr<std::optional<std::string>> ReleaseContentStore::Hash(const std::string& project,
                                                                     const ReleaseThing& thing) {
  switch (thing.kind) {
    case ReleaseKind::kReleasePolicy:
      return HashPolicy(project, thing);
    case ReleaseKind::kBaselineApproval:
      return HashApproval(project, thing);
    case ReleaseKind::kSuite:
      return HashSuite(project, thing);
    case ReleaseKind::kVerdict:
      return HashVerdict(project, thing);
    case ReleaseKind::kVerdictWaiver:
      return HashWaiver(project, thing);
    case ReleaseKind::kRun:
      return HashRun(project, thing);
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<std::string>> ReleaseContentStore::HashPolicy(
    const std::string& project, const ReleaseThing& policy) {
  int64_t version = 0;
  if (!absl::SimpleAtoi(policy.resource_id, &version)) return std::nullopt;
  ContentHash hash;
  hash.Add("flywheel release policy 1");
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT agent, policy_version, ordinal, judges, baseline_model_version,
               reference_model_version, reason, labels, request_hash, create_time_us, created_by
        FROM release_policies WHERE project = ? AND agent = ? AND policy_version = ?)sql");
    select.Bind(project, policy.agent, version);
    const bool found = select.Next();
    if (found) AddRow(select, "tiittttttit", hash);
    RETURN_IF_ERROR(select.status());
    if (!found) return std::nullopt;
  }
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT s.position, s.suite_name, s.bar_key, COALESCE(b.bar, ''),
             s.most_infrastructure_errors
      FROM release_policy_suites AS s LEFT JOIN bars AS b
        ON b.project = s.project AND b.bar_key = s.bar_key
      WHERE s.project = ? AND s.agent = ? AND s.policy_version = ? ORDER BY s.position)sql");
  select.Bind(project, policy.agent, version);
  while (select.Next()) {
    AddRow(select, "ittt", hash);
    // Policies of before there was this have the hash that they had.
    if (select.Int64(4) == kMostInfrastructureErrors) continue;
    hash.Add("most infrastructure errors").Add(select.Int64(4));
  }
  RETURN_IF_ERROR(select.status());
  return hash.Bytes();
}

absl::StatusOr<std::optional<std::string>> ReleaseContentStore::HashApproval(
    const std::string& project, const ReleaseThing& approval) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT approval_id, ordinal, agent, model_version, reference_model_version, reason, labels,
             request_hash, create_time_us, created_by
      FROM baseline_approvals WHERE project = ? AND approval_id = ?)sql");
  select.Bind(project, approval.resource_id);
  return HashOne("flywheel baseline approval 1", "tittttttit", std::move(select));
}

absl::StatusOr<std::optional<std::string>> ReleaseContentStore::HashSuite(
    const std::string& project, const ReleaseThing& suite) {
  constexpr auto kSelectSuite = sql::Text(R"sql(
      SELECT s.suite_id, s.agent, s.dataset_version_id, s.cases, s.content_hash, s.request_hash,
             s.create_time_us, s.complete, s.erasure_round, s.created_by, l.ordinal, l.agent,
             l.dataset_version_id, l.suite_name, l.suite_version, l.evaluators, )sql") +
                                sql::LabelsColumn<Labelled::kSuite>("s", "suite_id") + R"sql(
      FROM suites AS s JOIN listed_suites AS l
        ON l.project = s.project AND l.suite_id = s.suite_id
      WHERE s.project = ? AND s.suite_id = ?)sql";
  ContentHash hash;
  hash.Add("flywheel suite 1");
  {
    sql::Statement select = connection_.Prepare(kSelectSuite);
    select.Bind(project, suite.resource_id);
    const bool found = select.Next();
    if (found) AddRow(select, "tttittiiititttitt", hash);
    RETURN_IF_ERROR(select.status());
    if (!found) return std::nullopt;
  }
  RETURN_IF_ERROR(AddSealedContent({project, ReleaseKind::kSuite, suite.resource_id}, hash));
  return hash.Bytes();
}

absl::StatusOr<std::optional<std::string>> ReleaseContentStore::HashRun(const std::string& project,
                                                                        const ReleaseThing& run) {
  constexpr auto kSelectRun = sql::Text(R"sql(
      SELECT r.run_id, r.ordinal, r.suite_id, r.agent, r.model_version, r.version_key, r.state,
             r.attempts_per_case, r.request_hash, r.create_time_us, r.end_time_us, r.created_by,
             r.abort_reason, r.contaminated_cases, r.contaminated_case_ids, )sql") +
                              sql::LabelsColumn<Labelled::kRun>("r", "run_id") + R"sql(,
             r.infrastructure_errors
      FROM runs AS r WHERE r.project = ? AND r.run_id = ?)sql";
  ContentHash hash;
  hash.Add("flywheel run 1");
  {
    sql::Statement select = connection_.Prepare(kSelectRun);
    select.Bind(project, run.resource_id);
    const bool found = select.Next();
    if (found) AddRow(select, "tittttiitiittitt", hash);
    // Runs of before they were counted have the hash that they had.
    if (found && select.Int64(16) > 0) hash.Add("infrastructure errors").Add(select.Int64(16));
    RETURN_IF_ERROR(select.status());
    if (!found) return std::nullopt;
  }
  RETURN_IF_ERROR(AddSealedContent({project, ReleaseKind::kRun, run.resource_id}, hash));
  return hash.Bytes();
}

// Where there is none nothing is added: what is older than seals keeps its hash.
absl::Status ReleaseContentStore::AddSealedContent(const SealedThing& thing, ContentHash& hash) {
  ASSIGN_OR_RETURN(const std::optional<SealedContent> content,
                   SealStore(connection_).FindContent(thing));
  if (content) hash.Add("seals").Add(content->items).Add(content->seals_hash);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> ReleaseContentStore::HashVerdict(
    const std::string& project, const ReleaseThing& verdict) {
  constexpr auto kSelectVerdict = sql::Text(R"sql(
      SELECT v.verdict_id, v.ordinal, v.suite_id, v.agent, v.policy_version, v.look, v.bar_key,
             v.bar_hash, v.model_version, v.version_key, v.baseline_model_version,
             v.reference_model_version, v.decision, v.request_hash, v.create_time_us,
             v.erased_cases, v.created_by, COALESCE(b.bar, ''), v.run_id, v.attempts_per_case,
             v.pass_all_of, v.pass_any_of, v.evidence_hash, v.code_version, )sql") +
                                  sql::LabelsColumn<Labelled::kVerdict>("v", "verdict_id") + R"sql(
      FROM verdicts AS v LEFT JOIN bars AS b ON b.project = v.project AND b.bar_key = v.bar_key
      WHERE v.project = ? AND v.verdict_id = ?)sql";
  ContentHash hash;
  hash.Add("flywheel verdict 1");
  {
    sql::Statement select = connection_.Prepare(kSelectVerdict);
    select.Bind(project, verdict.resource_id);
    const bool found = select.Next();
    if (found) AddRow(select, "tittiittttttitiitttittttt", hash);
    RETURN_IF_ERROR(select.status());
    if (!found) return std::nullopt;
  }
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT position, kind, cohort, message, cases, passed, estimate, lower_bound, upper_bound,
             bar, p_value, cases_needed, baseline_model_version, regressed, improved,
             detectable_drop
      FROM findings WHERE project = ? AND verdict_id = ? ORDER BY position)sql");
  select.Bind(project, verdict.resource_id);
  while (select.Next()) AddRow(select, "iittiirrrrritiir", hash);
  RETURN_IF_ERROR(select.status());
  return hash.Bytes();
}

absl::StatusOr<std::optional<std::string>> ReleaseContentStore::HashWaiver(
    const std::string& project, const ReleaseThing& waiver) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT waiver_id, ordinal, agent, model_version, version_key, suite_names, owner, reason,
             labels, expire_time_us, request_hash, create_time_us, created_by
      FROM verdict_waivers WHERE project = ? AND waiver_id = ?)sql");
  select.Bind(project, waiver.resource_id);
  return HashOne("flywheel verdict waiver 1", "titttttttitit", std::move(select));
}

absl::StatusOr<std::optional<ReleaseThing>> ReleaseContentStore::WithoutEntry(
    const std::string& project) {
  constexpr auto kPolicies = FirstWithoutEntry("CAST(policy_version AS TEXT)", "release_policies");
  constexpr auto kApprovals = FirstWithoutEntry("approval_id", "baseline_approvals");
  constexpr auto kSuites = FirstWithoutEntry("suite_id", "listed_suites");
  constexpr auto kVerdicts = FirstWithoutEntry("verdict_id", "verdicts");
  constexpr auto kWaivers = FirstWithoutEntry("waiver_id", "verdict_waivers");
  // What did not finish decides nothing.
  constexpr auto kRuns = FirstWithoutEntry("run_id", "runs WHERE state = 2");
  const std::pair<ReleaseKind, std::string_view> lists[] = {
      {ReleaseKind::kReleasePolicy, kPolicies}, {ReleaseKind::kBaselineApproval, kApprovals},
      {ReleaseKind::kSuite, kSuites},           {ReleaseKind::kVerdict, kVerdicts},
      {ReleaseKind::kVerdictWaiver, kWaivers},  {ReleaseKind::kRun, kRuns},
  };
  for (const auto& [kind, list] : lists) {
    sql::Statement select = connection_.Prepare(list);
    select.Bind(project, static_cast<int64_t>(kind));
    const bool found = select.Next();
    RETURN_IF_ERROR(select.status());
    if (found) return ReleaseThing{kind, select.Text(0), select.Text(1)};
  }
  return std::nullopt;
}

}  // namespace flywheel::evalgate
