// The chain of the release log: what holds, and what is found first.
#include "eval_gate_service/domain/release_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "shared/hashing/sha256.h"

namespace flywheel::evalgate {
namespace {

using ::testing::HasSubstr;

// Three waivers, of which the first is of before.
std::vector<ReleaseLogEntry> Log() {
  std::vector<ReleaseLogEntry> log;
  for (int64_t sequence = 1; sequence <= 3; ++sequence) {
    ReleaseLogEntry entry;
    entry.sequence = sequence;
    entry.thing = {ReleaseKind::kVerdictWaiver, "helper", "w" + std::to_string(sequence)};
    entry.of_before = sequence == 1;
    entry.content_hash = Sha256(entry.thing.resource_id);
    if (!log.empty()) entry.previous_hash = log.back().entry_hash;
    entry.create_time = absl::FromUnixSeconds(100 * sequence);
    entry.created_by = "owner";
    entry.entry_hash = EntryHash("default", entry);
    log.push_back(entry);
  }
  return log;
}

ReleaseLogState StateOf(const std::vector<ReleaseLogEntry>& log, const std::string& head = "") {
  ReleaseChain chain("default", head);
  for (const ReleaseLogEntry& entry : log) {
    if (!chain.Take(entry, Sha256(entry.thing.resource_id))) break;
  }
  return chain.Finish(std::nullopt);
}

TEST(ReleaseChain, HoldsAsItWasWritten) {
  const std::vector<ReleaseLogEntry> log = Log();
  const ReleaseLogState state = StateOf(log, log[1].entry_hash);
  EXPECT_FALSE(state.first_break.has_value());
  EXPECT_EQ(state.whole_entries, 3);
  EXPECT_EQ(state.entries_of_before, 1);
  EXPECT_EQ(state.head_hash, log[2].entry_hash);
  EXPECT_EQ(state.expected_head_sequence, 2);
  EXPECT_EQ(state.vouches_from, absl::FromUnixSeconds(100));
}

// Stored: a hash of today has to be that of next year.
TEST(ReleaseChain, HashesAnEntryAsEver) {
  EXPECT_EQ(ToHex(EntryHash("default", Log()[0])),
            "3e257441a516952b99961803981e473061fbef12a44332e7cbef1dd8825d4a8e");
}

TEST(ReleaseChain, FindsEveryFieldThatWasChanged) {
  const std::vector<std::function<void(ReleaseLogEntry&)>> changes = {
      [](ReleaseLogEntry& e) { e.thing.kind = ReleaseKind::kVerdict; },
      [](ReleaseLogEntry& e) { e.thing.agent = "other"; },
      [](ReleaseLogEntry& e) { e.thing.resource_id = "w9"; },
      [](ReleaseLogEntry& e) { e.of_before = true; },
      [](ReleaseLogEntry& e) { e.content_hash = Sha256("w9"); },
      [](ReleaseLogEntry& e) { e.entry_hash = Sha256("e"); },
      [](ReleaseLogEntry& e) { e.create_time += absl::Microseconds(1); },
      [](ReleaseLogEntry& e) { e.created_by = ""; },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    std::vector<ReleaseLogEntry> log = Log();
    changes[i](log[1]);
    const ReleaseLogState state = StateOf(log);
    ASSERT_TRUE(state.first_break.has_value()) << i;
    EXPECT_EQ(state.first_break->kind, LogBreakKind::kEntryChanged) << i;
    EXPECT_EQ(state.first_break->sequence, 2) << i;
    EXPECT_EQ(state.whole_entries, 1) << i;
  }
}

TEST(ReleaseChain, FindsAHashThatWasTakenAway) {
  std::vector<ReleaseLogEntry> log = Log();
  for (ReleaseLogEntry& entry : log) {
    entry.of_before = true;
    entry.entry_hash = "";
  }
  const ReleaseLogState state = StateOf(log);
  ASSERT_TRUE(state.first_break.has_value());
  EXPECT_EQ(state.first_break->kind, LogBreakKind::kEntryChanged);
  EXPECT_EQ(state.first_break->sequence, 1);
  EXPECT_THAT(state.first_break->message, HasSubstr("entry 1, about verdict waiver 'w1', has no "));
}

TEST(ReleaseChain, IsThatOfItsProject) {
  ReleaseChain chain("shop", "");
  EXPECT_FALSE(chain.Take(Log()[0], Sha256("w1")));
  EXPECT_EQ(chain.state().first_break->kind, LogBreakKind::kEntryChanged);
}

TEST(ReleaseChain, TakesNothingOfBeforeAfterWhatIsNot) {
  std::vector<ReleaseLogEntry> log = Log();
  log[2].of_before = true;
  log[2].entry_hash = EntryHash("default", log[2]);
  const ReleaseLogState state = StateOf(log);
  ASSERT_TRUE(state.first_break.has_value());
  EXPECT_EQ(state.first_break->kind, LogBreakKind::kEntryMisplaced);
}

// They came into the log later than the others.
TEST(ReleaseChain, TakesRunsOfBeforeAfterWhatIsNotButAfterNoOtherRun) {
  std::vector<ReleaseLogEntry> log = Log();
  const auto append = [&](const std::string& run_id, bool of_before) {
    ReleaseLogEntry entry = log.back();
    ++entry.sequence;
    entry.thing = {ReleaseKind::kRun, "helper", run_id};
    entry.of_before = of_before;
    entry.content_hash = Sha256(run_id);
    entry.previous_hash = log.back().entry_hash;
    entry.entry_hash = EntryHash("default", entry);
    log.push_back(entry);
  };
  append("r1", true);
  append("r2", true);
  append("r3", false);
  EXPECT_FALSE(StateOf(log).first_break.has_value());
  EXPECT_EQ(StateOf(log).entries_of_before, 3);
  append("r4", true);
  const ReleaseLogState state = StateOf(log);
  ASSERT_TRUE(state.first_break.has_value());
  EXPECT_EQ(state.first_break->kind, LogBreakKind::kEntryMisplaced);
  EXPECT_EQ(state.first_break->sequence, 7);
}

TEST(ReleaseChain, TakesTheLastEntryBackWhereWhatStandsBehindItHasChanged) {
  const std::vector<ReleaseLogEntry> log = Log();
  ReleaseChain chain("default", log[1].entry_hash);
  ASSERT_TRUE(chain.Take(log[0], Sha256("w1")));
  ASSERT_TRUE(chain.Take(log[1], Sha256("w2")));
  chain.Refute(log[1], LogBreakKind::kOutputsChanged, "run 'r1': an outcome");
  EXPECT_FALSE(chain.Take(log[2], Sha256("w3")));
  const ReleaseLogState state = chain.Finish(std::nullopt);
  EXPECT_EQ(state.whole_entries, 1);
  EXPECT_EQ(state.head_hash, log[0].entry_hash);
  EXPECT_EQ(state.expected_head_sequence, 0);
  ASSERT_TRUE(state.first_break.has_value());
  EXPECT_EQ(state.first_break->kind, LogBreakKind::kOutputsChanged);
  EXPECT_EQ(state.first_break->sequence, 2);
}

TEST(ReleaseChain, TellsWhatIsGoneFromWhatWasChanged) {
  ReleaseChain gone("default", "");
  EXPECT_FALSE(gone.Take(Log()[0], std::nullopt));
  EXPECT_EQ(gone.state().first_break->kind, LogBreakKind::kThingMissing);
  ReleaseChain changed("default", "");
  EXPECT_FALSE(changed.Take(Log()[0], Sha256("another")));
  EXPECT_EQ(changed.state().first_break->kind, LogBreakKind::kContentChanged);
  EXPECT_FALSE(changed.Take(Log()[1], Sha256("w2"))) << "nothing follows what is broken";
}

TEST(ReleaseChain, NamesEachKindOfThing) {
  EXPECT_EQ(NameOf({ReleaseKind::kReleasePolicy, "a", "2"}), "release policy 2 of agent 'a'");
  EXPECT_EQ(NameOf({ReleaseKind::kBaselineApproval, "a", "b"}), "baseline approval 'b'");
  EXPECT_EQ(NameOf({ReleaseKind::kSuite, "a", "s"}), "suite 's'");
  EXPECT_EQ(NameOf({ReleaseKind::kVerdict, "a", "v"}), "verdict 'v'");
  EXPECT_EQ(NameOf({ReleaseKind::kVerdictWaiver, "a", "w"}), "verdict waiver 'w'");
  EXPECT_EQ(NameOf({ReleaseKind::kRun, "a", "r"}), "run 'r'");
  EXPECT_THAT(NameOf({static_cast<ReleaseKind>(77), "a", "x"}), HasSubstr("no kind"));
}

}  // namespace
}  // namespace flywheel::evalgate
