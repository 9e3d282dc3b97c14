#include "curation_service/store/firewall_store.h"

#include <limits>
#include <string_view>

#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kRowsPerCheck = 10'000;

}  // namespace

absl::StatusOr<FirewallKeys> FirewallStore::Keys(const std::string& project,
                                                 const Deadline& deadline) {
  // Row by row; what it adds up to is a key for each session and input that was ever in a version.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT firewall_key, split FROM firewall_keys WHERE project = ?
      ORDER BY agent, firewall_key)sql");
  select.Bind(project);
  PeriodicCheck check(deadline, kRowsPerCheck);
  FirewallKeys keys;
  while (select.Next()) {
    RETURN_IF_ERROR(check.Step());
    const auto split = static_cast<Split>(select.Int64(1));
    const auto [known, added] = keys.emplace(select.Text(0), split);
    // Under one agent on the train side, under another on the eval side: what was evaluated with
    // is never trained on.
    if (!added && split == Split::kEval) known->second = split;
  }
  RETURN_IF_ERROR(select.status());
  return keys;
}

absl::StatusOr<TrainSides> FirewallStore::AllTrainSides(const std::string& project) {
  // Agent by agent, because the table is in their order: they are few, and keys many.
  sql::Statement next = connection_.Prepare(R"sql(
      SELECT agent FROM firewall_keys WHERE project = ? AND agent > ? ORDER BY agent LIMIT 1)sql");
  TrainSides sides;
  std::string agent;
  while (next.Bind(project, agent).Next()) {
    agent = next.Text(0);
    sides[agent] = std::numeric_limits<int64_t>::max();
    next.Reset();
  }
  RETURN_IF_ERROR(next.status());
  return sides;
}

absl::StatusOr<std::vector<bool>> FirewallStore::OnTrainSides(const std::string& project,
                                                              const TrainSides& sides,
                                                              std::span<const std::string> keys) {
  // One of a version that is gone was there before all others.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT 1 FROM firewall_keys AS k LEFT JOIN dataset_versions AS v
        ON v.project = k.project AND v.dataset_version_id = k.dataset_version_id
      WHERE k.project = ? AND k.agent = ? AND k.firewall_key = ? AND k.split = ?
        AND COALESCE(v.ordinal, 0) <= ?)sql");
  std::vector<bool> on_train_side(keys.size(), false);
  for (const auto& [agent, newest] : sides) {
    for (size_t i = 0; i < keys.size(); ++i) {
      if (on_train_side[i]) continue;
      on_train_side[i] =
          select.Bind(project, agent, keys[i], static_cast<int>(Split::kTrain), newest).Next();
      RETURN_IF_ERROR(select.status());
      select.Reset();
    }
  }
  return on_train_side;
}

absl::Status FirewallStore::AddKeys(const std::string& project, const DatasetVersion& version,
                                    std::span<const std::pair<std::string, Split>> keys) {
  sql::Statement insert = connection_.Prepare(R"sql(
      INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (project, agent, firewall_key) DO NOTHING)sql");
  for (const auto& [key, split] : keys) {
    RETURN_IF_ERROR(insert
                        .Bind(project, version.options.agent, key, static_cast<int>(split),
                              version.dataset_version_id)
                        .Run());
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> FirewallStore::HashSomeSessions(int64_t limit) {
  static constexpr std::string_view kClearPrefix = "session:";
  struct ClearKey {
    std::string project, agent, key;
  };
  std::vector<ClearKey> keys;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT project, agent, firewall_key FROM firewall_keys
        WHERE firewall_key >= 'session:' AND firewall_key < 'session;'
        ORDER BY firewall_key, project, agent LIMIT ?)sql");
    select.Bind(limit);
    while (select.Next()) keys.push_back({select.Text(0), select.Text(1), select.Text(2)});
    RETURN_IF_ERROR(select.status());
  }
  for (const ClearKey& clear : keys) {
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
            INSERT INTO firewall_keys (project, agent, firewall_key, split, dataset_version_id)
            SELECT project, agent, ?, split, dataset_version_id FROM firewall_keys
            WHERE project = ? AND agent = ? AND firewall_key = ?
            ON CONFLICT (project, agent, firewall_key) DO NOTHING)sql")
                        .Bind(SessionKey(clear.key.substr(kClearPrefix.size())), clear.project,
                              clear.agent, clear.key)
                        .Run());
    RETURN_IF_ERROR(
        connection_
            .Prepare(
                "DELETE FROM firewall_keys WHERE project = ? AND agent = ? AND firewall_key = ?")
            .Bind(clear.project, clear.agent, clear.key)
            .Run());
  }
  return keys.empty();
}

absl::StatusOr<bool> FirewallStore::RemoveSome(const std::string& project,
                                               const std::string& dataset_version_id,
                                               int64_t limit) {
  // One version is of one agent, so that its keys differ.
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          DELETE FROM firewall_keys
          WHERE project = ? AND dataset_version_id = ? AND firewall_key IN (
            SELECT firewall_key FROM firewall_keys WHERE project = ? AND dataset_version_id = ?
            LIMIT ?))sql")
                      .Bind(project, dataset_version_id, project, dataset_version_id, limit)
                      .Run());
  return connection_.ChangedRows() == 0;
}

}  // namespace flywheel::curation
