#include "eval_gate_service/domain/release_chain.h"

#include <fmt/format.h>

#include <utility>

#include "shared/hashing/sha256.h"

namespace flywheel::evalgate {
namespace {

void Add(const ItemCounts& counts, ItemCounts& sum) {
  sum.checked += counts.checked;
  sum.erased += counts.erased;
  sum.unchecked += counts.unchecked;
}

}  // namespace

bool ReleaseChain::Take(const ReleaseLogEntry& entry,
                        const std::optional<std::string>& content_hash) {
  if (state_.first_break) return false;
  const std::string name = NameOf(entry.thing);
  const int64_t next = state_.whole_entries + 1;
  // Runs are in the log since later than the others: those of before stand before all other runs.
  const bool is_run = entry.thing.kind == ReleaseKind::kRun;
  const bool is_late = is_run ? has_new_run_ : state_.whole_entries > state_.entries_of_before;
  // Step 1: the chain.
  if (entry.sequence != next) {
    state_.first_break = {
        LogBreakKind::kEntryMissing, next, std::nullopt,
        fmt::format("entry {} is missing: the next one that is there is {}", next, entry.sequence)};
    return false;
  }
  if (entry.entry_hash.empty()) {
    Break(
        LogBreakKind::kEntryChanged, entry,
        fmt::format("entry {}, about {}, has no hash: it was put in by hand, or its hash was taken "
                    "away",
                    entry.sequence, name));
  } else if (entry.previous_hash != state_.head_hash) {
    Break(LogBreakKind::kLinkBroken, entry,
          fmt::format("entry {}, about {}, does not follow the one before it: it names {}, which "
                      "has {}",
                      entry.sequence, name, ToHex(entry.previous_hash), ToHex(state_.head_hash)));
  } else if (EntryHash(project_, entry) != entry.entry_hash) {
    Break(LogBreakKind::kEntryChanged, entry,
          fmt::format("entry {}, about {}, was changed: its fields have another hash than the one "
                      "that it was written with",
                      entry.sequence, name));
  } else if (entry.of_before && is_late) {
    Break(LogBreakKind::kEntryMisplaced, entry,
          fmt::format("entry {}, about {}, says that it is of before there was a log, after one "
                      "that is not",
                      entry.sequence, name));
    // Step 2: what it vouches for.
  } else if (!content_hash) {
    Break(LogBreakKind::kThingMissing, entry,
          fmt::format("{}, which entry {} is about, is gone from the store", name, entry.sequence));
  } else if (*content_hash != entry.content_hash) {
    Break(LogBreakKind::kContentChanged, entry,
          fmt::format("{} is not what entry {} was written for: something of it was changed in the "
                      "store",
                      name, entry.sequence));
  }
  if (state_.first_break) return false;
  // Step 3: it holds.
  state_.whole_entries = entry.sequence;
  state_.head_hash = entry.entry_hash;
  if (entry.of_before) ++state_.entries_of_before;
  has_new_run_ |= is_run && !entry.of_before;
  if (!state_.vouches_from) state_.vouches_from = entry.create_time;
  if (!expected_head_.empty() && entry.entry_hash == expected_head_) {
    state_.expected_head_sequence = entry.sequence;
  }
  return true;
}

void ReleaseChain::Refute(const ReleaseLogEntry& last, LogBreakKind kind, std::string message) {
  state_.whole_entries = last.sequence - 1;
  state_.head_hash = last.previous_hash;
  if (last.of_before) --state_.entries_of_before;
  if (last.sequence == 1) state_.vouches_from.reset();
  if (state_.expected_head_sequence == last.sequence) state_.expected_head_sequence = 0;
  Break(kind, last, std::move(message));
}

void ReleaseChain::CountCases(const ItemCounts& counts) { Add(counts, state_.cases); }

void ReleaseChain::CountOutputs(const ItemCounts& counts) { Add(counts, state_.outputs); }

ReleaseLogState ReleaseChain::Finish(const std::optional<ReleaseThing>& without_entry) {
  if (state_.first_break) return state_;
  if (without_entry) {
    state_.first_break = {
        LogBreakKind::kThingWithoutEntry, 0, without_entry,
        fmt::format("{} has no entry: it was put into the store by hand, or the end of the log, "
                    "after entry {}, was cut off",
                    NameOf(*without_entry), state_.whole_entries)};
  } else if (!expected_head_.empty() && state_.expected_head_sequence == 0) {
    state_.first_break = {
        LogBreakKind::kHeadMissing, 0, std::nullopt,
        fmt::format("none of the {} entries has the expected head {}: the log was written anew, or "
                    "cut off before it",
                    state_.whole_entries, ToHex(expected_head_))};
  }
  return state_;
}

void ReleaseChain::Break(LogBreakKind kind, const ReleaseLogEntry& entry, std::string message) {
  state_.first_break = {kind, entry.sequence, entry.thing, std::move(message)};
}

}  // namespace flywheel::evalgate
