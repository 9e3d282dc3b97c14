// FindTaughtQuestions: what models of a project may have been trained on.
#include <gmock/gmock.h>

#include <cctype>
#include <string>
#include <vector>

#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Stub = v1::CurationService::Stub;

class TaughtQuestionsTest : public CurationTest {
 protected:
  static v1::FindTaughtQuestionsRequest Asking(const std::vector<std::string>& inputs,
                                               bool has_history = false) {
    v1::FindTaughtQuestionsRequest request;
    for (const std::string& input : inputs) {
      v1::Question& question = *request.add_questions();
      question.set_input(input);
      question.set_has_history(has_history);
    }
    return request;
  }

  std::vector<int> Taught(const std::vector<std::string>& inputs, bool has_history = false,
                          const std::string& project = "") {
    v1::FindTaughtQuestionsResponse response;
    EXPECT_OK(Call(&Stub::FindTaughtQuestions, Asking(inputs, has_history), response, project));
    return {response.taught().begin(), response.taught().end()};
  }
};

TEST_F(TaughtQuestionsTest, AreThoseOfTheTrainSideByTheKeysOfTheFirewall) {
  AddAccepted(60);
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(0.5);
  EXPECT_THAT(Taught({"question a1"}), IsEmpty()) << "nothing was built yet";
  Built(request);
  std::string train, eval;
  for (const v1::DatasetRow& row : Rows("v1")) {
    (row.split() == v1::SPLIT_TRAIN ? train : eval) = row.input();
  }
  ASSERT_FALSE(train.empty() || eval.empty());
  std::string shouted;
  for (const char c : train) {
    shouted += static_cast<char>(std::toupper(c));
    if (c == ' ') shouted += "\n ";
  }
  EXPECT_THAT(Taught({eval, train, "never asked", shouted, ""}), ElementsAre(1, 3));
  EXPECT_THAT(Taught({train}, /*has_history=*/true), ElementsAre(0));
  EXPECT_THAT(Taught({train}, false, "shop"), IsEmpty()) << "of another project";
  // Under whatever agent it was taught.
  Log({.id = "b1", .input = "asked of another", .agent = "another"});
  Accept("b1");
  v1::BuildDatasetVersionRequest other = BuildRequest("v2");
  other.mutable_options()->set_agent("another");
  other.mutable_options()->set_eval_share(1e-9);
  Built(other);
  EXPECT_THAT(Taught({"Asked of another", train, eval}), ElementsAre(0, 1));
}

// "yes" ties nothing together: taught is what it answered, and not every talk with a "yes" in it.
TEST_F(TaughtQuestionsTest, AnInputThatEverybodySaysIsNoneInTheMidstOfATalk) {
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(i);
    Log({.id = "q" + n, .input = "question " + n, .session = "s" + n});
    Log({.id = "y" + n, .input = "Yes", .session = "s" + n});
    Accept("q" + n);
    Accept("y" + n);
  }
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);
  EXPECT_THAT(Taught({"yes", "question 3"}), ElementsAre(0, 1));
  EXPECT_THAT(Taught({"yes", "question 3"}, /*has_history=*/true), ElementsAre(1));
}

TEST_F(TaughtQuestionsTest, TakesAThousandAtOnce) {
  v1::FindTaughtQuestionsResponse response;
  EXPECT_THAT(Call(&Stub::FindTaughtQuestions, Asking({}), response),
              HasReason(Reason::kEmptyBatch));
  EXPECT_OK(
      Call(&Stub::FindTaughtQuestions, Asking(std::vector<std::string>(1'000, "q")), response));
  EXPECT_THAT(
      Call(&Stub::FindTaughtQuestions, Asking(std::vector<std::string>(1'001, "q")), response),
      HasReason(Reason::kTooLarge));
}

}  // namespace
}  // namespace flywheel::curation
