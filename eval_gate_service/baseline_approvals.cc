#include "eval_gate_service/baseline_approvals.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/ship_decision.h"
#include "eval_gate_service/domain/version_key.h"
#include "eval_gate_service/ship_evidence.h"
#include "eval_gate_service/store/approval_store.h"
#include "eval_gate_service/store/release_log_store.h"
#include "shared/audit/audit_store.h"
#include "shared/sql/replay.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::evalgate {

absl::StatusOr<Created<BaselineApproval>> BaselineApprovals::Approve(const rpc::Actor& actor,
                                                                     BaselineApproval approval) {
  const std::string hash = RequestHash(approval);
  approval.create_time = StoredTime(clock_->Now());
  approval.created_by = actor.key_id;
  std::optional<BaselineApproval> earlier;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ApprovalStore store(connection);
    ASSIGN_OR_RETURN(std::optional<StoredApproval> known,
                     store.Find(actor.project, approval.approval_id));
    ASSIGN_OR_RETURN(const bool replayed,
                     sql::IsReplay(known, hash, "baseline approval", approval.approval_id));
    if (replayed) {
      earlier = std::move(known->approval);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(approval.reference_model_version,
                     ReferenceAfter(connection, actor.project, approval));
    RETURN_IF_ERROR(store.Insert(actor.project, {approval, hash}));
    RETURN_IF_ERROR(
        ReleaseLogStore(connection)
            .Append(actor.project,
                    {ReleaseKind::kBaselineApproval, approval.agent, approval.approval_id},
                    actor.key_id, approval.create_time));
    return audit::Record(
        connection, actor,
        {"baseline approval", approval.approval_id,
         fmt::format("agent '{}', version '{}'", approval.agent, approval.model_version)},
        approval.create_time);
  }));
  if (earlier) return Created<BaselineApproval>{*std::move(earlier), /*replayed=*/true};
  return Created<BaselineApproval>{std::move(approval), /*replayed=*/false};
}

absl::StatusOr<std::string> BaselineApprovals::ReferenceAfter(
    sql::Connection& connection, const std::string& project,
    const BaselineApproval& approval) const {
  ASSIGN_OR_RETURN(const std::optional<StoredApproval> current,
                   ApprovalStore(connection).FindCurrent(project, approval.agent));
  ASSIGN_OR_RETURN(const std::optional<ShipEvidence> evidence,
                   ReadShipEvidence(connection, project, approval.agent, approval.model_version));
  // Without a policy nothing was asked of it, so nothing is known of it that could be held.
  if (!current || !evidence) return approval.model_version;
  const std::string& reference = current->approval.reference_model_version;
  if (IsSameVersion(reference, approval.model_version)) return reference;
  ShipDecision decision =
      DecideShip({approval.model_version, approval.agent}, *evidence, approval.create_time);
  RETURN_IF_ERROR(ReadStandingFindings(connection, project, decision.suites));
  return IsNewReference(decision.suites, reference) ? approval.model_version : reference;
}

absl::StatusOr<ListPage<BaselineApproval>> BaselineApprovals::List(const std::string& project,
                                                                   const ListFilter& filter,
                                                                   int64_t beyond,
                                                                   int64_t page_size) {
  ASSIGN_OR_RETURN(ListPage<StoredApproval> page, database_->Read([&](sql::Connection& connection) {
    return ReadListPage<StoredApproval>(
        beyond, page_size,
        [&](int64_t from, int64_t limit) {
          return ApprovalStore(connection)
              .List(project, {filter.agent, filter.oldest_first, from}, limit);
        },
        [&](const StoredApproval& one) {
          return filter.Matches(one.approval.create_time, one.approval.labels);
        });
  }));
  return ValuesOf(std::move(page), &StoredApproval::approval);
}

}  // namespace flywheel::evalgate
