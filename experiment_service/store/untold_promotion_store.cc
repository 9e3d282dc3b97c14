#include "experiment_service/store/untold_promotion_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::Status UntoldPromotionStore::Insert(const std::string& project,
                                          const std::string& promotion_id) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO untold_promotions (project, ordinal)
      SELECT project, ordinal FROM promotions WHERE project = ? AND promotion_id = ?)sql");
  return insert.Bind(project, promotion_id).Run();
}

absl::StatusOr<std::optional<StoredPromotion>> UntoldPromotionStore::NextAfter(
    const std::string& project) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT p.project, p.promotion_id FROM untold_promotions AS u
      JOIN promotions AS p ON p.project = u.project AND p.ordinal = u.ordinal
      WHERE u.project > ? ORDER BY u.project, u.ordinal LIMIT 1)sql");
  select.Bind(project);
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  if (!found) return std::nullopt;
  return PromotionStore(connection_).Find(select.Text(0), select.Text(1));
}

absl::Status UntoldPromotionStore::Remove(const StoredPromotion& promotion) {
  sql::Statement remove =
      connection_.Prepare("DELETE FROM untold_promotions WHERE project = ? AND ordinal = ?");
  return remove.Bind(promotion.project, promotion.ordinal).Run();
}

absl::StatusOr<int64_t> UntoldPromotionStore::Count() {
  sql::Statement count = connection_.Prepare("SELECT COUNT(*) FROM untold_promotions");
  count.Next();
  RETURN_IF_ERROR(count.status());
  return count.Int64(0);
}

}  // namespace flywheel::experiment
