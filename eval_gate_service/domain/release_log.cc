#include "eval_gate_service/domain/release_log.h"

#include <fmt/format.h>

#include "shared/hashing/content_hash.h"

namespace flywheel::evalgate {

std::string NameOf(const ReleaseThing& thing) {
  switch (thing.kind) {
    case ReleaseKind::kReleasePolicy:
      return fmt::format("release policy {} of agent '{}'", thing.resource_id, thing.agent);
    case ReleaseKind::kBaselineApproval:
      return fmt::format("baseline approval '{}'", thing.resource_id);
    case ReleaseKind::kSuite:
      return fmt::format("suite '{}'", thing.resource_id);
    case ReleaseKind::kVerdict:
      return fmt::format("verdict '{}'", thing.resource_id);
    case ReleaseKind::kVerdictWaiver:
      return fmt::format("verdict waiver '{}'", thing.resource_id);
    case ReleaseKind::kRun:
      return fmt::format("run '{}'", thing.resource_id);
  }
  return fmt::format("'{}', which is of no kind that is known", thing.resource_id);
}

std::string EntryHash(const std::string& project, const ReleaseLogEntry& entry) {
  ContentHash hash;
  // The version of what follows.
  hash.Add("flywheel release log 1").Add(project).Add(entry.sequence);
  hash.Add(static_cast<int64_t>(entry.thing.kind)).Add(entry.thing.agent);
  hash.Add(entry.thing.resource_id).Add(int64_t{entry.of_before});
  hash.Add(entry.content_hash).Add(entry.previous_hash);
  hash.Add(absl::ToUnixMicros(entry.create_time)).Add(entry.created_by);
  return hash.Bytes();
}

}  // namespace flywheel::evalgate
