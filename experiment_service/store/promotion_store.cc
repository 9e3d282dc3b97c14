#include "experiment_service/store/promotion_store.h"

#include <utility>

#include "experiment_service/store/label_store.h"
#include "shared/sql/list_range.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

constexpr auto kSelectPromotion = sql::Text(R"sql(
    SELECT p.project, p.ordinal, p.request_hash, p.agent, p.model_version, p.promotion_id,
           p.experiment_id, p.waiver_owner, p.waiver_reason, p.promote_time_us, p.promoted_by,
           p.decision,
           )sql") + sql::LabelsColumn<Labelled::kPromotion>("p", "promotion_id") +
                                  R"sql(
    FROM promotions AS p )sql";

constexpr auto kSelectActive = kSelectPromotion + R"sql(
    JOIN active_versions AS a ON a.project = p.project AND a.promotion_id = p.promotion_id )sql";

// Reads a row of either.
absl::StatusOr<StoredPromotion> ReadRow(const sql::Statement& row) {
  StoredPromotion stored;
  stored.project = row.Text(0);
  stored.ordinal = row.Int64(1);
  stored.request_hash = row.Text(2);
  ActiveVersion& active = stored.active_version;
  active.agent = row.Text(3);
  active.model_version = row.Text(4);
  active.promotion_id = row.Text(5);
  active.experiment_id = row.Text(6);
  active.waiver = {row.Text(7), row.Text(8)};
  active.promote_time = row.Time(9);
  active.promoted_by = row.Text(10);
  active.decision = row.Int64(11);
  ASSIGN_OR_RETURN(active.labels, sql::TextMapFromJson(row.View(12)));
  return stored;
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
        project, promotion_id, ordinal, request_hash, agent, model_version, experiment_id,
        waiver_owner, waiver_reason, promote_time_us, promoted_by, decision)
      VALUES (?, ?, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM promotions WHERE project = ?), ?, ?,
              ?, ?, ?, ?, ?, ?, ?))sql");
  insert.Bind(promotion.project, active.promotion_id, promotion.project,
              sql::Blob{promotion.request_hash}, active.agent, active.model_version,
              active.experiment_id, active.waiver.owner, active.waiver.reason, active.promote_time,
              active.promoted_by, active.decision);
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

absl::StatusOr<std::optional<std::string>> PromotionStore::FindByExperiment(
    const std::string& project, const std::string& model_version,
    const std::string& experiment_id) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT promotion_id FROM promotions
      WHERE project = ? AND model_version = ? AND experiment_id = ? LIMIT 1)sql");
  select.Bind(project, model_version, experiment_id);
  std::optional<std::string> found;
  if (select.Next()) found = select.Text(0);
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<std::optional<StoredPromotion>> PromotionStore::FindActive(
    const std::string& project, const std::string& agent) {
  sql::Statement select =
      connection_.Prepare(kSelectActive + "WHERE a.project = ? AND a.agent = ?");
  select.Bind(project, agent);
  return ReadOne(select);
}

absl::StatusOr<std::optional<StoredPromotion>> PromotionStore::FindBefore(
    const StoredPromotion& promotion) {
  sql::Statement select = connection_.Prepare(kSelectPromotion + R"sql(
      WHERE p.project = ? AND p.agent = ? AND p.ordinal < ? AND p.model_version <> ?
      ORDER BY p.ordinal DESC LIMIT 1)sql");
  select.Bind(promotion.project, promotion.active_version.agent, promotion.ordinal,
              promotion.active_version.model_version);
  return ReadOne(select);
}

absl::StatusOr<std::vector<StoredPromotion>> PromotionStore::List(const std::string& project,
                                                                  const PromotionFilter& filter,
                                                                  int64_t beyond, int64_t limit) {
  static constexpr auto kHead = kSelectPromotion + "WHERE ";
  const sql::ListRange range{filter.list.agent, filter.list.oldest_first, beyond};
  sql::Statement select = filter.model_version.empty()
                              ? sql::PrepareList(connection_, kHead, project, range, limit)
                              : sql::PrepareListOf(connection_, kHead, sql::Text("model_version"),
                                                   filter.model_version, project, range, limit);
  std::vector<StoredPromotion> promotions;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredPromotion promotion, ReadRow(select));
    promotions.push_back(std::move(promotion));
  }
  RETURN_IF_ERROR(select.status());
  return promotions;
}

absl::StatusOr<std::vector<StoredPromotion>> PromotionStore::ListActive(
    const std::string& project, const std::string& beyond_agent, int64_t limit) {
  sql::Statement select = connection_.Prepare(kSelectActive + R"sql(
      WHERE a.project = ? AND a.agent > ? ORDER BY a.agent LIMIT ?)sql");
  select.Bind(project, beyond_agent, limit);
  std::vector<StoredPromotion> promotions;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredPromotion promotion, ReadRow(select));
    promotions.push_back(std::move(promotion));
  }
  RETURN_IF_ERROR(select.status());
  return promotions;
}

absl::StatusOr<int64_t> PromotionStore::Count(const std::string& project,
                                              const std::string& agent) {
  sql::Statement select =
      connection_.Prepare("SELECT COUNT(*) FROM promotions WHERE project = ? AND agent = ?");
  select.Bind(project, agent);
  const int64_t count = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return count;
}

absl::Status PromotionStore::ForEachActive(
    absl::FunctionRef<void(const StoredPromotion&)> on_promotion) {
  sql::Statement select = connection_.Prepare(kSelectActive + "ORDER BY a.project, a.agent");
  while (select.Next()) {
    ASSIGN_OR_RETURN(const StoredPromotion promotion, ReadRow(select));
    on_promotion(promotion);
  }
  return select.status();
}

}  // namespace flywheel::experiment
