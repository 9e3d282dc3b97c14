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

// Every experiment counted each outcome and each unit once.
inline void ExpectExperimentsCounted(const Services& services, const Acknowledged& sent) {
  for (const auto& [experiment_id, by_metric] : sent.outcomes) {
    experiment::v1::AnalyzeRequest request;
    request.set_experiment_id(experiment_id);
    const auto analysis = Ask(services.experiment,
                              &experiment::v1::ExperimentService::StubInterface::Analyze, request)
                              .analysis();
    for (const auto& [name, outcomes] : by_metric) {
      std::set<std::string> units;
      for (const auto& [outcome_id, unit] : outcomes) units.insert(unit);
      int64_t counted_outcomes = 0, counted_units = 0;
      for (const auto& arm : analysis.arms()) {
        for (const auto& metric : arm.metrics()) {
          if (metric.metric() != name) continue;
          counted_outcomes += metric.outcomes();
          counted_units += metric.units_with_outcome();
          EXPECT_GE(arm.exposed_units(), metric.units()) << experiment_id << " " << arm.arm_id();
        }
      }
      EXPECT_EQ(counted_outcomes, static_cast<int64_t>(outcomes.size()))
          << experiment_id << " " << name;
      EXPECT_EQ(counted_units, static_cast<int64_t>(units.size())) << experiment_id << " " << name;
    }
    ExpectDecisionsComeOutAgain(services, experiment_id);
  }
}

}  // namespace flywheel::example

#endif  // FLYWHEEL_TESTS_FAULT_AUDIT_H_
