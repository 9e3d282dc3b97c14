#include "experiment_service/store/promotion_store.h"

#include <utility>

#include "shared/sql/text.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr sql::Text kSelectPromotion(R"sql(
    SELECT p.project, p.request_hash, p.agent, p.model_version, p.promotion_id, p.experiment_id,
           p.waiver_owner, p.waiver_reason, p.promote_time_us, p.promoted_by
    FROM promotions AS p )sql");

constexpr auto kSelectActive = kSelectPromotion + R"sql(
    JOIN active_versions AS a ON a.project = p.project AND a.promotion_id = p.promotion_id )sql";

// Reads a row of either.
StoredPromotion ReadRow(const sql::Statement& row) {
  return {row.Text(0),
          row.Text(1),
          {row.Text(2),
           row.Text(3),
           row.Text(4),
           row.Text(5),
           {row.Text(6), row.Text(7)},
           row.Time(8),
           row.Text(9)}};
}

absl::StatusOr<std::optional<StoredPromotion>> ReadOne(sql::Statement& select) {
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  if (!found) return std::nullopt;
  return ReadRow(select);
}

}  // namespace

absl::Status PromotionStore::Promote(const StoredPromotion& promotion) {
  const ActiveVersion& active = promotion.active_version;
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO promotions (
        project, promotion_id, request_hash, agent, model_version, experiment_id, waiver_owner,
        waiver_reason, promote_time_us, promoted_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql");
  insert.Bind(promotion.project, active.promotion_id, sql::Blob{promotion.request_hash},
              active.agent, active.model_version, active.experiment_id, active.waiver.owner,
              active.waiver.reason, active.promote_time, active.promoted_by);
  RETURN_IF_ERROR(insert.Run());

  sql::Statement activate = connection_.Prepare(R"sql(
      INSERT INTO active_versions (project, agent, promotion_id) VALUES (?, ?, ?)
      ON CONFLICT (project, agent) DO UPDATE SET promotion_id = excluded.promotion_id)sql");
  return activate.Bind(promotion.project, active.agent, active.promotion_id).Run();
}

absl::StatusOr<std::optional<StoredPromotion>> PromotionStore::Find(
    const std::string& project, const std::string& promotion_id) {
  sql::Statement select =
      connection_.Prepare(kSelectPromotion + "WHERE p.project = ? AND p.promotion_id = ?");
  select.Bind(project, promotion_id);
  return ReadOne(select);
}

absl::StatusOr<std::optional<StoredPromotion>> PromotionStore::FindActive(
    const std::string& project, const std::string& agent) {
  sql::Statement select =
      connection_.Prepare(kSelectActive + "WHERE a.project = ? AND a.agent = ?");
  select.Bind(project, agent);
  return ReadOne(select);
}

absl::Status PromotionStore::ForEachActive(
    absl::FunctionRef<void(const StoredPromotion&)> on_promotion) {
  sql::Statement select = connection_.Prepare(kSelectActive + "ORDER BY a.project, a.agent");
  while (select.Next()) on_promotion(ReadRow(select));
  return select.status();
}

}  // namespace flywheel::experiment
