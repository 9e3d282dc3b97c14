#include "experiment_service/store/epsilon_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::experiment {

absl::StatusOr<std::string> EpsilonStore::FindOrInsertKey(const std::string& project,
                                                          const std::string& fresh) {
  sql::Statement insert = connection_.Prepare(
      "INSERT INTO noise_keys (project, noise_key) VALUES (?, ?) ON CONFLICT DO NOTHING");
  RETURN_IF_ERROR(insert.Bind(project, sql::Blob{fresh}).Run());
  sql::Statement select = connection_.Prepare("SELECT noise_key FROM noise_keys WHERE project = ?");
  select.Bind(project);
  select.Next();
  RETURN_IF_ERROR(select.status());
  return select.Text(0);
}

absl::StatusOr<bool> EpsilonStore::IsPaid(const std::string& project,
                                          const std::string& answer_hash) {
  sql::Statement select =
      connection_.Prepare("SELECT 1 FROM epsilon_spends WHERE project = ? AND answer_hash = ?");
  select.Bind(project, sql::Blob{answer_hash});
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<int64_t> EpsilonStore::SpentSince(const std::string& project, absl::Time since) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT COALESCE(SUM(epsilon), 0) FROM epsilon_spends
      WHERE project = ? AND spend_time >= ?)sql");
  select.Bind(project, since);
  select.Next();
  RETURN_IF_ERROR(select.status());
  return select.Int64(0);
}

absl::Status EpsilonStore::Insert(const std::string& project, const std::string& answer_hash,
                                  int64_t epsilon, absl::Time spend_time) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO epsilon_spends (project, answer_hash, epsilon, spend_time)
      VALUES (?, ?, ?, ?))sql");
  return insert.Bind(project, sql::Blob{answer_hash}, epsilon, spend_time).Run();
}

absl::Status EpsilonStore::DeleteBefore(const std::string& project, absl::Time time) {
  sql::Statement remove =
      connection_.Prepare("DELETE FROM epsilon_spends WHERE project = ? AND spend_time < ?");
  return remove.Bind(project, time).Run();
}

}  // namespace flywheel::experiment
