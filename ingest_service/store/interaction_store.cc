#include "ingest_service/store/interaction_store.h"

#include "ingest_service/store/verdicts.h"
#include "shared/privacy/digest.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A list ends behind the record that reaches this, so that a client's message limit can carry it.
constexpr size_t kMaxPageBytes = 1 << 20;

absl::StatusOr<ItemVerdict> CompareWithStored(sql::Connection& connection,
                                              const std::string& project,
                                              const InteractionRecord& record,
                                              const std::string& content_hash) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT sequence, content_hash FROM interactions
      WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(project, record.interaction_id);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return errors::Internal("an interaction conflicts with one that is not there");
  }
  return VerdictOnKnownId("interaction", record.interaction_id, select.Int64(0),
                          select.View(1) == content_hash);
}

}  // namespace

absl::StatusOr<ItemVerdict> InsertInteraction(sql::Connection& connection,
                                              const std::string& project,
                                              const InteractionRecord& record, int64_t sequence,
                                              absl::Time commit_time) {
  const std::string content_hash = Sha256(record.payload);
  sql::Statement insert = connection.Prepare(R"sql(
      INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id,
                                user_pseudonym, agent, model_version, start_time, commit_time,
                                tool_calls, payload)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, interaction_id) DO NOTHING)sql");
  RETURN_IF_ERROR(insert
                      .Bind(sequence, project, record.interaction_id, sql::Blob{content_hash},
                            record.session_id, record.user_pseudonym, record.agent,
                            record.model_version, record.start_time, commit_time, record.tool_calls,
                            sql::Blob{record.payload})
                      .Run());
  if (connection.ChangedRows() == 0) {
    return CompareWithStored(connection, project, record, content_hash);
  }
  for (const auto& [name, value] : record.attributes) {
    RETURN_IF_ERROR(connection
                        .Prepare("INSERT INTO interaction_attributes (sequence, name, value) "
                                 "VALUES (?, ?, ?)")
                        .Bind(sequence, name, value)
                        .Run());
  }
  return ItemVerdict{record.interaction_id, ItemOutcome::kStored, sequence, Reason::kUnspecified,
                     ""};
}

absl::StatusOr<StoredInteraction> FindInteraction(sql::Connection& connection,
                                                  const std::string& project,
                                                  const std::string& interaction_id) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT sequence, commit_time, payload FROM interactions
      WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(project, interaction_id);
  if (select.Next()) return StoredInteraction{select.Int64(0), select.Time(1), select.Text(2)};
  RETURN_IF_ERROR(select.status());
  return errors::NotFound("interaction", interaction_id,
                          "Check the id; a signal may be here before its interaction.");
}

absl::StatusOr<std::vector<StoredInteraction>> ListInteractions(sql::Connection& connection,
                                                                const std::string& project,
                                                                const InteractionFilter& filter,
                                                                int64_t after, int64_t limit) {
  // Two statements, because only one of them can use the index over sessions.
  static constexpr char kAllSql[] = R"sql(
      SELECT sequence, commit_time, payload FROM interactions
      WHERE sequence > ? AND project = ? AND (? = '' OR agent = ?)
        AND (? = '' OR model_version = ?)
      ORDER BY sequence LIMIT ?)sql";
  static constexpr char kOfSessionSql[] = R"sql(
      SELECT sequence, commit_time, payload FROM interactions
      WHERE sequence > ? AND project = ? AND (? = '' OR agent = ?)
        AND (? = '' OR model_version = ?) AND session_id <> '' AND session_id = ?
      ORDER BY sequence LIMIT ?)sql";
  sql::Statement select = connection.Prepare(filter.session_id.empty() ? kAllSql : kOfSessionSql);
  if (filter.session_id.empty()) {
    select.Bind(after, project, filter.agent, filter.agent, filter.model_version,
                filter.model_version, limit);
  } else {
    select.Bind(after, project, filter.agent, filter.agent, filter.model_version,
                filter.model_version, filter.session_id, limit);
  }
  std::vector<StoredInteraction> interactions;
  size_t bytes = 0;
  while (bytes < kMaxPageBytes && select.Next()) {
    interactions.push_back({select.Int64(0), select.Time(1), select.Text(2)});
    bytes += interactions.back().payload.size();
  }
  RETURN_IF_ERROR(select.status());
  return interactions;
}

}  // namespace flywheel::ingest
