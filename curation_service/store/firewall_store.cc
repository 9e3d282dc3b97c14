#include "curation_service/store/firewall_store.h"

#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kRowsPerCheck = 10'000;

}  // namespace

absl::StatusOr<FirewallKeys> FirewallStore::Keys(sql::Connection& connection,
                                                 const std::string& project,
                                                 const MayGoOn& may_go_on) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT firewall_key, split FROM firewall_keys WHERE project = ?
      ORDER BY firewall_key, split DESC)sql");
  select.Bind(project);
  GoOnEvery go_on(may_go_on, kRowsPerCheck);
  FirewallKeys keys;
  while (select.Next()) {
    RETURN_IF_ERROR(go_on.Step());
    keys.emplace(select.Text(0), static_cast<Split>(select.Int64(1)));
  }
  RETURN_IF_ERROR(select.status());
  return keys;
}

absl::Status FirewallStore::AddKeys(sql::Connection& connection, const std::string& project,
                                    const DatasetVersion& version,
                                    std::span<const std::pair<std::string, Split>> keys) {
  sql::Statement insert = connection.Prepare(R"sql(
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

absl::StatusOr<bool> FirewallStore::RemoveSome(sql::Connection& connection,
                                               const std::string& project,
                                               const std::string& dataset_version_id,
                                               int64_t limit) {
  // One version is of one agent, so that its keys differ.
  RETURN_IF_ERROR(connection
                      .Prepare(R"sql(
          DELETE FROM firewall_keys
          WHERE project = ? AND dataset_version_id = ? AND firewall_key IN (
            SELECT firewall_key FROM firewall_keys WHERE project = ? AND dataset_version_id = ?
            LIMIT ?))sql")
                      .Bind(project, dataset_version_id, project, dataset_version_id, limit)
                      .Run());
  return connection.ChangedRows() == 0;
}

}  // namespace flywheel::curation
