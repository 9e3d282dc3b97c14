#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <vector>

#include "shared/status/errors.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

TEST_F(IngestTest, ShowsAnInteractionWithItsSignalsOfBeforeAndAfter) {
  Record({Signal("before", "a")});
  v1::Interaction interaction = Interaction("a");
  UseTool({"lookup"}, interaction);
  Log({interaction});
  Record({Signal("after", "a"), Signal("other", "b")});
  v1::GetInteractionRequest request;
  request.set_interaction_id("a");
  v1::GetInteractionResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
  EXPECT_EQ(ToolUses(response.interaction()).at(0).name, "lookup");
  ASSERT_EQ(response.signals_size(), 2);
  EXPECT_EQ(response.signals(0).signal_id(), "before");
  EXPECT_EQ(response.signals(1).signal_id(), "after");
  EXPECT_EQ(response.sequence(), 2);
  EXPECT_EQ(Stats().tool_calls(), 1);
}

TEST_F(IngestTest, SaysThatAnInteractionIsNotThere) {
  v1::GetInteractionRequest request;
  request.set_interaction_id("nowhere");
  v1::GetInteractionResponse response;
  EXPECT_THAT(Call(&v1::IngestService::Stub::GetInteraction, request, &response),
              HasReason(Reason::kNotFound));
}

TEST_F(IngestTest, ListsPageByPageWithEachOnce) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 7; ++i) {
    batch.push_back(Interaction("i" + std::to_string(i)));
    batch.back().set_session_id(i % 2 == 0 ? "even" : "odd");
  }
  Log(batch);
  const auto list = [&](const char* session, common::v1::ListOrder order) {
    v1::ListInteractionsRequest request;
    request.set_page_size(2);
    request.set_session_id(session);
    request.set_order(order);
    std::string ids;
    do {
      v1::ListInteractionsResponse response;
      EXPECT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
      for (const auto& interaction : response.interactions()) ids += interaction.interaction_id();
      ids += "|";
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  };
  EXPECT_EQ(list("even", common::v1::LIST_ORDER_OLDEST_FIRST), "i0i2|i4i6|");
  EXPECT_EQ(list("even", common::v1::LIST_ORDER_NEWEST_FIRST), "i6i4|i2i0|");
  EXPECT_EQ(list("", common::v1::LIST_ORDER_OLDEST_FIRST), "i0i1|i2i3|i4i5|i6|");
  EXPECT_EQ(list("", common::v1::LIST_ORDER_UNSPECIFIED), "i6i5|i4i3|i2i1|i0|");
}

