#include "curation_service/domain/draft_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "curation_service/domain/dataset_assembly.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Candidate Said(const std::string& id, const std::string& input, const std::string& output,
               double score) {
  static int64_t sequence = 0;
  Candidate candidate;
  candidate.sequence = ++sequence;
  candidate.interaction.interaction_id = id;
  candidate.interaction.input = input;
  candidate.interaction.output = output;
  candidate.score.combined = score;
  candidate.score.approval = Approval::kUser;
  return candidate;
}

std::vector<DraftRow> Deduplicated(const std::vector<Candidate>& candidates, Removals& removals) {
  return WithoutDuplicates(DraftRows(candidates, "", removals), removals);
}

TEST(DraftRows, LeaveOutWhatIsEmpty) {
  Removals removals;
  EXPECT_THAT(DraftRows({Said("a", " \n", "x", 1), Said("b", "x", "\t", 1)}, "", removals),
              IsEmpty());
  EXPECT_EQ(removals[RemovalReason::kEmpty], 2);
}

TEST(DraftRows, LeaveOutAndCountWhatIngestMarkedAsNoise) {
  Removals removals;
  Candidate noise = Said("a", "x", "y", 1);
  noise.interaction.noise = true;
  EXPECT_EQ(DraftRows({noise, Said("b", "x", "y", 1)}, "", removals).size(), 1u);
  EXPECT_EQ(removals[RemovalReason::kNoise], 1);
}

TEST(DraftRows, KeepSyntheticExamplesThatStaffApprovedAndSaySo) {
  const auto synthetic = [](const std::string& id, Approval approval) {
    Candidate candidate = Said(id, id, "y", 1);
    candidate.interaction.noise = true;
    candidate.interaction.attributes["traffic"] = "Synthetic";
    candidate.score.approval = approval;
    return candidate;
  };
  Candidate corrected = synthetic("corrected", Approval::kNone);
  corrected.correction = Correction{"z", Actor::kStaff, ""};
  Candidate by_user = synthetic("by user", Approval::kStaff);
  by_user.correction = Correction{"z", Actor::kUser, ""};
  Candidate robot = synthetic("robot", Approval::kStaff);
  robot.interaction.attributes["traffic"] = "bot";
  Removals removals;
  const auto drafts = DraftRows({synthetic("approved", Approval::kStaff),
                                 synthetic("clicked", Approval::kUser), corrected, by_user, robot},
                                "", removals);
  ASSERT_EQ(drafts.size(), 2u);
  EXPECT_EQ(drafts[0].row.source, RowSource::kSynthetic);
  EXPECT_EQ(drafts[0].row.tier, Tier::kGold) << "a program wrote it";
  EXPECT_EQ(drafts[0].row.provenance, Provenance::kSynthetic);
  EXPECT_EQ(drafts[1].row.provenance, Provenance::kSynthetic);
  EXPECT_EQ(drafts[1].row.source, RowSource::kStaffCorrection);
  EXPECT_EQ(removals[RemovalReason::kNoise], 3);
}

TEST(DraftRows, SayWhereTheConversationComesFrom) {
  const auto from = [](const std::string& traffic, Approval approval) {
    Candidate candidate = Said("i", "x", "y", 1);
    if (!traffic.empty()) candidate.interaction.attributes["traffic"] = traffic;
    candidate.score.approval = approval;
    Removals removals;
    return DraftRows({candidate}, "", removals).at(0).row.provenance;
  };
  EXPECT_EQ(from("", Approval::kUser), Provenance::kUser);
  EXPECT_EQ(from("web", Approval::kAccepted), Provenance::kUser);
  EXPECT_EQ(from("", Approval::kStaff), Provenance::kStaff);
  EXPECT_EQ(from(" Golden", Approval::kStaff), Provenance::kGolden);
  EXPECT_EQ(from("imported", Approval::kUser), Provenance::kImported);
  Candidate rejected = Said("i", "x", "y", 0);
  rejected.score.approval = Approval::kNone;
  Candidate corrected = rejected;
  corrected.correction = Correction{"z", Actor::kStaff, ""};
  Removals removals;
  const auto drafts = DraftRows({rejected, corrected}, "", removals);
  EXPECT_EQ(drafts[0].row.provenance, Provenance::kUser);
  EXPECT_EQ(drafts[1].row.provenance, Provenance::kStaff);
}

