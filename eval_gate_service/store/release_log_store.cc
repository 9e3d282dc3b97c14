#include "eval_gate_service/store/release_log_store.h"

#include <limits>
#include <utility>

#include "eval_gate_service/store/release_content_store.h"
#include "shared/sql/text.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::evalgate {
namespace {

constexpr sql::Text kSelectEntry(R"sql(
    SELECT ordinal, kind, agent, resource_id, of_before, content_hash, previous_hash, entry_hash,
           create_time_us, created_by
    FROM (
      SELECT project, sequence AS ordinal, kind, agent, resource_id, of_before, content_hash,
             previous_hash, entry_hash, create_time_us, created_by
      FROM release_log)
    WHERE )sql");

// Reads a row of kSelectEntry.
ReleaseLogEntry ReadEntry(const sql::Statement& row) {
  ReleaseLogEntry entry;
  entry.sequence = row.Int64(0);
  entry.thing = {static_cast<ReleaseKind>(row.Int64(1)), row.Text(2), row.Text(3)};
  entry.of_before = row.Bool(4);
  entry.content_hash = row.Text(5);
  entry.previous_hash = row.Text(6);
  entry.entry_hash = row.Text(7);
  entry.create_time = row.Time(8);
  entry.created_by = row.Text(9);
  return entry;
}

}  // namespace

absl::Status ReleaseLogStore::Append(const std::string& project, const ReleaseThing& thing,
                                     const std::string& created_by, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<ReleaseLogEntry> newest,
                   Before(project, std::numeric_limits<int64_t>::max()));
  ReleaseLogEntry entry;
  entry.sequence = newest ? newest->sequence + 1 : 1;
  entry.thing = thing;
  ASSIGN_OR_RETURN(std::optional<std::string> content,
                   ReleaseContentStore(connection_).Hash(project, thing));
  if (!content) return errors::Internal(NameOf(thing) + " is not there for its entry in the log");
  entry.content_hash = *std::move(content);
  if (newest) entry.previous_hash = newest->entry_hash;
  entry.create_time = StoredTime(now);
  entry.created_by = created_by;
  entry.entry_hash = EntryHash(project, entry);
  return connection_
      .Prepare(R"sql(
      INSERT INTO release_log
        (project, sequence, kind, agent, resource_id, of_before, content_hash, previous_hash,
         entry_hash, create_time_us, created_by)
      VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?))sql")
      .Bind(project, entry.sequence, static_cast<int64_t>(thing.kind), thing.agent,
            thing.resource_id, sql::Blob{entry.content_hash}, sql::Blob{entry.previous_hash},
            sql::Blob{entry.entry_hash}, entry.create_time, entry.created_by)
      .Run();
}

absl::StatusOr<int64_t> ReleaseLogStore::FillIn(absl::Time now, int64_t limit) {
  // Once, after the migration that left them: one that had a hash and has lost it was tampered
  // with, and is not sealed anew.
  {
    sql::Statement select =
        connection_.Prepare("SELECT 1 FROM release_log_to_fill_in WHERE id = 1");
    const bool left = select.Next();
    RETURN_IF_ERROR(select.status());
    if (!left) return 0;
  }
  std::vector<std::pair<std::string, ReleaseLogEntry>> pending;
  {
    sql::Statement select = connection_.Prepare(R"sql(
        SELECT sequence, kind, agent, resource_id, of_before, content_hash, previous_hash,
               entry_hash, create_time_us, created_by, project
        FROM release_log WHERE entry_hash = x'' AND of_before = 1
        ORDER BY project, sequence LIMIT ?)sql");
    select.Bind(limit);
    while (select.Next()) pending.emplace_back(select.Text(10), ReadEntry(select));
    RETURN_IF_ERROR(select.status());
  }
  for (auto& [project, entry] : pending) {
    ASSIGN_OR_RETURN(const std::optional<ReleaseLogEntry> before, Before(project, entry.sequence));
    if (before) entry.previous_hash = before->entry_hash;
    ASSIGN_OR_RETURN(std::optional<std::string> content,
                     ReleaseContentStore(connection_).Hash(project, entry.thing));
    // What is gone already keeps no service from starting: whoever verifies the log is told.
    entry.content_hash = std::move(content).value_or("");
    entry.create_time = StoredTime(now);
    entry.entry_hash = EntryHash(project, entry);
    RETURN_IF_ERROR(connection_
                        .Prepare(R"sql(
        UPDATE release_log
        SET content_hash = ?, previous_hash = ?, entry_hash = ?, create_time_us = ?
        WHERE project = ? AND sequence = ?)sql")
                        .Bind(sql::Blob{entry.content_hash}, sql::Blob{entry.previous_hash},
                              sql::Blob{entry.entry_hash}, entry.create_time, project,
                              entry.sequence)
                        .Run());
  }
  const auto filled_in = static_cast<int64_t>(pending.size());
  if (filled_in < limit) {
    RETURN_IF_ERROR(connection_.Prepare("DELETE FROM release_log_to_fill_in").Run());
  }
  return filled_in;
}

