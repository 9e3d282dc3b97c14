#include "shared/audit/audit_store.h"

#include <limits>
#include <utility>

#include "shared/sql/text.h"
#include "shared/status/status_macros.h"
#include "shared/time/clock.h"

namespace flywheel::audit {
namespace {

constexpr sql::Text kSelectEvent(R"sql(
    SELECT sequence, event_time_us, project, key_id, method, resource_kind, resource_id, detail,
           reason, request_id
    FROM audit_events )sql");

constexpr sql::Text kFilter(R"sql(event_time_us >= ? AND event_time_us < ?
      AND (? = '' OR key_id = ?) AND (? = '' OR method = ?) AND (? = '' OR resource_id = ?)
    )sql");
constexpr auto kDown = kFilter + "AND sequence < ? ORDER BY sequence DESC LIMIT ?";
constexpr auto kUp = kFilter + "AND sequence > ? ORDER BY sequence LIMIT ?";
constexpr auto kOfProject = kSelectEvent + "WHERE project = ? AND ";
constexpr auto kOfAll = kSelectEvent + "WHERE ";

AuditEvent ReadRow(const sql::Statement& row) {
  return {.time = row.Time(1),
          .actor = {.project = row.Text(2),
                    .key_id = row.Text(3),
                    .method = row.Text(4),
                    .request_id = row.Text(9)},
          .resource = {row.Text(5), row.Text(6), row.Text(7)},
          .reason = static_cast<Reason>(row.Int64(8)),
          .sequence = row.Int64(0)};
}

}  // namespace

absl::Status AuditStore::Append(const AuditEvent& event) {
  return connection_
      .Prepare(R"sql(
          INSERT INTO audit_events (event_time_us, project, key_id, method, resource_kind,
                                    resource_id, detail, reason, request_id)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?))sql")
      .Bind(event.time, event.actor.project, event.actor.key_id, event.actor.method,
            event.resource.kind, event.resource.id, event.resource.detail,
            static_cast<int>(event.reason), event.actor.request_id)
      .Run();
}

absl::StatusOr<std::vector<AuditEvent>> AuditStore::List(const AuditFilter& filter, int64_t limit) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  const bool from_newest = !filter.oldest_first && filter.beyond_sequence == 0;
  const int64_t beyond = from_newest ? kMost : filter.beyond_sequence;
  // What is infinite has no number of microseconds.
  const int64_t start =
      filter.start_time == absl::InfinitePast() ? -kMost : ToMicros(filter.start_time);
  const int64_t end = filter.end_time == absl::InfiniteFuture() ? kMost : ToMicros(filter.end_time);
  const auto prepare = [&](const auto& head) {
    return filter.oldest_first ? connection_.Prepare(head + kUp)
                               : connection_.Prepare(head + kDown);
  };
  sql::Statement select = filter.project.empty() ? prepare(kOfAll) : prepare(kOfProject);
  if (filter.project.empty()) {
    select.Bind(start, end, filter.key_id, filter.key_id, filter.method, filter.method,
                filter.resource_id, filter.resource_id, beyond, limit);
  } else {
    select.Bind(filter.project, start, end, filter.key_id, filter.key_id, filter.method,
                filter.method, filter.resource_id, filter.resource_id, beyond, limit);
  }
  std::vector<AuditEvent> events;
  while (select.Next()) events.push_back(ReadRow(select));
  RETURN_IF_ERROR(select.status());
  return events;
}

absl::StatusOr<bool> AuditStore::HasOlder(absl::Time time) {
  sql::Statement select =
      connection_.Prepare("SELECT 1 FROM audit_events WHERE event_time_us < ? LIMIT 1");
  select.Bind(time);
  const bool found = select.Next();
  RETURN_IF_ERROR(select.status());
  return found;
}

absl::StatusOr<int64_t> AuditStore::RemoveOlder(absl::Time time, int64_t limit) {
  RETURN_IF_ERROR(connection_
                      .Prepare(R"sql(
          DELETE FROM audit_events WHERE sequence IN (
            SELECT sequence FROM audit_events WHERE event_time_us < ?
            ORDER BY event_time_us LIMIT ?))sql")
                      .Bind(time, limit)
                      .Run());
  return connection_.ChangedRows();
}

absl::Status Record(sql::Connection& connection, const rpc::Actor& actor, Resource resource,
                    absl::Time now) {
  return AuditStore(connection)
      .Append({.time = now, .actor = actor, .resource = std::move(resource)});
}

}  // namespace flywheel::audit