TEST(DraftRows, CarryLabelsFailureAndTheSignalsThatMadeThem) {
  Candidate approved = Said("a", "x", "y", 1);
  approved.interaction.attributes = {{"channel", "app"}, {"locale", "nb"}};
  approved.interaction.failure_kind = "timeout";
  approved.score.signal_ids = {"s2", "s1"};
  Candidate corrected = approved;
  corrected.score.failure_mode = "wrong_tool";
  corrected.correction = Correction{"z", Actor::kUser, "", {}, "s3"};
  Removals removals;
  const auto drafts = DraftRows({approved, corrected}, "locale", removals);
  const DatasetRow& row = drafts[0].row;
  EXPECT_EQ(row.cohort, "nb");
  EXPECT_EQ(row.labels, approved.interaction.attributes);
  EXPECT_EQ(row.failure_mode, "timeout");
  EXPECT_THAT(row.signal_ids, ElementsAre("s2", "s1"));
  EXPECT_EQ(drafts[1].row.failure_mode, "wrong_tool") << "people know better than the agent";
  EXPECT_THAT(drafts[1].row.signal_ids, ElementsAre("s3"));
}

TEST(DraftRows, LeaveOutAndCountWhatNobodyApproved) {
  Candidate undecided = Said("a", "x", "y", 0.5);
  undecided.score.approval = Approval::kNone;
  Candidate corrected = Said("b", "x", "y", 0.5);
  corrected.score.approval = Approval::kNone;
  corrected.correction = Correction{"z", Actor::kUser, ""};
  Candidate rejected = Said("c", "x", "y", 0.1);
  rejected.score.approval = Approval::kNone;
  Candidate accepted = Said("d", "x", "y", 0.9);
  accepted.score.approval = Approval::kAccepted;
  Removals removals;
  const auto drafts = DraftRows({undecided, corrected, rejected, accepted}, "", removals);
  ASSERT_EQ(drafts.size(), 3u);
  EXPECT_EQ(drafts[0].row.source, RowSource::kUserCorrection);
  EXPECT_EQ(drafts[1].row.source, RowSource::kRejectedOutput);
  EXPECT_EQ(drafts[2].row.source, RowSource::kUserAccepted);
  EXPECT_EQ(removals[RemovalReason::kNotApproved], 1);
}

Message Calls(const std::string& id, const std::string& tool) {
  Message message;
  message.role = Role::kAssistant;
  message.parts = {{ToolCall{id, tool, "{}"}}};
  return message;
}

Message Gives(const std::string& id, const std::string& content, bool success = true) {
  Message message;
  message.role = Role::kTool;
  message.parts = {{ToolResult{id, content, success}}};
  return message;
}

const Message kTold = TextMessage(Role::kSystem, "Always look it up.");
const Message kAsked = TextMessage(Role::kUser, "where");
const Message kAnswered = TextMessage(Role::kAssistant, "here");

// Asked after instructions, looked up and answered.
Candidate LookedUp(const std::string& id, double score) {
  Candidate candidate = Said(id, "where", "here", score);
  candidate.interaction.history = {kTold};
  candidate.interaction.messages = {kAsked, Calls("1", "look_up"), Gives("1", "found"), kAnswered};
  candidate.interaction.tools = {{"look_up", "Looks things up.", ""}};
  candidate.interaction.contexts = {{"d1", "It is here.", 0.5, absl::Hours(1)}};
  return candidate;
}

DatasetRow RowOf(Candidate candidate) {
  Removals removals;
  std::vector<DraftRow> drafts = DraftRows({std::move(candidate)}, "", removals);
  return drafts.empty() ? DatasetRow() : std::move(drafts[0].row);
}

TEST(DraftRows, HoldTheTurnAsItWas) {
  const DatasetRow row = RowOf(LookedUp("a", 0.9));
  EXPECT_THAT(row.prompt, ElementsAre(kTold, kAsked));
  EXPECT_THAT(row.ideal, ElementsAre(Calls("1", "look_up"), Gives("1", "found"), kAnswered));
  EXPECT_EQ(row.input, "where");
  EXPECT_EQ(row.ideal_output, "here");
  EXPECT_THAT(row.tools, ElementsAre(ToolDefinition{"look_up", "Looks things up.", ""}));
  EXPECT_THAT(row.contexts,
              ElementsAre(RetrievedContext{"d1", "It is here.", 0.5, absl::Hours(1)}));
}

TEST(DraftRows, OfAShortFormSayItInMessages) {
  const DatasetRow row = RowOf(Said("a", "where", "here", 0.9));
  EXPECT_THAT(row.prompt, ElementsAre(kAsked));
  EXPECT_THAT(row.ideal, ElementsAre(kAnswered));
}

