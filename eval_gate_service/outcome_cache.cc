#include "eval_gate_service/outcome_cache.h"

#include <iterator>
#include <utility>

#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// No id has a line break.
std::string SuiteKey(const std::string& project, const std::string& suite_id) {
  return project + '\n' + suite_id + '\n';
}

}  // namespace

int64_t OutcomeCache::erasures() const {
  absl::MutexLock lock(&mutex_);
  return erasures_;
}

absl::StatusOr<std::shared_ptr<const RunOutcomes>> OutcomeCache::Find(
    sql::Connection& connection, const std::string& project, const Suite& suite, const Run& run,
    int64_t erasures, const Deadline& deadline) {
  const std::string suite_key = SuiteKey(project, suite.suite_id);
  const std::string run_key = suite_key + run.run_id;
  std::shared_ptr<const SuiteOutline> outline;
  {
    absl::MutexLock lock(&mutex_);
    const Entry* const held = Use(run_key, suite.erased_cases);
    const Entry* const of_suite = Use(suite_key, suite.erased_cases);
    if (held != nullptr) return held->outcomes;
    if (of_suite != nullptr) outline = of_suite->outline;
  }
  if (outline == nullptr) {
    ASSIGN_OR_RETURN(outline, ReadOutline(connection, project, suite, deadline));
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const RunOutcomes> outcomes,
                   ReadOutcomes(connection, project, run, outline, deadline));
  absl::MutexLock lock(&mutex_);
  if (erasures != erasures_) return outcomes;
  // Of two that read a suite at once the first one's is kept, and what points into it.
  const Entry* const of_suite = Use(suite_key, suite.erased_cases);
  if (of_suite != nullptr && of_suite->outline != outline) return outcomes;
  Put({run_key, outline, outcomes, outcomes->bytes()});
  const size_t outline_bytes = outline->bytes();
  Put({suite_key, std::move(outline), nullptr, outline_bytes});
  return outcomes;
}

void OutcomeCache::Forget(const std::string& project, const std::string& suite_id) {
  const std::string suite_key = SuiteKey(project, suite_id);
  absl::MutexLock lock(&mutex_);
  ++erasures_;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    const auto next = std::next(entry);
    if (entry->key.starts_with(suite_key)) Remove(entry);
    entry = next;
  }
}

const OutcomeCache::Entry* OutcomeCache::Use(const std::string& key, int64_t erased_cases) {
  const auto found = places_.find(key);
  if (found == places_.end()) return nullptr;
  const Entries::iterator entry = found->second;
  if (entry->outline->erased_cases != erased_cases) return nullptr;
  entries_.splice(entries_.begin(), entries_, entry);
  return &*entry;
}

void OutcomeCache::Put(Entry entry) {
  if (const auto found = places_.find(entry.key); found != places_.end()) Remove(found->second);
  bytes_ += entry.bytes;
  entries_.push_front(std::move(entry));
  places_[std::string_view(entries_.front().key)] = entries_.begin();
  while (bytes_ > most_bytes_) Remove(std::prev(entries_.end()));
}

void OutcomeCache::Remove(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  places_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace flywheel::evalgate
