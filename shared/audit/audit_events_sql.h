// Schema migration of the audit log, the same in every store.
#ifndef FLYWHEEL_SHARED_AUDIT_AUDIT_EVENTS_SQL_H_
#define FLYWHEEL_SHARED_AUDIT_AUDIT_EVENTS_SQL_H_

namespace flywheel::audit {

// A step of every store's migrations, and so never changed.
inline constexpr char kAuditEventsSql[] = R"sql(
CREATE TABLE audit_events (
  -- One row a decision or refusal, append-only until it is too old. Names no person.
  sequence INTEGER NOT NULL PRIMARY KEY,  -- in the order of their commits
  event_time_us INTEGER NOT NULL,
  project TEXT NOT NULL,
  key_id TEXT NOT NULL,           -- empty where the service had no keys
  method TEXT NOT NULL,
  resource_kind TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  reason INTEGER NOT NULL,        -- why it was refused (shared/status/reason.h); 0: done
  request_id TEXT NOT NULL
) STRICT;

CREATE INDEX audit_events_by_project
  -- Lists of a project, the newest first.
  ON audit_events (project, sequence);

CREATE INDEX audit_events_by_time
  -- What is too old.
  ON audit_events (event_time_us);
)sql";

}  // namespace flywheel::audit

#endif  // FLYWHEEL_SHARED_AUDIT_AUDIT_EVENTS_SQL_H_