TEST_F(IngestTest, ReadsSeveralByTheirIdsAndNamesWhatItHasNot) {
  std::vector<v1::Interaction> batch;
  for (const char* id : {"a", "b", "c", "d"}) {
    batch.push_back(Interaction(id));
    batch.back().set_output(std::string(1'500'000, 'x'));
  }
  Log(batch);
  Record({Signal("s", "b")});
  v1::BatchGetInteractionsRequest request;
  for (const char* id : {"b", "missing", "a", "d", "c"}) request.add_interaction_ids(id);
  v1::BatchGetInteractionsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::BatchGetInteractions, request, &response));
  ASSERT_EQ(response.interactions_size(), 2);
  EXPECT_EQ(response.interactions(0).interaction().interaction_id(), "b");
  EXPECT_EQ(response.interactions(0).signals_size(), 1);
  EXPECT_EQ(response.interactions(1).interaction().interaction_id(), "a");
  EXPECT_THAT(response.missing_ids(), ::testing::ElementsAre("missing"));
  EXPECT_THAT(response.unread_ids(), ::testing::ElementsAre("d", "c"));
  request.add_interaction_ids("a");
  EXPECT_THAT(Call(&v1::IngestService::Stub::BatchGetInteractions, request, &response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(IngestTest, EndsAPageByItsBytesAndLosesNothing) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 8; ++i) {
    batch.push_back(Interaction("large-" + std::to_string(i)));
    batch.back().set_output(std::string(600'000, 'x'));
  }
  Log(batch);
  v1::ListInteractionsRequest request;
  request.set_page_size(1'000);
  int found = 0;
  do {
    v1::ListInteractionsResponse response;
    ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
    EXPECT_LT(response.ByteSizeLong(), 2u << 20);
    found += response.interactions_size();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(found, 8);
}

TEST_F(IngestTest, FiltersByAgentAndModelVersion) {
  v1::Interaction one = Interaction("one");
  one.set_model_version("v1");
  v1::Interaction two = Interaction("two");
  two.set_model_version("v2");
  two.set_agent("sales");
  Log({one, two});
  v1::ListInteractionsRequest request;
  request.set_agent("sales");
  request.set_model_version("v2");
  v1::ListInteractionsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
  ASSERT_EQ(response.interactions_size(), 1);
  EXPECT_EQ(response.interactions(0).interaction_id(), "two");
  request.set_model_version("v1");
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
  EXPECT_EQ(response.interactions_size(), 0);
}

TEST_F(IngestTest, FiltersByUserTimeAttributeAndSignal) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 4; ++i) {
    batch.push_back(Interaction("i" + std::to_string(i)));
    batch.back().set_user_id(i < 2 ? "ada" : "bob");
    batch.back().mutable_start_time()->set_seconds(1'700'000'000 + i);
    (*batch.back().mutable_attributes())["channel"] = i % 2 == 0 ? "web" : "phone";
  }
  Log(batch);
  v1::Signal escalated = Signal("s", "i2");
  escalated.mutable_escalation();
  Record({Signal("t", "i1"), escalated});
  const auto list = [&](const v1::ListInteractionsRequest& request) {
    v1::ListInteractionsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
    std::string ids;
    for (const auto& interaction : response.interactions()) {
      ids += interaction.interaction_id() + " ";
    }
    return ids;
  };
  v1::ListInteractionsRequest by_user;
  by_user.set_user_id("ada");
  EXPECT_EQ(list(by_user), "i1 i0 ");
  v1::ListInteractionsRequest by_time;
  by_time.mutable_start_time_from()->set_seconds(1'700'000'001);
  by_time.mutable_start_time_before()->set_seconds(1'700'000'003);
  EXPECT_EQ(list(by_time), "i2 i1 ");
  v1::ListInteractionsRequest by_attribute;
  by_attribute.set_attribute_name("channel");
  by_attribute.set_attribute_value("web");
  EXPECT_EQ(list(by_attribute), "i2 i0 ");
  by_attribute.set_signal_kind(v1::SIGNAL_KIND_ESCALATION);
  EXPECT_EQ(list(by_attribute), "i2 ");
  by_attribute.set_user_id("ada");
  EXPECT_EQ(list(by_attribute), "");
}

TEST_F(IngestTest, RefusesFiltersThatMeanNothing) {
  v1::ListInteractionsResponse response;
  v1::ListInteractionsRequest nameless;
  nameless.set_attribute_value("web");
  EXPECT_THAT(Call(&v1::IngestService::Stub::ListInteractions, nameless, &response),
              HasReason(Reason::kInvalidArgument));
  v1::ListInteractionsRequest unknown;
  unknown.set_signal_kind(static_cast<v1::SignalKind>(77));
  EXPECT_THAT(Call(&v1::IngestService::Stub::ListInteractions, unknown, &response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(IngestTest, ListsOnlyTheProjectsOwnInteractionsWhateverLiesBetween) {
  const std::string keys = dir_.path() + "/keys";
  std::ofstream(keys)
      << "shop key-of-the-shop-1234 shop writer\nbank key-of-the-bank-1234 bank writer\n";
  config_.server.api_keys_file = keys;
  Start();
  for (int i = 0; i < 6; ++i) {
    v1::LogInteractionsRequest request;
    *request.add_interactions() = Interaction("i" + std::to_string(i));
    v1::LogInteractionsResponse response;
    ASSERT_OK(Call(&v1::IngestService::Stub::LogInteractions, request, &response,
                   i % 3 == 0 ? "key-of-the-shop-1234" : "key-of-the-bank-1234"));
  }
  v1::ListInteractionsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, v1::ListInteractionsRequest(),
                 &response, "key-of-the-shop-1234"));
  ASSERT_EQ(response.interactions_size(), 2);
  EXPECT_EQ(response.interactions(0).interaction_id(), "i3");
}

TEST_F(IngestTest, EndsAPageThatItsFilterLeavesEmptyAndFindsTheRestOnTheNext) {
  v1::Interaction rare = Interaction("rare");
  rare.set_agent("sales");
  Log({rare});
  for (int batch = 0; batch < 3; ++batch) {
    std::vector<v1::Interaction> interactions;
    for (int i = 0; i < 9'000; ++i) {
      interactions.push_back(Interaction("i" + std::to_string(batch) + "-" + std::to_string(i)));
    }
    Log(interactions);
  }
  v1::ListInteractionsRequest request;
  request.set_agent("sales");
  v1::ListInteractionsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
  EXPECT_EQ(response.interactions_size(), 0);
  ASSERT_FALSE(response.next_page_token().empty());
  request.set_page_token(response.next_page_token());
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
  ASSERT_EQ(response.interactions_size(), 1);
  EXPECT_TRUE(response.next_page_token().empty());
}

TEST_F(IngestTest, RefusesAPageTokenOfOtherFilters) {
  Log({Interaction("a"), Interaction("b")});
  v1::ListInteractionsRequest request;
  request.set_page_size(1);
  v1::ListInteractionsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
  request.set_page_token(response.next_page_token());
  request.set_agent("support");
  EXPECT_THAT(Call(&v1::IngestService::Stub::ListInteractions, request, &response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(IngestTest, ShowsTheNewestThousandSignalsAndSaysThatThereAreMore) {
  Log({Interaction("a")});
  std::vector<v1::Signal> signals;
  for (int i = 0; i < 1'001; ++i) signals.push_back(Signal("s" + std::to_string(i), "a"));
  Record(signals);
  v1::GetInteractionRequest request;
  request.set_interaction_id("a");
  v1::GetInteractionResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
  ASSERT_EQ(response.signals_size(), 1'000);
  EXPECT_EQ(response.signals(0).signal_id(), "s1");
  EXPECT_EQ(response.signals(999).signal_id(), "s1000");
  EXPECT_TRUE(response.signals_truncated());
}

TEST_F(IngestTest, ListsTheSignalsOfASessionAndOfItsInteractionsPageByPage) {
  v1::Interaction turn = Interaction("turn");
  turn.set_session_id("talk");
  Log({turn, Interaction("elsewhere")});
  v1::Signal escalation = Signal("escalation", "");
  escalation.set_session_id("talk");
  escalation.mutable_escalation()->set_reason("wants a person");
  v1::Signal other = Signal("other", "");
  other.set_session_id("another");
  Record({escalation, Signal("thumb", "turn"), other, Signal("far", "elsewhere"),
          Signal("second-thumb", "turn")});
  // The revision takes the place of the first statement, and its own in the order.
  v1::Signal revised = Signal("thumb", "turn");
  revised.set_revision(1);
  revised.mutable_thumbs()->set_up(false);
  Record({revised});
  v1::ListSessionSignalsRequest request;
  request.set_session_id("talk");
  request.set_page_size(2);
  std::vector<v1::Signal> signals;
  std::vector<int> pages;
  do {
    v1::ListSessionSignalsResponse response;
    ASSERT_OK(Call(&v1::IngestService::Stub::ListSessionSignals, request, &response));
    signals.insert(signals.end(), response.signals().begin(), response.signals().end());
    pages.push_back(response.signals_size());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(pages, std::vector<int>({2, 1}));
  ASSERT_EQ(signals.size(), 3u);
  EXPECT_EQ(signals[0].signal_id(), "escalation");
  EXPECT_EQ(signals[0].escalation().reason(), "wants a person");
  EXPECT_EQ(signals[1].signal_id(), "second-thumb");
  EXPECT_EQ(signals[2].signal_id(), "thumb");
  EXPECT_FALSE(signals[2].thumbs().up());
}

TEST_F(IngestTest, EndsAPageOfSignalsByItsBytesAndLosesNothing) {
  std::vector<v1::Signal> signals;
  for (int i = 0; i < 5; ++i) {
    signals.push_back(Signal("large-" + std::to_string(i), ""));
    signals.back().set_session_id("talk");
    signals.back().mutable_error_reported()->set_description(std::string(600'000, 'x'));
  }
  Record(signals);
  v1::ListSessionSignalsRequest request;
  request.set_session_id("talk");
  int found = 0;
  do {
    v1::ListSessionSignalsResponse response;
    ASSERT_OK(Call(&v1::IngestService::Stub::ListSessionSignals, request, &response));
    EXPECT_LT(response.ByteSizeLong(), 2u << 20);
    found += response.signals_size();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(found, 5);
}

TEST_F(IngestTest, RefusesAPageTokenOfAnotherSession) {
  std::vector<v1::Signal> signals;
  for (int i = 0; i < 2; ++i) {
    signals.push_back(Signal("s" + std::to_string(i), ""));
    signals.back().set_session_id("talk");
  }
  Record(signals);
  v1::ListSessionSignalsRequest request;
  request.set_session_id("talk");
  request.set_page_size(1);
  v1::ListSessionSignalsResponse response;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListSessionSignals, request, &response));
  request.set_page_token(response.next_page_token());
  request.set_session_id("another");
  EXPECT_THAT(Call(&v1::IngestService::Stub::ListSessionSignals, request, &response),
              HasReason(Reason::kInvalidArgument));
  request.clear_session_id();
  request.clear_page_token();
  EXPECT_THAT(Call(&v1::IngestService::Stub::ListSessionSignals, request, &response),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(IngestTest, CountsWhatIsStoredAndNotWhatIsReplayed) {
  v1::Interaction interaction = Interaction("a");
  UseTool({"lookup"}, interaction);
  for (int i = 0; i < 2; ++i) {
    Log({interaction});
    Record({Signal("s", "a")});
  }
  EXPECT_EQ(Stats().interactions(), 1);
  EXPECT_EQ(Stats().signals(), 1);
  EXPECT_EQ(Stats().tool_calls(), 1);
}

TEST_F(IngestTest, GroupsEvaluationMeansByAnAttribute) {
  for (int i = 0; i < 4; ++i) {
    v1::Interaction interaction = Interaction("i" + std::to_string(i));
    (*interaction.mutable_attributes())["trial"] = std::to_string(i % 2);
    Log({interaction});
    v1::Signal reward = Signal("s" + std::to_string(i), interaction.interaction_id());
    reward.mutable_evaluation()->set_name("reward");
    reward.mutable_evaluation()->set_score(i);
    Record({reward});
  }
  const auto stats = Stats("trial");
  ASSERT_EQ(stats.evaluation_means_size(), 2);
  EXPECT_EQ(stats.evaluation_means(0).group(), "0");
  EXPECT_EQ(stats.evaluation_means(0).mean(), 1);
  EXPECT_EQ(stats.evaluation_means(1).group(), "1");
  EXPECT_EQ(stats.evaluation_means(1).mean(), 2);
}

}  // namespace
}  // namespace flywheel::ingest
