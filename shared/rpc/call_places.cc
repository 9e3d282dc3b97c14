#include "shared/rpc/call_places.h"

#include <fmt/format.h>

#include "shared/status/errors.h"

namespace flywheel::rpc {

absl::StatusOr<CallPlaces::Place> CallPlaces::Take(const Actor& actor) {
  absl::MutexLock lock(&mutex_);
  const auto project = projects_.find(actor.project);
  const bool is_first = project == projects_.end();
  const Holding held = is_first ? Holding() : project->second;
  const auto key = held.keys.find(actor.key_id);
  const int64_t of_key = key == held.keys.end() ? 0 : key->second;
  // What is left once the call has its place.
  int64_t left = limit_ - taken_ - kept_ - 1;
  int64_t want = limit_ / 2;
  if (is_first) {
    want = 1;
  } else if (of_key == 0) {
    // What is kept is kept for this.
    left += held.kept();
    want = held.kept() == 1 ? 0 : limit_ / 4;
  }
  if (left < want) {
    return errors::Busy(
        fmt::format("{} for one {}, of {} places with {} taken and {} kept for others", method_,
                    of_key > 0 && !actor.key_id.empty() ? "key" : "project", limit_, taken_, kept_),
        of_key > 0 ? of_key : held.places);
  }
  Holding& mine = projects_[actor.project];
  kept_ -= mine.kept();
  ++taken_;
  ++mine.places;
  ++mine.keys[actor.key_id];
  kept_ += mine.kept();
  return Place(this, actor.project, actor.key_id);
}

void CallPlaces::Return(const std::string& project, const std::string& key_id) {
  absl::MutexLock lock(&mutex_);
  const auto found = projects_.find(project);
  Holding& holding = found->second;
  kept_ -= holding.kept();
  --taken_;
  --holding.places;
  const auto key = holding.keys.find(key_id);
  if (--key->second == 0) holding.keys.erase(key);
  kept_ += holding.kept();
  if (holding.keys.empty()) projects_.erase(found);
}

}  // namespace flywheel::rpc
