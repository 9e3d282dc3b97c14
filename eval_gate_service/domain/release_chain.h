// Check of a release log: whether every entry follows the one before it and its thing is unchanged.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_CHAIN_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_CHAIN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "eval_gate_service/domain/release_log.h"

namespace flywheel::evalgate {

// The numbers are those of the wire.
enum class LogBreakKind {
  kEntryMissing = 1,
  kLinkBroken = 2,
  kEntryChanged = 3,
  kEntryMisplaced = 4,
  kThingMissing = 5,
  kContentChanged = 6,
  kThingWithoutEntry = 7,
  kHeadMissing = 8,
  kCasesChanged = 9,
  kOutputsChanged = 10,
};

// What is wrong first.
struct LogBreak {
  LogBreakKind kind = LogBreakKind::kEntryMissing;
  // 0 where it is about no entry.
  int64_t sequence = 0;
  // Not set where nobody knows.
  std::optional<ReleaseThing> thing = {};
  // For people.
  std::string message = {};
};

// What became of cases or of outputs that entries vouch for.
struct ItemCounts {
  // They are what they were.
  int64_t checked = 0;
  // They left with people.
  int64_t erased = 0;
  // They are older than what vouches for them.
  int64_t unchecked = 0;
};

// What a log comes to.
struct ReleaseLogState {
  // Before the first broken one.
  int64_t whole_entries = 0;
  // Of the last of these; empty where there is none.
  std::string head_hash = {};
  int64_t entries_of_before = 0;
  // The time of the first entry.
  std::optional<absl::Time> vouches_from = {};
  // 0 where none has it.
  int64_t expected_head_sequence = 0;
  // Of suites, and of finished runs.
  ItemCounts cases = {};
  ItemCounts outputs = {};
  // Nothing where the log is whole.
  std::optional<LogBreak> first_break = {};
};

// Takes the entries of a project's log in their order, each with the hash of what is stored of its
// thing, until one does not hold. Not thread-safe.
class ReleaseChain {
 public:
  // `expected_head` is an entry_hash; empty: none is asked for.
  ReleaseChain(std::string project, std::string expected_head)
      : project_(std::move(project)), expected_head_(std::move(expected_head)) {}

  // `content_hash` is nothing where the thing is gone. False where the chain is broken: no further
  // entry is taken.
  bool Take(const ReleaseLogEntry& entry, const std::optional<std::string>& content_hash);

  // Takes back the last entry, which held: what it vouches for has changed further down.
  void Refute(const ReleaseLogEntry& last, LogBreakKind kind, std::string message);

  // Counts what the last entry vouches for.
  void CountCases(const ItemCounts& counts);
  void CountOutputs(const ItemCounts& counts);

  // After the last entry: something that has none, where there is such a thing.
  ReleaseLogState Finish(const std::optional<ReleaseThing>& without_entry);

  const ReleaseLogState& state() const { return state_; }

 private:
  void Break(LogBreakKind kind, const ReleaseLogEntry& entry, std::string message);

  const std::string project_;
  const std::string expected_head_;
  ReleaseLogState state_;
  // A run was taken that is not of before.
  bool has_new_run_ = false;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_RELEASE_CHAIN_H_
