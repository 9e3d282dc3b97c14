#include "ingest_service/store/feed_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "ingest_service/domain/record_limits.h"
#include "ingest_service/store/hidden_forms.h"
#include "ingest_service/store/privacy_record_store.h"
#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// An attribute that differs in every interaction would make an answer as long as the store.
constexpr int64_t kMaxGroups = 1'000;
// A page ends after so many records that are not shown any more.
constexpr int64_t kMaxHidden = 20'000;

// The arms of the feed, each without its WHERE.
constexpr auto kInteractions =
    sql::Text("SELECT sequence, project, commit_time_us, ") +
    sql::kLiteral<RecordKind::kInteraction> +
    " AS kind, payload, payload_form, payload_place, noise, inclusion_probability "
    "FROM interactions ";
constexpr auto kSignals = sql::Text("UNION ALL SELECT sequence, project, commit_time_us, ") +
                          sql::kLiteral<RecordKind::kSignal> + ", payload, " +
                          sql::kLiteral<PayloadForm::kPlain> + ", 0, 0, 1 FROM signals ";
constexpr auto kPrivacyRecords =
    sql::Text("UNION ALL SELECT sequence, project, commit_time_us, kind, x'', ") +
    sql::kLiteral<PayloadForm::kPlain> + ", 0, 0, 1 FROM privacy_records ";

}  // namespace

absl::StatusOr<FeedPage> FeedStore::ReadPage(const std::string& project, int64_t cursor,
                                             int64_t limit) {
  // All tables are read along an order of their own and merged, so that a page costs what it holds.
  // Row by row, until the page is full: with a LIMIT in each arm SQLite would sort every arm.
  static constexpr sql::Text kOfAll("WHERE sequence > ? ");
  static constexpr sql::Text kOfProject("WHERE project = ? AND sequence > ? ");
  static constexpr auto kAllSql =
      kInteractions + kOfAll + kSignals + kOfAll + kPrivacyRecords + kOfAll + "ORDER BY sequence";
  static constexpr auto kOfProjectSql = kInteractions + kOfProject + kSignals + kOfProject +
                                        kPrivacyRecords + kOfProject + "ORDER BY sequence";
  ASSIGN_OR_RETURN(const int64_t last, LastSequence());
  if (cursor > last) {
    return errors::FailedPrecondition(
        Reason::kCursorAhead, "feed", fmt::format("cursor {}", cursor),
        fmt::format("a cursor beyond the newest record, {}", last),
        "a cursor that this store gave; has it been restored from an older "
        "copy? Then the reader's store must start anew too");
  }
  sql::Statement select =
      project.empty() ? connection_.Prepare(kAllSql) : connection_.Prepare(kOfProjectSql);
  if (project.empty()) {
    select.Bind(cursor, cursor, cursor);
  } else {
    select.Bind(project, cursor, project, cursor, project, cursor);
  }
  FeedPage page;
  size_t bytes = 0;
  page.caught_up = true;
  int64_t hidden = 0;
  page.next_cursor = cursor;
  while (select.Next()) {
    if (static_cast<int64_t>(page.entries.size()) == limit || bytes >= kMaxPageBytes ||
        hidden == kMaxHidden) {
      page.caught_up = false;
      break;
    }
    page.next_cursor = select.Int64(0);
    const auto form = static_cast<PayloadForm>(select.Int64(5));
    if (!IsShown(form)) {
      ++hidden;
      continue;
    }
    page.entries.push_back({select.Int64(0), select.Text(1), select.Time(2),
                            static_cast<RecordKind>(select.Int64(3)), select.Text(4)});
    if (page.entries.back().kind >= RecordKind::kTombstone) {
      RETURN_IF_ERROR(PrivacyRecordStore(connection_).ReadRecord(page.entries.back()));
    }
    page.entries.back().place = {form, select.Int64(6)};
    page.entries.back().marks = {select.Int64(7), select.Double(8)};
    bytes += static_cast<size_t>(PayloadBytes(form, page.entries.back().payload));
  }
  RETURN_IF_ERROR(select.status());
  if (page.caught_up) page.next_cursor = last;
  return page;
}

absl::StatusOr<int64_t> FeedStore::LastSequence() {
  sql::Statement select = connection_.Prepare("SELECT last_sequence FROM feed_head WHERE id = 1");
  const int64_t last = select.Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return last;
}

absl::StatusOr<absl::Time> FeedStore::LastCommitTime() {
  // Of each table the last row alone: times rise with sequences.
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT COALESCE(MAX(commit_time_us), 0) FROM (
        SELECT * FROM (SELECT commit_time_us FROM interactions ORDER BY sequence DESC LIMIT 1)
        UNION ALL
        SELECT * FROM (SELECT commit_time_us FROM signals ORDER BY sequence DESC LIMIT 1)
        UNION ALL
        SELECT * FROM (SELECT commit_time_us FROM privacy_records ORDER BY sequence DESC LIMIT 1)
      ) AS newest)sql");
  const absl::Time last = select.Next() ? select.Time(0) : absl::UnixEpoch();
  RETURN_IF_ERROR(select.status());
  return last;
}

absl::Status FeedStore::SetLastSequence(int64_t sequence) {
  return connection_.Prepare("UPDATE feed_head SET last_sequence = ? WHERE id = 1")
      .Bind(sequence)
      .Run();
}

absl::Status FeedStore::AddToTotals(const std::string& project, const Added& added) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO project_totals (project, interactions, signals, tool_calls)
          VALUES (?, ?, ?, ?)
          ON CONFLICT (project) DO UPDATE SET
            interactions = project_totals.interactions + excluded.interactions,
            signals = project_totals.signals + excluded.signals,
            tool_calls = project_totals.tool_calls + excluded.tool_calls)sql")
      .Bind(project, added.interactions, added.signals, added.tool_calls)
      .Run();
}

absl::StatusOr<StoreStats> FeedStore::ReadStats(const std::string& project,
                                                const std::string& group_by_attribute) {
  StoreStats stats;
  sql::Statement totals = connection_.Prepare(
      "SELECT interactions, signals, tool_calls FROM project_totals WHERE project = ?");
  if (totals.Bind(project).Next()) {
    stats.interactions = totals.Int64(0);
    stats.signals = totals.Int64(1);
    stats.tool_calls = totals.Int64(2);
  }
  RETURN_IF_ERROR(totals.status());
  ASSIGN_OR_RETURN(stats.last_sequence, LastSequence());

  static constexpr auto kMeansSql = sql::Text(R"sql(
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
        AND interactions.payload_form NOT IN ()sql") +
                                    kHiddenForms + R"sql()
      GROUP BY one.evaluation_name, COALESCE(attribute.value, '')
      ORDER BY one.evaluation_name, COALESCE(attribute.value, '') LIMIT ?)sql";
  sql::Statement means = connection_.Prepare(kMeansSql);
  means.Bind(group_by_attribute, project, kMaxGroups);
  while (means.Next()) {
    stats.evaluation_means.push_back(
        {means.Text(0), means.Text(1), means.Int64(2), means.Double(3)});
  }
  RETURN_IF_ERROR(means.status());
  return stats;
}

absl::StatusOr<int64_t> FeedStore::StoredRows(const std::string& project) {
  sql::Statement select =
      connection_.Prepare("SELECT interactions + signals FROM project_totals WHERE project = ?");
  const int64_t rows = select.Bind(project).Next() ? select.Int64(0) : 0;
  RETURN_IF_ERROR(select.status());
  return rows;
}

}  // namespace flywheel::ingest