absl::StatusOr<std::optional<ReleaseLogEntry>> ReleaseLogStore::Before(const std::string& project,
                                                                       int64_t sequence) {
  sql::Statement select = connection_.Prepare(
      kSelectEntry + "project = ? AND ordinal < ? ORDER BY ordinal DESC LIMIT 1");
  select.Bind(project, sequence);
  std::optional<ReleaseLogEntry> found;
  if (select.Next()) found = ReadEntry(select);
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<std::vector<ReleaseLogEntry>> ReleaseLogStore::After(const std::string& project,
                                                                    int64_t sequence,
                                                                    int64_t limit) {
  sql::Statement select =
      connection_.Prepare(kSelectEntry + "project = ? AND ordinal > ? ORDER BY ordinal LIMIT ?");
  select.Bind(project, sequence, limit);
  std::vector<ReleaseLogEntry> entries;
  while (select.Next()) entries.push_back(ReadEntry(select));
  RETURN_IF_ERROR(select.status());
  return entries;
}

absl::StatusOr<std::optional<ReleaseThing>> ReleaseLogStore::LastBefore(const std::string& project,
                                                                        ReleaseKind kind,
                                                                        const ReleaseThing& thing) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT agent, resource_id FROM release_log
      WHERE project = ? AND agent = ? AND kind = ? AND sequence < (
        SELECT sequence FROM release_log
        WHERE project = ? AND kind = ? AND agent = ? AND resource_id = ?)
      ORDER BY sequence DESC LIMIT 1)sql");
  select.Bind(project, thing.agent, static_cast<int64_t>(kind), project,
              static_cast<int64_t>(thing.kind), thing.agent, thing.resource_id);
  std::optional<ReleaseThing> found;
  if (select.Next()) found = ReleaseThing{kind, select.Text(0), select.Text(1)};
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<bool> ReleaseLogStore::IsOfBefore(const std::string& project,
                                                 const ReleaseThing& thing) {
  sql::Statement select = connection_.Prepare(R"sql(
      SELECT sequence, kind, agent, resource_id, of_before, content_hash, previous_hash, entry_hash,
             create_time_us, created_by
      FROM release_log WHERE project = ? AND kind = ? AND agent = ? AND resource_id = ?)sql");
  select.Bind(project, static_cast<int64_t>(thing.kind), thing.agent, thing.resource_id);
  std::optional<ReleaseLogEntry> entry;
  if (select.Next()) entry = ReadEntry(select);
  RETURN_IF_ERROR(select.status());
  return entry && entry->of_before && EntryHash(project, *entry) == entry->entry_hash;
}

absl::StatusOr<std::vector<StoredLogEntry>> ReleaseLogStore::List(const std::string& project,
                                                                  const sql::ListRange& range,
                                                                  int64_t limit) {
  sql::Statement select = sql::PrepareList(connection_, kSelectEntry, project, range, limit);
  std::vector<StoredLogEntry> entries;
  while (select.Next()) entries.push_back({ReadEntry(select), select.Int64(0)});
  RETURN_IF_ERROR(select.status());
  return entries;
}

}  // namespace flywheel::evalgate
