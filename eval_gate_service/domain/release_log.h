// Values of the release log: a chain of hashes over everything that decides what may ship.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_LOG_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_LOG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "shared/lists/list_filter.h"

namespace flywheel::evalgate {

// The numbers are stored, hashed, and those of the wire.
enum class ReleaseKind {
  kReleasePolicy = 1,
  kBaselineApproval = 2,
  kSuite = 3,
  kVerdict = 4,
  kVerdictWaiver = 5,
  kRun = 6,
};

// What an entry is about.
struct ReleaseThing {
  ReleaseKind kind = ReleaseKind::kVerdict;
  // The thing's; empty where it has none.
  std::string agent;
  // Its id; of a policy its policy_version.
  std::string resource_id;
};

// Such as "verdict 'v1'" or "release policy 2 of agent 'router'".
std::string NameOf(const ReleaseThing& thing);

// One entry of a project's log.
struct ReleaseLogEntry {
  // Counts a project's from 1, without a gap.
  int64_t sequence = 0;
  ReleaseThing thing;
  // The thing was made before there was a log.
  bool of_before = false;
  // Over all that is stored of the thing.
  std::string content_hash = {};
  // The entry_hash of the one before; empty for the first.
  std::string previous_hash = {};
  // See EntryHash.
  std::string entry_hash = {};
  absl::Time create_time = {};
  // The id of the key that made the thing; empty where the server had none.
  std::string created_by = {};
};

// SHA-256 in 32 bytes over the project and every field of the entry but this one. Stored: what goes
// into it, and in which order, never changes.
std::string EntryHash(const std::string& project, const ReleaseLogEntry& entry);

// Which entries to list.
struct ReleaseLogFilter {
  ListFilter list;
  // Empty: of whatever kind.
  std::optional<ReleaseKind> kind;

  bool Matches(const ReleaseLogEntry& entry) const {
    return list.Matches(entry.create_time, {}) && (!kind || entry.thing.kind == *kind);
  }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_LOG_H_