TEST(DraftRows, LeaveOutCallsThatFailedAndWereRepaired) {
  Candidate candidate = LookedUp("a", 0.9);
  candidate.interaction.messages = {kAsked,
                                    Calls("1", "look_up"),
                                    Gives("1", "timeout", false),
                                    TextMessage(Role::kAssistant, "I try once more."),
                                    Calls("2", "look_up"),
                                    Gives("2", "found"),
                                    Calls("3", "tell"),
                                    Gives("3", "no such tool", false),
                                    kAnswered};
  EXPECT_THAT(RowOf(candidate).ideal,
              ElementsAre(TextMessage(Role::kAssistant, "I try once more."), Calls("2", "look_up"),
                          Gives("2", "found"), Calls("3", "tell"),
                          Gives("3", "no such tool", false), kAnswered));
  candidate.score.combined = 0;
  EXPECT_EQ(RowOf(candidate).ideal.size(), 8u) << "what not to do is shown as it was";
}

TEST(DraftRows, OfATextThatWasCorrectedAskForIt) {
  Candidate candidate = LookedUp("a", 0.9);
  candidate.correction = Correction{"there", Actor::kUser, ""};
  const DatasetRow row = RowOf(candidate);
  EXPECT_THAT(row.prompt, ElementsAre(kTold, kAsked, Calls("1", "look_up"), Gives("1", "found")));
  EXPECT_THAT(row.ideal, ElementsAre(TextMessage(Role::kAssistant, "there")));
  EXPECT_EQ(row.ideal_output, "there");
  // A call that came to nothing is what was corrected.
  candidate.interaction.messages = {kAsked, Calls("1", "look_up")};
  EXPECT_THAT(RowOf(candidate).prompt, ElementsAre(kTold, kAsked));
}

TEST(DraftRows, TakeTheCallsOfACorrection) {
  Candidate candidate = LookedUp("a", 0.1);
  candidate.correction =
      Correction{"there", Actor::kStaff, "", {Calls("x", "find"), Gives("x", "y"), kAnswered}};
  const DatasetRow row = RowOf(candidate);
  EXPECT_THAT(row.prompt, ElementsAre(kTold, kAsked));
  EXPECT_THAT(row.ideal, ElementsAre(Calls("x", "find"), Gives("x", "y"), kAnswered));
  EXPECT_EQ(row.ideal_output, "here");
}

TEST(DraftRows, MayEndWithACall) {
  Candidate candidate = LookedUp("a", 0.9);
  candidate.interaction.messages = {kAsked, Calls("1", "hand_over"), Gives("1", "done")};
  const DatasetRow row = RowOf(candidate);
  EXPECT_THAT(row.ideal, ElementsAre(Calls("1", "hand_over")));
  EXPECT_EQ(row.ideal_output, "");
}

TEST(DraftRows, AreTheWordOfWhoeverWroteTheCorrection) {
  Candidate asked = Said("a", "x", "y", 0.9);
  asked.interaction.user_id = "alice";
  Candidate by_other = asked;
  by_other.correction = Correction{"z", Actor::kUser, "bob"};
  Candidate by_unknown = asked;
  by_unknown.correction = Correction{"z", Actor::kUser, ""};
  Candidate by_staff = asked;
  by_staff.correction = Correction{"z", Actor::kStaff, "desk"};
  Removals removals;
  const auto drafts = DraftRows({asked, by_other, by_unknown, by_staff}, "", removals);
  EXPECT_EQ(drafts[0].annotator, "alice");
  EXPECT_EQ(drafts[1].annotator, "bob");
  EXPECT_EQ(drafts[2].annotator, "");
  EXPECT_EQ(drafts[3].annotator, "desk");
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
  EXPECT_THAT(removals, IsEmpty());
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
  const DatasetAssembly again = *AssembleDataset({candidates}, known, options, Deadline());
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
      *AssembleDataset({{trained, bridge, asked}}, known, options, Deadline());
  ASSERT_EQ(assembly.rows.size(), 2u);
  EXPECT_EQ(assembly.rows[0].interaction_id, "trained");
  EXPECT_EQ(assembly.rows[0].split, Split::kTrain);
  EXPECT_EQ(assembly.rows[1].interaction_id, "asked");
  EXPECT_EQ(assembly.rows[1].split, Split::kEval);
  EXPECT_THAT(assembly.version.removed_by_reason,
              ElementsAre(std::pair(RemovalReason::kTouchesBothSides, int64_t{1})));
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

// What is stored must mean the same for every later version of the program.
TEST(RowsHash, NeverChangesForTheSameRows) {
  EXPECT_EQ(ToHex(RowsHash({HashedRow()})),
            "6462b8bc88d7976aefd919fc171dc11d99396dd5b36c36162b874d42804d703d");
}

}  // namespace
}  // namespace flywheel::curation
