#include "curation_service/domain/draft_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/curation_service/domain/candidates.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

TEST(DraftRows, LeaveOutAndCountWhatCallsAToolWithMalformedArguments) {
  Message malformed = Calls("1", "look_up");
  std::get<ToolCall>(malformed.parts[0].kind).arguments_json = R"({"q": "where)";
  Candidate in_ideal = LookedUp("ideal", 0.9);
  in_ideal.interaction.messages[1] = malformed;
  Candidate in_prompt = LookedUp("prompt", 0.9);
  in_prompt.interaction.history.push_back(malformed);
  Candidate in_correction = LookedUp("correction", 0.9);
  in_correction.correction = Correction{"", Actor::kStaff, "", {malformed, kAnswered}};
  // Its calls join the prompt.
  Candidate before_correction = in_ideal;
  before_correction.correction = Correction{"there", Actor::kUser, ""};
  Candidate rejected = in_ideal;
  rejected.score.combined = 0;
  Removals removals;
  EXPECT_THAT(
      DraftRows({in_ideal, in_prompt, in_correction, before_correction, rejected}, "", removals),
      IsEmpty());
  EXPECT_EQ(removals[RemovalReason::kMalformedCall], 5);
  EXPECT_EQ(removals.counts().size(), 1u);

  // What was mended is no part of the ideal.
  Candidate repaired = LookedUp("repaired", 0.9);
  repaired.interaction.messages = {
      kAsked,   malformed, Gives("1", "what?", false), Calls("2", "look_up"), Gives("2", "found"),
      kAnswered};
  EXPECT_EQ(RowOf(repaired).ideal.size(), 3u);
  in_ideal.correction = Correction{"", Actor::kStaff, "", {Calls("x", "find"), kAnswered}};
  EXPECT_EQ(RowOf(in_ideal).ideal.size(), 2u) << "the calls that were corrected are not shown";
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

}  // namespace
}  // namespace flywheel::curation
