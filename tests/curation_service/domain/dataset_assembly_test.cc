#include "curation_service/domain/dataset_assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "curation_service/domain/draft_row.h"
#include "curation_service/domain/row_size.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"
#include "tests/curation_service/domain/candidates.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<DraftRow> Deduplicated(const std::vector<Candidate>& candidates, Removals& removals) {
  return WithoutDuplicates(DraftRows(candidates, "", removals), removals);
}

TEST(Duplicates, LeaveTheIdealWithTheHighestWeight) {
  Removals removals;
  const auto kept =
      Deduplicated({Said("a", "Hello  there", "one", 0.4),  // Silver, 1.
                    Said("b", "hello there", "two", 0.7),   // Gold, 2.
                    Said("c", "hello there ", "Two", 0.4),  // Silver, 1: agrees with b.
                    Said("d", "HELLO THERE", "one", 0.4)},  // 1: agrees with a.
                   removals);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].row.interaction_id, "b");
  EXPECT_EQ(removals[RemovalReason::kExactDuplicate], 2);
  EXPECT_EQ(removals[RemovalReason::kOutvoted], 1);
}

TEST(Duplicates, LeaveEveryIdealThatNoneOutweighsAndOneOnTheEvalSide) {
  Removals removals;
  std::vector<DraftRow> drafts =
      DraftRows({Said("a", "x", "one", 0.4), Said("b", "x", "two", 0.4)}, "", removals);
  EXPECT_EQ(WithoutDuplicates(drafts, removals).size(), 2u);
  EXPECT_TRUE(removals.empty());
  for (DraftRow& draft : drafts) draft.row.split = Split::kEval;
  const auto kept = WithoutDuplicates(drafts, removals);
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].row.interaction_id, "a");
  EXPECT_EQ(removals[RemovalReason::kOutvoted], 1);
}

TEST(Duplicates, NeverLetRejectedRowsWinOverAnApprovedOne) {
  std::vector<Candidate> candidates;
  for (int i = 0; i < 20; ++i) candidates.push_back(Said(std::to_string(i), "x", "bad", -0.5));
  candidates.push_back(Said("doubted", "x", "good", -0.5));
  candidates.push_back(Said("good", "x", "good", 0.4));
  Removals removals;
  const auto kept = Deduplicated(candidates, removals);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].row.interaction_id, "0") << "what not to do";
  EXPECT_EQ(kept[1].row.interaction_id, "good");
}

TEST(Duplicates, AreOfTheWholePromptAndTheWholeIdeal) {
  Candidate other_history = LookedUp("b", 0.9);
  other_history.interaction.history = {TextMessage(Role::kSystem, "Guess.")};
  Candidate other_call = LookedUp("c", 0.9);
  other_call.interaction.messages[1] = Calls("1", "find");
  Candidate other_ids = LookedUp("d", 0.9);
  other_ids.interaction.messages[1] = Calls("call_77", "look_up");
  other_ids.interaction.messages[2] = Gives("call_77", "Found");
  Removals removals;
  const auto kept =
      Deduplicated({LookedUp("a", 0.4), other_history, other_call, other_ids}, removals);
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[0].row.interaction_id, "a");  // 1 and, with other ids, 5: more than c has.
  EXPECT_EQ(kept[1].row.interaction_id, "b");
  EXPECT_EQ(removals[RemovalReason::kExactDuplicate], 1);
  EXPECT_EQ(removals[RemovalReason::kOutvoted], 1);
}

TEST(Assembly, IsTheSameForTheSameRecord) {
  std::vector<Candidate> candidates;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    candidates.push_back(
        Said(n, "question " + std::to_string(i % 200), "answer " + n, (i % 21) * 0.1 - 1.0));
  }
  DatasetOptions options;
  options.agent = "agent";
  const DatasetAssembly first = *AssembleDataset({candidates}, {}, options, Deadline());
  const FirewallKeys known(first.new_keys.begin(), first.new_keys.end());
  const DatasetAssembly again = *AssembleDataset({candidates}, {known}, options, Deadline());
  EXPECT_EQ(first.version.content_hash, again.version.content_hash);
  EXPECT_GT(first.version.train_rows, 0);
  EXPECT_GT(first.version.eval_rows, 0);
  EXPECT_THAT(again.new_keys, IsEmpty());
}

