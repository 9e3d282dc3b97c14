// SQL store of the audit log: appends, lists and ages the rows of audit_events.
#ifndef FLYWHEEL_SHARED_AUDIT_AUDIT_STORE_H_
#define FLYWHEEL_SHARED_AUDIT_AUDIT_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "shared/rpc/actor.h"
#include "shared/sql/connection.h"
#include "shared/status/reason.h"

namespace flywheel::audit {

// What something is done to. Names no person whose records are kept.
struct Resource {
  // A noun, such as "suite".
  std::string kind = {};
  std::string id = {};
  // For people, such as the version that was promoted.
  std::string detail = {};
};

// Something that was done, or refused.
struct AuditEvent {
  absl::Time time;
  rpc::Actor actor;
  Resource resource = {};
  // kUnspecified where it was done.
  Reason reason = Reason::kUnspecified;
  // Numbers the events of a store; not looked at by Append.
  int64_t sequence = 0;
};

// Which events to list.
struct AuditFilter {
  // Empty, as the three below: all.
  std::string project = {};
  std::string key_id = {};
  std::string method = {};
  std::string resource_id = {};
  absl::Time start_time = absl::InfinitePast();
  absl::Time end_time = absl::InfiniteFuture();
  bool oldest_first = false;
  // Beyond this event, in the direction of the list; 0: from its beginning.
  int64_t beyond_sequence = 0;
};

// The SQL of audit_events, in the caller's transaction.
class AuditStore {
 public:
  explicit AuditStore(sql::Connection& connection) : connection_(connection) {}

  absl::Status Append(const AuditEvent& event);

  // At most `limit`, in the order of the filter. Goes along the project's events, or along all.
  absl::StatusOr<std::vector<AuditEvent>> List(const AuditFilter& filter, int64_t limit);

  // Whether there is an event from before `time`.
  absl::StatusOr<bool> HasOlder(absl::Time time);
  // Removes up to `limit` events from before `time`; returns how many there were.
  absl::StatusOr<int64_t> RemoveOlder(absl::Time time, int64_t limit);

 private:
  sql::Connection& connection_;
};

// What `actor` does, written in the transaction that does it.
absl::Status Record(sql::Connection& connection, const rpc::Actor& actor, Resource resource,
                    absl::Time now);

}  // namespace flywheel::audit

#endif  // FLYWHEEL_SHARED_AUDIT_AUDIT_STORE_H_
