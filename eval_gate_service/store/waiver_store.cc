#include "eval_gate_service/store/waiver_store.h"

#include <utility>

#include "eval_gate_service/domain/version_key.h"
#include "eval_gate_service/store/bar_text.h"
#include "shared/sql/text.h"
#include "shared/sql/text_map.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kMostWaivers = 1'000;

constexpr sql::Text kSelectWaiver(R"sql(
    SELECT waiver_id, ordinal, agent, model_version, suite_names, owner, reason, expire_time_us,
           labels, request_hash, create_time_us, created_by
    FROM verdict_waivers )sql");

// Reads a row of kSelectWaiver.
absl::StatusOr<StoredWaiver> ReadWaiver(const sql::Statement& row) {
  StoredWaiver stored;
  VerdictWaiver& waiver = stored.waiver;
  waiver.waiver_id = row.Text(0);
  stored.ordinal = row.Int64(1);
  waiver.agent = row.Text(2);
  waiver.model_version = row.Text(3);
  ASSIGN_OR_RETURN(waiver.suite_names, NamesFromText(row.View(4)));
  waiver.owner = row.Text(5);
  waiver.reason = row.Text(6);
  waiver.expire_time = row.Time(7);
  ASSIGN_OR_RETURN(waiver.labels, sql::TextMapFromJson(row.View(8)));
  stored.request_hash = row.Text(9);
  waiver.create_time = row.Time(10);
  waiver.created_by = row.Text(11);
  return stored;
}

absl::StatusOr<std::vector<StoredWaiver>> ReadWaivers(sql::Statement& select) {
  std::vector<StoredWaiver> waivers;
  while (select.Next()) {
    ASSIGN_OR_RETURN(StoredWaiver one, ReadWaiver(select));
    waivers.push_back(std::move(one));
  }
  RETURN_IF_ERROR(select.status());
  return waivers;
}

}  // namespace

absl::Status WaiverStore::Insert(const std::string& project, const StoredWaiver& stored) {
  const VerdictWaiver& waiver = stored.waiver;
  return connection_
      .Prepare(R"sql(
      INSERT INTO verdict_waivers
        (project, waiver_id, ordinal, agent, model_version, version_key, suite_names, owner, reason,
         expire_time_us, labels, request_hash, create_time_us, created_by)
      VALUES (?, ?,
              (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM verdict_waivers WHERE project = ?),
              ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql")
      .Bind(project, waiver.waiver_id, project, waiver.agent, waiver.model_version,
            VersionKey(waiver.model_version), NamesToText(waiver.suite_names), waiver.owner,
            waiver.reason, waiver.expire_time, sql::TextMapToJson(waiver.labels),
            sql::Blob{stored.request_hash}, waiver.create_time, waiver.created_by)
      .Run();
}

absl::StatusOr<std::optional<StoredWaiver>> WaiverStore::Find(const std::string& project,
                                                              const std::string& waiver_id) {
  sql::Statement select =
      connection_.Prepare(kSelectWaiver + "WHERE project = ? AND waiver_id = ?");
  select.Bind(project, waiver_id);
  ASSIGN_OR_RETURN(std::vector<StoredWaiver> found, ReadWaivers(select));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

absl::StatusOr<std::vector<VerdictWaiver>> WaiverStore::ForVersion(
    const std::string& project, const std::string& agent, const std::string& model_version) {
  sql::Statement select =
      connection_.Prepare(kSelectWaiver + R"sql(WHERE project = ? AND agent = ? AND version_key = ?
      ORDER BY ordinal DESC LIMIT ?)sql");
  select.Bind(project, agent, VersionKey(model_version), kMostWaivers);
  ASSIGN_OR_RETURN(std::vector<StoredWaiver> found, ReadWaivers(select));
  std::vector<VerdictWaiver> waivers;
  for (StoredWaiver& one : found) waivers.push_back(std::move(one.waiver));
  return waivers;
}

absl::StatusOr<std::vector<StoredWaiver>> WaiverStore::List(const std::string& project,
                                                            const sql::ListRange& range,
                                                            int64_t limit) {
  sql::Statement select =
      sql::PrepareList(connection_, kSelectWaiver + "WHERE ", project, range, limit);
  return ReadWaivers(select);
}

}  // namespace flywheel::evalgate