TEST(Assembly, LeavesOutWhatTouchesBothSidesAndKeepsAnEqualInputThatDoesNot) {
  // "asked" was on the eval side; "bridge" asks the same within a session that was trained on, and
  // has more weight.
  Candidate trained = Said("trained", "one", "a", 0.4);
  trained.interaction.session_id = "s-train";
  Candidate bridge = Said("bridge", "two", "c", 0.9);
  bridge.interaction.session_id = "s-train";
  const Candidate asked = Said("asked", "two", "b", 0.4);
  const FirewallKeys known = {{SessionKey("s-train"), Split::kTrain},
                              {InputKey("one"), Split::kTrain},
                              {InputKey("two"), Split::kEval}};
  DatasetOptions options;
  options.skip_label_review = true;
  const DatasetAssembly assembly =
      *AssembleDataset({{trained, bridge, asked}}, {known}, options, Deadline());
  ASSERT_EQ(assembly.rows.size(), 2u);
  EXPECT_EQ(assembly.rows[0].interaction_id, "trained");
  EXPECT_EQ(assembly.rows[0].split, Split::kTrain);
  EXPECT_EQ(assembly.rows[1].interaction_id, "asked");
  EXPECT_EQ(assembly.rows[1].split, Split::kEval);
  EXPECT_THAT(assembly.version.removed_by_reason,
              ElementsAre(std::pair(RemovalReason::kTouchesBothSides, int64_t{1})));
}

TEST(Assembly, SaysOfEachRowWhyItLeft) {
  const FirewallKeys known = {{TextKey("where is my parcel number 17 of may"), Split::kEval}};
  std::vector<Candidate> candidates = {
      Said("asked", "Where is my parcel number 17 of May?", "a", 0.9),
      Said("again", "Where is my parcle number 17 of May?", "a", 0.9),
      Said("other", "Please cancel what I ordered for Monday", "b", 0.9),
      Said("twice", "please cancel what I ordered for Monday", "b", 0.9),
  };
  DatasetOptions options;
  options.eval_share = 1e-9;
  const DatasetAssembly assembly = *AssembleDataset({candidates}, {known}, options, Deadline());
  ASSERT_EQ(assembly.rows.size(), 2u);
  ASSERT_EQ(assembly.removed_rows.size(), 2u);
  EXPECT_EQ(assembly.removed_rows[0].interaction_id, "again");
  EXPECT_EQ(assembly.removed_rows[0].reason, RemovalReason::kContaminated);
  EXPECT_EQ(assembly.removed_rows[0].other_interaction_id, "asked");
  EXPECT_EQ(assembly.removed_rows[0].score, 1);
  EXPECT_EQ(assembly.removed_rows[1].interaction_id, "twice");
  EXPECT_EQ(assembly.removed_rows[1].reason, RemovalReason::kExactDuplicate);
  EXPECT_EQ(assembly.removed_rows[1].other_interaction_id, "other");
}

TEST(Assembly, StopsWhenToldTo) {
  const auto stopped =
      AssembleDataset({{Said("a", "x", "y", 1)}}, {}, {}, Deadline(absl::InfinitePast()));
  EXPECT_EQ(stopped.status(), errors::DeadlineExceeded());
}

DatasetRow HashedRow() {
  DatasetRow row;
  row.interaction_id = "i";
  row.session_id = "s";
  row.input = "ab";
  row.ideal_output = "c";
  row.prompt = {TextMessage(Role::kUser, "ab")};
  row.ideal = {Calls("1", "look_up"), Gives("1", "e"), TextMessage(Role::kAssistant, "c")};
  row.tools = {{"look_up", "f", "{}"}};
  row.contexts = {{"g", "h", 0.5, absl::Seconds(1)}};
  row.tier = Tier::kGold;
  row.score = 0.75;
  row.source = RowSource::kUserApproved;
  row.cohort = "app";
  row.reported_output = "d";
  row.model_version = "m";
  row.prompt_version = "n";
  row.labels = {{"channel", "app"}};
  row.failure_mode = "wrong_tool";
  row.signal_ids = {"s1"};
  row.provenance = Provenance::kGolden;
  return row;
}

