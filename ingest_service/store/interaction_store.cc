#include "ingest_service/store/interaction_store.h"

#include "ingest_service/store/verdicts.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A list ends behind the record that reaches this, so that a client's message limit can carry it.
constexpr size_t kMaxPageBytes = 1 << 20;
// So many rows are looked at for one page: a filter that fits little would read the whole store.
constexpr int64_t kMaxRowsSeen = 20'000;

absl::StatusOr<ItemVerdict> CompareWithStored(sql::Connection& connection,
                                              const std::string& project,
                                              const InteractionRecord& record) {
  sql::Statement select = connection.Prepare(R"sql(
      SELECT sequence, content_hash FROM interactions
      WHERE project = ? AND interaction_id = ?)sql");
  select.Bind(project, record.interaction_id);
  if (!select.Next()) {
    RETURN_IF_ERROR(select.status());
    return errors::Internal("an interaction conflicts with one that is not there");
  }
  return VerdictOnKnownId("interaction", record.interaction_id, select.Int64(0),
                          select.View(1) == record.content_hash);
}

}  // namespace

absl::StatusOr<ItemVerdict> InsertInteraction(sql::Connection& connection,
                                              const std::string& project,
                                              const InteractionRecord& record, int64_t sequence,
                                              absl::Time commit_time) {
  sql::Statement insert = connection.Prepare(R"sql(
      INSERT INTO interactions (sequence, project, interaction_id, content_hash, session_id,
                                user_pseudonym, agent, model_version, start_time, commit_time,
                                tool_calls, payload)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (project, interaction_id) DO NOTHING)sql");
  RETURN_IF_ERROR(
      insert
          .Bind(sequence, project, record.interaction_id, sql::Blob{record.content_hash},
                record.session_id, record.user_pseudonym, record.agent, record.model_version,
                record.start_time, commit_time, record.tool_calls, sql::Blob{record.payload})
          .Run());
  if (connection.ChangedRows() == 0) {
    return CompareWithStored(connection, project, record);
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

absl::StatusOr<InteractionPage> ListInteractions(sql::Connection& connection,
                                                 const std::string& project,
                                                 const InteractionFilter& filter, int64_t after,
                                                 int64_t limit) {
  // Two statements, because each reads along an index of its own.
  static constexpr char kOfProjectSql[] = R"sql(
      SELECT sequence, commit_time, agent, model_version, payload FROM interactions
      WHERE project = ? AND sequence > ? ORDER BY sequence)sql";
  static constexpr char kOfSessionSql[] = R"sql(
      SELECT sequence, commit_time, agent, model_version, payload FROM interactions
      WHERE project = ? AND sequence > ? AND session_id <> '' AND session_id = ?
      ORDER BY sequence)sql";
  sql::Statement select =
      connection.Prepare(filter.session_id.empty() ? kOfProjectSql : kOfSessionSql);
  if (filter.session_id.empty()) {
    select.Bind(project, after);
  } else {
    select.Bind(project, after, filter.session_id);
  }
  InteractionPage page;
  size_t bytes = 0;
  int64_t last_seen = after;
  for (int64_t seen = 0; select.Next(); ++seen) {
    const bool full = static_cast<int64_t>(page.interactions.size()) == limit ||
                      bytes >= kMaxPageBytes || seen == kMaxRowsSeen;
    if (full) {
      page.next_after = last_seen;
      break;
    }
    last_seen = select.Int64(0);
    if (!filter.agent.empty() && select.View(2) != filter.agent) continue;
    if (!filter.model_version.empty() && select.View(3) != filter.model_version) continue;
    page.interactions.push_back({last_seen, select.Time(1), select.Text(4)});
    bytes += page.interactions.back().payload.size();
  }
  RETURN_IF_ERROR(select.status());
  return page;
}

}  // namespace flywheel::ingest
