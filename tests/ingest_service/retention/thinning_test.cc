// Of what went well a sample stays, and its weights make up for what left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "ingest_service/retention/thinner.h"
#include "shared/status/errors.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/retention/retention_fixture.h"

namespace flywheel::ingest {
namespace {

class ThinningTest : public RetentionTest {
 protected:
  void StartThinning(double share) {
    config_.retention.thin_after = "7d";
    config_.retention.thin_share = share;
    Start();
  }

  // Ordinary records, logged in batches.
  void LogOrdinary(const std::string& prefix, int count) {
    std::vector<v1::Interaction> batch;
    for (int i = 0; i < count; ++i) {
      batch.push_back(Interaction(prefix + std::to_string(i)));
      batch.back().set_session_id(prefix + "s" + std::to_string(i % 50));
      UseTool({"lookup"}, batch.back());
      if (batch.size() == 1'000 || i + 1 == count) {
        Log(batch);
        batch.clear();
      }
    }
  }

  std::map<std::string, double> Probabilities() {
    grpc::Status ended;
    std::map<std::string, double> probabilities;
    for (const auto& entry : Entries(0, &ended)) {
      if (!entry.has_interaction()) continue;
      probabilities[entry.interaction().interaction_id()] = entry.marks().inclusion_probability();
    }
    EXPECT_OK(ended);
    return probabilities;
  }
};

TEST_F(ThinningTest, KeepsEveryFailureAndEverySignalledInteractionAsItIs) {
  StartThinning(0.000001);
  v1::Interaction failed = Interaction("failed");
  UseTool({.name = "lookup", .success = false}, failed);
  v1::Interaction error = Interaction("error");
  (*error.mutable_attributes())["error.type"] = "timeout";
  v1::Interaction fine = Interaction("fine");
  (*fine.mutable_attributes())["error"] = "false";
  v1::Interaction in_session = Interaction("in-session");
  in_session.set_session_id("spoken-of");
  Log({failed, error, fine, in_session, Interaction("thumbed"), Interaction("silent")});
  v1::Signal of_session = Signal("s1", "");
  of_session.set_session_id("spoken-of");
  Record({Signal("s2", "thumbed"), of_session});
  EXPECT_EQ(Age(absl::Hours(24 * 8)).thinned, 2);
  EXPECT_THAT(Probabilities(), ::testing::UnorderedElementsAre(::testing::Pair("failed", 1.0),
                                                               ::testing::Pair("error", 1.0),
                                                               ::testing::Pair("in-session", 1.0),
                                                               ::testing::Pair("thumbed", 1.0)));
}

TEST_F(ThinningTest, LeavesThinnedRecordsInNoListNoFeedAndNoTotal) {
  StartThinning(0.000001);
  LogOrdinary("i", 120);
  EXPECT_EQ(Stats().tool_calls(), 120);
  EXPECT_EQ(Age(absl::Hours(24 * 8)).thinned, 120);
  EXPECT_EQ(Stats().interactions(), 0);
  EXPECT_EQ(Stats().tool_calls(), 0);
  EXPECT_EQ(List({}), "");
  EXPECT_EQ(Feed(0), "");
  EXPECT_FALSE(IsThere("i3"));
  v1::GetSessionFeedbackRequest request;
  request.set_session_id("is3");
  v1::GetSessionFeedbackResponse response;
  EXPECT_THAT(Call(&v1::IngestService::Stub::GetSessionFeedback, request, &response),
              testing::HasReason(Reason::kNotFound));
}

TEST_F(ThinningTest, AResendOfAThinnedRecordIsAReplayAndBringsNothingBack) {
  StartThinning(0.000001);
  const v1::Interaction sent = Interaction("a");
  const int64_t sequence = Log({sent}).results(0).sequence();
  EXPECT_EQ(Age(absl::Hours(24 * 8)).thinned, 1);
  const v1::LogInteractionsResponse again = Log({sent});
  EXPECT_EQ(again.results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  EXPECT_EQ(again.results(0).sequence(), sequence);
  v1::Interaction other = sent;
  other.set_output("another");
  EXPECT_EQ(Log({other}).results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
  EXPECT_FALSE(IsThere("a"));
  EXPECT_EQ(Stats().interactions(), 0);
}

TEST_F(ThinningTest, ReadersHearOfThinnedRecordsOfAnErasedSession) {
  StartThinning(0.000001);
  v1::Interaction thinned = Interaction("a");
  thinned.set_session_id("s");
  const int64_t sequence = Log({thinned}).results(0).sequence();
  EXPECT_EQ(Age(absl::Hours(24 * 8)).thinned, 1);
  v1::EraseRequest request;
  request.set_erasure_id("e1");
  request.set_session_id("s");
  v1::EraseResponse response;
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  ASSERT_OK(v1::PrivacyService::NewStub(channel_.get())->Erase(&context, request, &response));
  EXPECT_EQ(response.erasure().interactions(), 1);
  EXPECT_EQ(Stats().interactions(), 0);
  grpc::Status ended;
  std::vector<int64_t> erased;
  for (const v1::FeedEntry& entry : Entries(0, &ended)) {
    erased.insert(erased.end(), entry.tombstone().sequences().begin(),
                  entry.tombstone().sequences().end());
  }
  EXPECT_EQ(erased, std::vector<int64_t>{sequence});
}

TEST_F(ThinningTest, ALateSignalIsStoredAndCountsForNoMean) {
  StartThinning(0.000001);
  Log({Interaction("a")});
  EXPECT_EQ(Age(absl::Hours(24 * 8)).thinned, 1);
  v1::Signal late = Signal("late", "a");
  late.mutable_evaluation()->set_name("reward");
  late.mutable_evaluation()->set_score(1);
  EXPECT_EQ(Record({late}).results(0).status(), common::v1::ITEM_STATUS_STORED);
  EXPECT_EQ(Stats().signals(), 1);
  EXPECT_EQ(Stats().evaluation_means_size(), 0);
  grpc::Status ended;
  const auto entries = Entries(0, &ended);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].signal().signal_id(), "late");
}

TEST_F(ThinningTest, ShowsTheProbabilityOfWhatStayed) {
  StartThinning(0.5);
  LogOrdinary("i", 200);
  const int64_t thinned = Age(absl::Hours(24 * 8)).thinned;
  const auto probabilities = Probabilities();
  EXPECT_EQ(static_cast<int64_t>(probabilities.size()), 200 - thinned);
  EXPECT_EQ(Stats().interactions(), 200 - thinned);
  for (const auto& [id, probability] : probabilities) EXPECT_EQ(probability, 0.5) << id;
  v1::GetInteractionRequest request;
  request.set_interaction_id(probabilities.begin()->first);
  v1::GetInteractionResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
  EXPECT_EQ(response.marks().inclusion_probability(), 0.5);
  // A sample that was drawn is not drawn again.
  EXPECT_EQ(Age(absl::Hours(24)).thinned, 0);
  Start();
  EXPECT_EQ(Age(absl::Hours(24)).thinned, 0);
}

TEST_F(ThinningTest, ASmallerShareThinsTheSampleAgainToThatShareOfAll) {
  constexpr int kCount = 4'000;
  StartThinning(0.5);
  LogOrdinary("i", kCount);
  Age(absl::Hours(24 * 8));
  config_.retention.thin_share = 0.1;
  Start();
  EXPECT_GT(Age(absl::Hours(1)).thinned, 0);
  const auto probabilities = Probabilities();
  const double expected = 0.1 * kCount;
  EXPECT_NEAR(static_cast<double>(probabilities.size()), expected,
              4 * std::sqrt(kCount * 0.1 * 0.9));
  for (const auto& [id, probability] : probabilities) EXPECT_EQ(probability, 0.1) << id;
  config_.retention.thin_share = 0.3;
  Start();
  EXPECT_EQ(Age(absl::Hours(1)).thinned, 0);
  EXPECT_EQ(Probabilities(), probabilities);
}

TEST_F(ThinningTest, ThinsWhatIsCompressedAndWhatIsArchived) {
  config_.retention.compress_after = "1h";
  config_.retention.archive_after = "3d";
  config_.retention.archive_dir = dir_.path() + "/archive";
  StartThinning(0.2);
  LogOrdinary("old", 150);
  Age(absl::Hours(24 * 4 + 1));
  LogOrdinary("new", 150);
  Age(absl::Hours(24 * 2));
  const std::string before = Feed(0);
  const int64_t thinned = Age(absl::Hours(25)).thinned;
  EXPECT_GT(thinned, 90);
  EXPECT_LT(thinned, 150);
  const auto probabilities = Probabilities();
  EXPECT_EQ(static_cast<int64_t>(probabilities.size()), 300 - thinned);
  for (const auto& [id, probability] : probabilities) {
    EXPECT_EQ(probability, id.rfind("old", 0) == 0 ? 0.2 : 1.0) << id;
  }
}

TEST_F(ThinningTest, TheWeightedMeanOfWhatStayedIsThatOfEverything) {
  // Costs differ by outcome, so a mean without weights would be far off. All records of one
  // population, whose true sums are known; the Horvitz-Thompson sums over what stays must lie
  // within four standard errors of them.
  constexpr int kCount = 12'000;
  constexpr double kShare = 0.15;
  StartThinning(kShare);
  double true_cost = 0;
  double variance = 0;
  double count_variance = 0;
  std::vector<v1::Interaction> batch;
  std::vector<v1::Signal> signals;
  for (int i = 0; i < kCount; ++i) {
    v1::Interaction interaction = Interaction("i" + std::to_string(i));
    const bool failed = i % 11 == 0;
    const bool signalled = i % 7 == 0;
    const double cost = 0.01 * (i % 13) + (failed ? 3 : 0) + (signalled ? 1 : 0);
    interaction.set_cost_usd(cost);
    if (failed) (*interaction.mutable_attributes())["error"] = "true";
    if (signalled) signals.push_back(Signal("s" + std::to_string(i), interaction.interaction_id()));
    true_cost += cost;
    if (!failed && !signalled) {
      variance += cost * cost * (1 - kShare) / kShare;
      count_variance += (1 - kShare) / kShare;
    }
    batch.push_back(interaction);
    if (batch.size() == 2'000) {
      Log(batch);
      batch.clear();
    }
  }
  Record(signals);
  EXPECT_GT(Age(absl::Hours(24 * 8)).thinned, 0);
  grpc::Status ended;
  double cost = 0;
  double count = 0;
  double unweighted_cost = 0;
  int64_t kept = 0;
  for (const auto& entry : Entries(0, &ended)) {
    if (!entry.has_interaction()) continue;
    const double weight = 1 / entry.marks().inclusion_probability();
    cost += weight * entry.interaction().cost_usd();
    count += weight;
    unweighted_cost += entry.interaction().cost_usd();
    ++kept;
  }
  ASSERT_OK(ended);
  EXPECT_LT(kept, kCount / 2);
  EXPECT_NEAR(cost, true_cost, 4 * std::sqrt(variance));
  EXPECT_NEAR(count, kCount, 4 * std::sqrt(count_variance));
  // The error that the weights take away is not a small one.
  const double true_mean = true_cost / kCount;
  EXPECT_GT(std::abs(unweighted_cost / static_cast<double>(kept) - true_mean), 0.5 * true_mean);
}

TEST(SamplingNumber, IsUniformRepeatableAndIndependentOfEarlierDraws) {
  const Pseudonymiser key("a key of thirty-two characters..");
  const Pseudonymiser other("another key of thirty-two chars..");
  constexpr int kCount = 20'000;
  int low = 0;
  int both = 0;
  int differing = 0;
  for (int i = 0; i < kCount; ++i) {
    const std::string id = "i" + std::to_string(i);
    const double first = SamplingNumber(key, "shop", id, 1);
    EXPECT_GE(first, 0);
    EXPECT_LT(first, 1);
    EXPECT_EQ(first, SamplingNumber(key, "shop", id, 1));
    const double second = SamplingNumber(key, "shop", id, 0.25);
    low += first < 0.25 ? 1 : 0;
    both += first < 0.25 && second < 0.4 ? 1 : 0;
    differing += first != SamplingNumber(other, "shop", id, 1) ? 1 : 0;
  }
  EXPECT_NEAR(low, 0.25 * kCount, 4 * std::sqrt(kCount * 0.25 * 0.75));
  EXPECT_NEAR(both, 0.1 * kCount, 4 * std::sqrt(kCount * 0.1 * 0.9));
  EXPECT_EQ(differing, kCount);
}

}  // namespace
}  // namespace flywheel::ingest
