// Auditor: compares what the services hold with what they acknowledged.
#ifndef FLYWHEEL_TESTS_FAULT_AUDIT_H_
#define FLYWHEEL_TESTS_FAULT_AUDIT_H_

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/time/clock.h"
#include "examples/support_agent/services.h"
#include "shared/testing/feed_sequence.h"
#include "shared/testing/status_matchers.h"
#include "shared/time/poll.h"
#include "tests/fault/ledger.h"

namespace flywheel::example {

// An answer of a service that must not fail any more.
template <typename Client, typename Method, typename Request>
auto Ask(const Client& client, Method method, const Request& request) {
  auto response = client.Call(method, request);
  EXPECT_OK(response);
  return response.ok() ? *std::move(response)
                       : typename std::decay_t<decltype(response)>::value_type();
}

// ListInteractions has what was sent, each once, page by page.
inline void ExpectTheListHolds(const Services& services, const Acknowledged& sent) {
  std::map<std::string, std::string> listed;
  ingest::v1::ListInteractionsRequest request;
  request.set_page_size(1'000);
  do {
    const auto page =
        Ask(services.ingest, &ingest::v1::IngestService::StubInterface::ListInteractions, request);
    for (const auto& interaction : page.interactions()) {
      EXPECT_TRUE(listed.emplace(interaction.interaction_id(), ContentOf(interaction)).second)
          << interaction.interaction_id() << " twice";
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_TRUE(listed == sent.interactions) << listed.size() << " listed";
}

// The feed has what was sent, each once, in rising order. Returns its last sequence.
inline int64_t ExpectTheFeedHolds(const Services& services, const Acknowledged& sent) {
  using ingest::v1::ReadFeedRequest;
  using ingest::v1::ReadFeedResponse;
  std::vector<ingest::v1::FeedEntry> entries;
  EXPECT_OK((services.ingest.Read<ReadFeedRequest, ReadFeedResponse>(
      &ingest::v1::IngestService::Stub::ReadFeed, {}, [&] { entries.clear(); },
      [&](const ReadFeedResponse& response) {
        entries.insert(entries.end(), response.entries().begin(), response.entries().end());
      })));
  std::map<std::string, std::string> interactions, signals;
  int64_t sequence = 0;
  for (const auto& entry : entries) {
    EXPECT_GT(entry.sequence(), sequence);
    sequence = entry.sequence();
    const bool is_new =
        entry.has_interaction()
            ? interactions
                  .emplace(entry.interaction().interaction_id(), ContentOf(entry.interaction()))
                  .second
            : signals.emplace(entry.signal().signal_id(), ContentOf(entry.signal())).second;
    EXPECT_TRUE(is_new) << entry.ShortDebugString() << " twice";
  }
  EXPECT_TRUE(interactions == sent.interactions) << interactions.size() << " in the feed";
  EXPECT_TRUE(signals == sent.signals) << signals.size() << " in the feed";
  return sequence;
}

// Curation comes to the end of the feed, and counts what ingest counts.
inline void ExpectCurationHasRead(const Services& services, int64_t last_sequence,
                                  size_t interactions) {
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  curation::v1::GetProgressResponse progress;
  do {
    progress = Ask(services.curation, &curation::v1::CurationService::StubInterface::GetProgress,
                   curation::v1::GetProgressRequest());
  } while (testing::FeedSequence(progress.feed_token()) < last_sequence && absl::Now() < give_up);
  EXPECT_EQ(testing::FeedSequence(progress.feed_token()), last_sequence);
  EXPECT_EQ(progress.interactions(), static_cast<int64_t>(interactions));
}

// Every decision of an experiment comes out again of the tallies that are kept with it.
inline void ExpectDecisionsComeOutAgain(const Services& services,
                                        const std::string& experiment_id) {
  using experiment::v1::ExperimentService;
  experiment::v1::ListDecisionsRequest request;
  request.set_experiment_id(experiment_id);
  request.set_page_size(1'000);
  const auto listed =
      Ask(services.experiment, &ExperimentService::StubInterface::ListDecisions, request);
  int64_t sequence = 0;
  for (const auto& decision : listed.decisions()) {
    EXPECT_EQ(decision.sequence(), ++sequence) << experiment_id;
    experiment::v1::ReplayDecisionRequest replay;
    replay.set_experiment_id(experiment_id);
    replay.set_sequence(decision.sequence());
    const auto replayed =
        Ask(services.experiment, &ExperimentService::StubInterface::ReplayDecision, replay);
    EXPECT_TRUE(replayed.identical()) << experiment_id << ": " << replayed.difference();
  }
}

// What an experiment counted of one metric, in all arms.
struct Counted {
  int64_t outcomes = 0;
  int64_t units = 0;
  bool operator==(const Counted& other) const {
    return outcomes == other.outcomes && units == other.units;
  }
};

// By metric.
inline std::map<std::string, Counted> CountedBy(const Services& services,
                                                const std::string& experiment_id) {
  experiment::v1::AnalyzeRequest request;
  request.set_experiment_id(experiment_id);
  const auto analysis =
      Ask(services.experiment, &experiment::v1::ExperimentService::StubInterface::Analyze, request)
          .analysis();
  std::map<std::string, Counted> counted;
  for (const auto& arm : analysis.arms()) {
    for (const auto& metric : arm.metrics()) {
      counted[metric.metric()].outcomes += metric.outcomes();
      counted[metric.metric()].units += metric.units_with_outcome();
      EXPECT_GE(arm.exposed_units(), metric.units()) << experiment_id << " " << arm.arm_id();
    }
  }
  return counted;
}

// Every experiment comes to count each answer and each unit that ingest acknowledged, once; one
// that was stopped what it had read by then, and of each answer all metrics.
inline void ExpectExperimentsCounted(const Services& services, const Acknowledged& sent) {
  for (const auto& answered : sent.answers) {
    const std::string& experiment_id = answered.first;
    const auto& answers = answered.second;
    std::set<std::string> units;
    for (const auto& [interaction_id, unit] : answers) units.insert(unit);
    const Counted all = {static_cast<int64_t>(answers.size()), static_cast<int64_t>(units.size())};
    experiment::v1::GetExperimentRequest get;
    get.set_experiment_id(experiment_id);
    const bool runs = Ask(services.experiment,
                          &experiment::v1::ExperimentService::StubInterface::GetExperiment, get)
                          .experiment()
                          .state() == experiment::v1::EXPERIMENT_STATE_RUNNING;
    std::map<std::string, Counted> counted;
    PollUntil(
        [&] {
          counted = CountedBy(services, experiment_id);
          return !runs || (!counted.empty() && counted.begin()->second == all);
        },
        absl::Seconds(30));
    ASSERT_FALSE(counted.empty()) << experiment_id;
    for (const auto& [metric, count] : counted) {
      EXPECT_TRUE(count == counted.begin()->second) << experiment_id << " " << metric;
      EXPECT_GT(count.outcomes, 0) << experiment_id << " " << metric;
      EXPECT_LE(count.outcomes, all.outcomes) << experiment_id << " " << metric;
      EXPECT_LE(count.units, all.units) << experiment_id << " " << metric;
      if (!runs) continue;
      EXPECT_EQ(count.outcomes, all.outcomes) << experiment_id << " " << metric;
      EXPECT_EQ(count.units, all.units) << experiment_id << " " << metric;
    }
    ExpectDecisionsComeOutAgain(services, experiment_id);
  }
}

}  // namespace flywheel::example

#endif  // FLYWHEEL_TESTS_FAULT_AUDIT_H_
