#include "eval_gate_service/domain/case_copies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "shared/status/errors.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {
namespace {

using ::testing::ElementsAre;

SuiteCase Asking(const std::string& id, const std::string& input, const std::string& group = "") {
  SuiteCase one;
  one.case_id = id;
  one.input = input;
  one.group = group;
  return one;
}

std::vector<std::string> GroupsOf(std::vector<SuiteCase> cases) {
  EXPECT_TRUE(GroupCopies(cases, Deadline()).ok());
  std::sort(cases.begin(), cases.end(),
            [](const SuiteCase& a, const SuiteCase& b) { return a.case_id < b.case_id; });
  std::vector<std::string> groups;
  for (const SuiteCase& one : cases) groups.push_back(one.group);
  return groups;
}

TEST(GroupCopies, OfOneQuestionWhateverItsSpacesAndCase) {
  std::vector<SuiteCase> cases = {Asking("c3", " where is  my CARD? "),
                                  Asking("c1", "Where is my card?"), Asking("c2", "Another one?"),
                                  Asking("c4", "where is my card?")};
  const auto want = ElementsAre("copies of c1", "", "copies of c1", "copies of c1");
  EXPECT_THAT(GroupsOf(cases), want);
  std::reverse(cases.begin(), cases.end());
  EXPECT_THAT(GroupsOf(cases), want);
}

TEST(GroupCopies, JoinTheGroupThatACopyHasAndChangeNone) {
  EXPECT_THAT(GroupsOf({Asking("c1", "hi"), Asking("c2", "hi", "s2"), Asking("c3", "hi", "s3"),
                        Asking("c4", "", "s3"), Asking("c5", "x")}),
              ElementsAre("s2", "s2", "s3", "s3", ""));
}

TEST(GroupCopies, AreNoneWhereThePromptDiffers) {
  SuiteCase first = Asking("c1", "");
  SuiteCase second = Asking("c2", "");
  first.question = "one";
  second.question = "two";
  EXPECT_THAT(GroupsOf({first, second}), ElementsAre("", ""));
  second.question = "one";
  EXPECT_THAT(GroupsOf({first, second}), ElementsAre("copies of c1", "copies of c1"));
}

TEST(GroupCopies, OfALongIdHaveItsHash) {
  const std::string id(128, 'c');
  EXPECT_EQ(GroupsOf({Asking(id, "a"), Asking(id + "d", "a")}).front().size(), 64u);
}

TEST(GroupCopies, AreNotLookedForOnceNobodyWaits) {
  std::vector<SuiteCase> cases(1'000, Asking("c1", "hi"));
  int asked = 0;
  const Deadline gone(absl::InfiniteFuture(),
                      [&asked] { return ++asked == 2 ? errors::Cancelled() : absl::OkStatus(); });
  EXPECT_EQ(errors::ReasonOf(GroupCopies(cases, gone)), Reason::kCancelled);
  EXPECT_EQ(asked, 2) << "and not at its end alone";
  EXPECT_TRUE(std::all_of(cases.begin(), cases.end(),
                          [](const SuiteCase& one) { return one.group.empty(); }));
  EXPECT_EQ(errors::ReasonOf(GroupCopies(cases, Deadline(absl::InfinitePast()))),
            Reason::kDeadlineExceeded);
}

}  // namespace
}  // namespace flywheel::evalgate
