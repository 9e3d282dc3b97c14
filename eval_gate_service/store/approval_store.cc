#include "eval_gate_service/store/approval_store.h"

#include <utility>

#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr sql::Text kSelectApproval(R"sql(
    SELECT approval_id, ordinal, agent, model_version, reference_model_version, reason, labels,
           request_hash, create_time_us, created_by
    FROM baseline_approvals )sql");

// Reads a row of kSelectApproval.
absl::StatusOr<StoredApproval> ReadApproval(const sql::Statement& row) {
  StoredApproval stored;
  BaselineApproval& approval = stored.approval;
  approval.approval_id = row.Text(0);
  stored.ordinal = row.Int64(1);
  approval.agent = row.Text(2);
  approval.model_version = row.Text(3);
  approval.reference_model_version = row.Text(4);
  approval.reason = row.Text(5);
  ASSIGN_OR_RETURN(approval.labels, sql::TextMapFromJson(row.View(6)));
  stored.request_hash = row.Text(7);
  approval.create_time = row.Time(8);
  approval.created_by = row.Text(9);
  return stored;
}

absl::StatusOr<std::optional<StoredApproval>> FirstApproval(sql::Statement select) {
  std::optional<StoredApproval> found;
  if (select.Next()) {
    ASSIGN_OR_RETURN(found, ReadApproval(select));
  }
  RETURN_IF_ERROR(select.status());
  return found;
}

}  // namespace

absl::Status ApprovalStore::Insert(const std::string& project, const StoredApproval& stored) {
  const BaselineApproval& approval = stored.approval;
  return connection_
      .Prepare(R"sql(
      INSERT INTO baseline_approvals
        (project, approval_id, ordinal, agent, model_version, reference_model_version, reason,
         labels, request_hash, create_time_us, created_by)
      VALUES (?, ?,
              (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM baseline_approvals WHERE project = ?),
              ?, ?, ?, ?, ?, ?, ?, ?))sql")
      .Bind(project, approval.approval_id, project, approval.agent, approval.model_version,
            approval.reference_model_version, approval.reason, sql::TextMapToJson(approval.labels),
            sql::Blob{stored.request_hash}, approval.create_time, approval.created_by)
      .Run();
}

absl::StatusOr<std::optional<StoredApproval>> ApprovalStore::Find(const std::string& project,
                                                                  const std::string& approval_id) {
  sql::Statement select =
      connection_.Prepare(kSelectApproval + "WHERE project = ? AND approval_id = ?");
  select.Bind(project, approval_id);
  return FirstApproval(std::move(select));
}

absl::StatusOr<std::optional<StoredApproval>> ApprovalStore::FindCurrent(const std::string& project,
                                                                         const std::string& agent) {
  sql::Statement select =
      connection_.Prepare(kSelectApproval + R"sql(WHERE project = ? AND agent = ?
      ORDER BY ordinal DESC LIMIT 1)sql");
  select.Bind(project, agent);
  return FirstApproval(std::move(select));
}

absl::StatusOr<std::vector<StoredApproval>> ApprovalStore::List(const std::string& project,
                                                                const sql::ListRange& range,
                                                                int64_t limit) {
  sql::Statement select =
      sql::PrepareList(connection_, kSelectApproval + "WHERE ", project, range, limit);
  std::vector<StoredApproval> approvals;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredApproval one, ReadApproval(select));
    approvals.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return approvals;
}

}  // namespace flywheel::evalgate
