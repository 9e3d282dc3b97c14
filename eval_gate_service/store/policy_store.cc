#include "eval_gate_service/store/policy_store.h"

#include <utility>

#include "eval_gate_service/store/bar_store.h"
#include "eval_gate_service/store/bar_text.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr sql::Text kSelectPolicy(R"sql(
    SELECT agent, policy_version, ordinal, judges, baseline_model_version, reference_model_version,
           reason, labels, request_hash, create_time_us, created_by
    FROM release_policies )sql");

// Reads a row of kSelectPolicy.
absl::StatusOr<StoredPolicy> ReadPolicy(const sql::Statement& row) {
  StoredPolicy stored;
  ReleasePolicy& policy = stored.policy;
  policy.agent = row.Text(0);
  policy.policy_version = row.Int64(1);
  stored.ordinal = row.Int64(2);
  ASSIGN_OR_RETURN(policy.judges, NamesFromText(row.View(3)));
  policy.baseline_model_version = row.Text(4);
  policy.reference_model_version = row.Text(5);
  policy.reason = row.Text(6);
  ASSIGN_OR_RETURN(policy.labels, sql::TextMapFromJson(row.View(7)));
  stored.request_hash = row.Text(8);
  policy.create_time = row.Time(9);
  policy.created_by = row.Text(10);
  return stored;
}

}  // namespace

absl::Status PolicyStore::Insert(const std::string& project, const StoredPolicy& stored) {
  const ReleasePolicy& policy = stored.policy;
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
      INSERT INTO release_policies
        (project, agent, policy_version, ordinal, judges, baseline_model_version,
         reference_model_version, reason, labels, request_hash, create_time_us, created_by)
      VALUES (?, ?, ?,
              (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM release_policies WHERE project = ?),
              ?, ?, ?, ?, ?, ?, ?, ?))sql")
                      .Bind(project, policy.agent, policy.policy_version, project,
                            NamesToText(policy.judges), policy.baseline_model_version,
                            policy.reference_model_version, policy.reason,
                            sql::TextMapToJson(policy.labels), sql::Blob{stored.request_hash},
                            policy.create_time, policy.created_by)
                      .Run());
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO release_policy_suites
        (project, agent, policy_version, position, suite_name, bar_key,
         most_infrastructure_errors)
      VALUES (?, ?, ?, ?, ?, ?, ?))sql");
  int64_t position = 0;
  for (const SuiteRequirement& one : policy.suites) {
    ASSIGN_OR_RETURN(const std::string bar_key, BarStore(connection_).Put(project, one.bar));
    RETURN_IF_ERROR(insert
                        .Bind(project, policy.agent, policy.policy_version, position++,
                              one.suite_name, sql::Blob{bar_key},
                              int64_t{one.most_infrastructure_errors})
                        .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StoredPolicy>> PolicyStore::First(const std::string& project,
                                                               sql::Statement select) {
  std::optional<StoredPolicy> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadPolicy(select));
  }
  RETURN_IF_ERROR(select.status());
  if (found) RETURN_IF_ERROR(ReadSuites(project, found->policy));
  return found;
}

absl::StatusOr<std::optional<StoredPolicy>> PolicyStore::Find(const std::string& project,
                                                              const std::string& agent,
                                                              int64_t policy_version) {
  sql::Statement select =
      connection_.Prepare(kSelectPolicy + "WHERE project = ? AND agent = ? AND policy_version = ?");
  select.Bind(project, agent, policy_version);
  return First(project, std::move(select));
}

absl::StatusOr<std::optional<StoredPolicy>> PolicyStore::FindCurrent(const std::string& project,
                                                                     const std::string& agent) {
  sql::Statement select = connection_.Prepare(kSelectPolicy + R"sql(WHERE project = ? AND agent = ?
      ORDER BY policy_version DESC LIMIT 1)sql");
  select.Bind(project, agent);
  return First(project, std::move(select));
}

absl::StatusOr<absl::Time> PolicyStore::GuardedSince(const std::string& project,
                                                     const ReleasePolicy& policy,
                                                     const std::string& suite_name) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT create_time_us FROM release_policies
      WHERE project = ? AND agent = ? AND policy_version > COALESCE((
        SELECT MAX(q.policy_version) FROM release_policies AS q
        WHERE q.project = ? AND q.agent = ? AND (q.judges <> ? OR NOT EXISTS (
          SELECT 1 FROM release_policy_suites AS s
          WHERE s.project = q.project AND s.agent = q.agent
            AND s.policy_version = q.policy_version AND s.suite_name = ?))), 0)
      ORDER BY policy_version LIMIT 1)sql");
  select.Bind(project, policy.agent, project, policy.agent, NamesToText(policy.judges), suite_name);
  absl::Time since = policy.create_time;
  if (select.Next()) since = select.Time(0);
  RETURN_IF_ERROR(select.status());
  return since;
}

absl::StatusOr<std::vector<StoredPolicy>> PolicyStore::List(const std::string& project,
                                                            const sql::ListRange& range,
                                                            int64_t limit) {
  sql::Statement select =
      sql::PrepareList(connection_, kSelectPolicy + "WHERE ", project, range, limit);
  std::vector<StoredPolicy> policies;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredPolicy one, ReadPolicy(select));
    RETURN_IF_ERROR(ReadSuites(project, one.policy));
    policies.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return policies;
}

// Validation bounds them.
absl::Status PolicyStore::ReadSuites(const std::string& project, ReleasePolicy& policy) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT s.suite_name, b.bar, s.most_infrastructure_errors
      FROM release_policy_suites AS s JOIN bars AS b
        ON b.project = s.project AND b.bar_key = s.bar_key
      WHERE s.project = ? AND s.agent = ? AND s.policy_version = ? ORDER BY s.position)sql");
  select.Bind(project, policy.agent, policy.policy_version);
  while (select.Next()) {
    ASSIGN_OR_RETURN(Bar bar, BarFromText(select.View(1)));
    policy.suites.push_back({select.Text(0), std::move(bar), static_cast<int>(select.Int64(2))});
  }
  return select.status();
}

}  // namespace flywheel::evalgate