TEST(RowsHash, ChangesWithEveryFieldAndWithTheOrderOfTheRows) {
  using Change = std::function<void(DatasetRow&)>;
  const std::vector<Change> changes = {
      [](DatasetRow&) {},
      [](DatasetRow& row) { row.interaction_id += "x"; },
      [](DatasetRow& row) { row.session_id += "x"; },
      [](DatasetRow& row) { row.split = Split::kEval; },
      [](DatasetRow& row) { row.input += "x"; },
      [](DatasetRow& row) {
        row.input = "a";
        row.ideal_output = "bc";
      },
      [](DatasetRow& row) { row.ideal_output += "x"; },
      [](DatasetRow& row) { row.prompt[0].role = Role::kSystem; },
      [](DatasetRow& row) { row.prompt[0].name = "x"; },
      [](DatasetRow& row) { row.prompt[0].message_id = "x"; },
      [](DatasetRow& row) { row.prompt[0].parts[0].incomplete = true; },
      [](DatasetRow& row) { row.prompt[0].parts[0].kind = Reasoning{"ab"}; },
      [](DatasetRow& row) {
        row.prompt[0].parts[0].kind = Media{"ab", "", "", {}, ""};
      },
      [](DatasetRow& row) {
        row.prompt[0].parts[0].kind = Media{"ab", "", "", 1, ""};
      },
      [](DatasetRow& row) { row.prompt.clear(); },
      [](DatasetRow& row) { row.ideal.pop_back(); },
      [](DatasetRow& row) { row.ideal[0] = Calls("2", "look_up"); },
      [](DatasetRow& row) { row.ideal[0] = Calls("1", "look"); },
      [](DatasetRow& row) { row.ideal[1] = Gives("1", "x"); },
      [](DatasetRow& row) { row.ideal[1] = Gives("1", "e", false); },
      [](DatasetRow& row) { row.tools[0].parameters_json_schema.clear(); },
      [](DatasetRow& row) { row.tools.clear(); },
      [](DatasetRow& row) { row.contexts[0].score.reset(); },
      [](DatasetRow& row) { row.contexts[0].age.reset(); },
      [](DatasetRow& row) { row.contexts[0].text += "x"; },
      [](DatasetRow& row) { row.prompt_version += "x"; },
      [](DatasetRow& row) { row.tier = Tier::kSilver; },
      [](DatasetRow& row) { row.score = 0.76; },
      [](DatasetRow& row) { row.source = RowSource::kStaffApproved; },
      [](DatasetRow& row) { row.cohort += "x"; },
      [](DatasetRow& row) { row.reported_output += "x"; },
      [](DatasetRow& row) { row.model_version += "x"; },
      [](DatasetRow& row) { row.labels["channel"] += "x"; },
      [](DatasetRow& row) { row.labels["plan"] = "gold"; },
      [](DatasetRow& row) { row.failure_mode += "x"; },
      [](DatasetRow& row) {
        row.signal_ids = {"s", "1"};
      },
      [](DatasetRow& row) { row.provenance = Provenance::kUser; },
  };
  std::set<std::string> hashes;
  for (const Change& change : changes) {
    DatasetRow row = HashedRow();
    change(row);
    hashes.insert(RowsHash({row}));
  }
  EXPECT_EQ(hashes.size(), changes.size());
  EXPECT_NE(RowsHash({HashedRow(), DatasetRow()}), RowsHash({DatasetRow(), HashedRow()}));
}

TEST(AssembleDataset, LeavesOutAndCountsWhatIsTooLargeToBeSent) {
  const auto assembled = [](const std::string& output) {
    Candidates candidates;
    candidates.allowed = {Said("short", "q", "a", 0.9), Said("long", "p", output, 0.9)};
    auto assembly = AssembleDataset(std::move(candidates), {}, DatasetOptions(), Deadline());
    EXPECT_OK(assembly);
    return *std::move(assembly);
  };
  // The ideal and its short form.
  EXPECT_EQ(assembled(std::string(kMaxRowBytes / 2 - 1'000, 'x')).rows.size(), 2u);
  const DatasetAssembly assembly = assembled(std::string(kMaxRowBytes / 2, 'x'));
  ASSERT_EQ(assembly.rows.size(), 1u);
  EXPECT_EQ(assembly.rows[0].interaction_id, "short");
  const std::vector<std::pair<RemovalReason, int64_t>> too_large = {{RemovalReason::kTooLarge, 1}};
  EXPECT_EQ(assembly.version.removed_by_reason, too_large);
  EXPECT_EQ(assembly.version.candidate_rows, 2);
  // Escapes make a line longer than the row.
  EXPECT_EQ(assembled(std::string(kMaxRowBytes / 6, '\x01')).rows.size(), 1u);
  EXPECT_EQ(assembled(std::string(kMaxRowBytes / 6 - 1'000, '\x01')).rows.size(), 2u);
}

TEST(RowSize, IsBoundedInTheLineOfEveryFormat) {
  DatasetRow row = HashedRow();
  row.tier = Tier::kGold;
  row.contexts.assign(4, {"d1", std::string(kMaxRowBytes / 6, '"'), 0.5, absl::Hours(1)});
  EXPECT_LT(MessageBytes(row), kMaxRowBytes);
  EXPECT_TRUE(IsTooLarge(row)) << "a quote is two characters of JSON";
  row.tier = Tier::kBronze;
  EXPECT_FALSE(IsTooLarge(row)) << "it stands in no line";
}

// What is stored must mean the same for every later version of the program.
TEST(RowsHash, NeverChangesForTheSameRows) {
  EXPECT_EQ(ToHex(RowsHash({HashedRow()})),
            "6462b8bc88d7976aefd919fc171dc11d99396dd5b36c36162b874d42804d703d");
}

}  // namespace
}  // namespace flywheel::curation
