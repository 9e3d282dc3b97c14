#include "ingest_service/store/feed_store.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A page holds so much of each table, and one record more: whoever follows needs no more memory
// than that, and a message of any client's size limit can carry it.
constexpr size_t kMaxPageBytes = 1 << 20;

// Appends up to `limit` entries, fewer where they hold kMaxPageBytes. Returns up to which sequence
// the table was read: the last one where there is more, else the highest number there is.
absl::StatusOr<int64_t> AppendEntries(sql::Connection& connection, const char* sql, RecordKind kind,
                                      const std::string& project, int64_t cursor, int64_t limit,
                                      std::vector<FeedEntry>& entries) {
  sql::Statement select = connection.Prepare(sql);
  select.Bind(cursor, project, project, limit);
  int64_t rows = 0;
  size_t bytes = 0;
  while (bytes < kMaxPageBytes && select.Next()) {
    entries.push_back({select.Int64(0), select.Text(1), select.Time(2), kind, select.Text(3)});
    bytes += entries.back().payload.size();
    ++rows;
  }
  RETURN_IF_ERROR(select.status());
  const bool more = rows == limit || bytes >= kMaxPageBytes;
  return more ? entries.back().sequence : std::numeric_limits<int64_t>::max();
}

}  // namespace

absl::StatusOr<FeedPage> ReadFeedPage(sql::Connection& connection, const std::string& project,
                                      int64_t cursor, int64_t limit) {
  // One snapshot for both tables: else a signal could be seen and an older interaction be missed.
  RETURN_IF_ERROR(connection.Execute("BEGIN"));
  FeedPage page;
  ASSIGN_OR_RETURN(const int64_t interactions_until,
                   AppendEntries(connection, R"sql(
      SELECT sequence, project, commit_time, payload FROM interactions
      WHERE sequence > ? AND (? = '' OR project = ?) ORDER BY sequence LIMIT ?)sql",
                                 RecordKind::kInteraction, project, cursor, limit, page.entries));
  ASSIGN_OR_RETURN(const int64_t signals_until,
                   AppendEntries(connection, R"sql(
      SELECT sequence, project, commit_time, payload FROM signals
      WHERE sequence > ? AND (? = '' OR project = ?) ORDER BY sequence LIMIT ?)sql",
                                 RecordKind::kSignal, project, cursor, limit, page.entries));
  std::sort(page.entries.begin(), page.entries.end(),
            [](const FeedEntry& a, const FeedEntry& b) { return a.sequence < b.sequence; });
  // Behind the point up to which both tables were read, something may be missing.
  const int64_t until = std::min(interactions_until, signals_until);
  while (!page.entries.empty() && page.entries.back().sequence > until) page.entries.pop_back();
  if (static_cast<int64_t>(page.entries.size()) > limit) {
    page.entries.resize(static_cast<size_t>(limit));
  }
  ASSIGN_OR_RETURN(const int64_t last, LastSequence(connection));
  page.caught_up = until == std::numeric_limits<int64_t>::max() &&
                   (page.entries.empty() || static_cast<int64_t>(page.entries.size()) < limit);
  page.next_cursor = page.caught_up ? std::max(cursor, last) : page.entries.back().sequence;
  return page;
}

absl::StatusOr<int64_t> LastSequence(sql::Connection& connection) {
  int64_t last = 0;
  for (const char* sql : {"SELECT COALESCE(MAX(sequence), 0) FROM interactions",
                          "SELECT COALESCE(MAX(sequence), 0) FROM signals"}) {
    sql::Statement select = connection.Prepare(sql);
    if (select.Next()) last = std::max(last, select.Int64(0));
    RETURN_IF_ERROR(select.status());
  }
  return last;
}

absl::StatusOr<StoreStats> ReadStats(sql::Connection& connection, const std::string& project,
                                     const std::string& group_by_attribute) {
  RETURN_IF_ERROR(connection.Execute("BEGIN"));
  StoreStats stats;
  sql::Statement interactions = connection.Prepare(
      "SELECT COUNT(*), COALESCE(SUM(tool_calls), 0) FROM interactions WHERE project = ?");
  if (interactions.Bind(project).Next()) {
    stats.interactions = interactions.Int64(0);
    stats.tool_calls = interactions.Int64(1);
  }
  RETURN_IF_ERROR(interactions.status());
  sql::Statement signals = connection.Prepare("SELECT COUNT(*) FROM signals WHERE project = ?");
  if (signals.Bind(project).Next()) stats.signals = signals.Int64(0);
  RETURN_IF_ERROR(signals.status());
  ASSIGN_OR_RETURN(stats.last_sequence, LastSequence(connection));

  sql::Statement means = connection.Prepare(R"sql(
      SELECT one.evaluation_name, COALESCE(attribute.value, ''), COUNT(*),
             AVG(one.evaluation_score)
      FROM signals AS one
      JOIN interactions ON interactions.project = one.project
                       AND interactions.interaction_id = one.interaction_id
      LEFT JOIN interaction_attributes AS attribute
             ON attribute.sequence = interactions.sequence AND attribute.name = ?
      WHERE one.project = ? AND one.evaluation_name <> '' AND one.interaction_id <> ''
        AND one.revision = (SELECT MAX(revision) FROM signals AS every
                            WHERE every.project = one.project AND every.signal_id = one.signal_id)
      GROUP BY one.evaluation_name, COALESCE(attribute.value, '')
      ORDER BY one.evaluation_name, COALESCE(attribute.value, ''))sql");
  means.Bind(group_by_attribute, project);
  while (means.Next()) {
    stats.evaluation_means.push_back(
        {means.Text(0), means.Text(1), means.Int64(2), means.Double(3)});
  }
  RETURN_IF_ERROR(means.status());
  return stats;
}

}  // namespace flywheel::ingest
