// What turns of a conversation repeat is stored once, and every turn is read whole.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest_service/store/message_store.h"
#include "ingest_service/store/migrations.h"
#include "ingest_service/store/record_audit.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/privacy/privacy_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::IsEmpty;

// What the store's file holds, beside the service that runs.
struct Held {
  int64_t messages = 0;
  int64_t bytes = 0;
  std::vector<std::string> findings;
};

class SharedMessagesTest : public PrivacyServiceTest {
 protected:
  // The turns of a conversation, each with all before it as history.
  std::vector<v1::Interaction> Conversation(const std::string& session, int turns,
                                            size_t text_bytes = 400) const {
    std::vector<v1::Interaction> conversation;
    std::vector<common::v1::Message> said = {Says(common::v1::ROLE_SYSTEM, "Be kind.")};
    // Long enough to be worth a row of its own.
    said[0].mutable_parts(0)->mutable_text()->append(200, '.');
    for (int turn = 0; turn < turns; ++turn) {
      v1::Interaction interaction = Of("user of " + session, fmt::format("{}-{}", session, turn));
      interaction.set_session_id(session);
      interaction.clear_input();
      interaction.clear_output();
      for (const common::v1::Message& message : said) *interaction.add_history() = message;
      const std::string text = fmt::format("{} {} {}", session, turn, std::string(text_bytes, 'x'));
      *interaction.add_messages() = Says(common::v1::ROLE_USER, text + "?");
      *interaction.add_messages() = Says(common::v1::ROLE_ASSISTANT, text + ".");
      for (const common::v1::Message& message : interaction.messages()) said.push_back(message);
      conversation.push_back(std::move(interaction));
    }
    return conversation;
  }

  Held Look() const {
    Held held;
    const auto connection = sql::Connection::Open(dir_.path() + "/ingest.db", sql::Access::kRead);
    EXPECT_OK(connection);
    sql::Statement select =
        (*connection)->Prepare("SELECT COUNT(*), COALESCE(SUM(LENGTH(body)), 0) FROM messages");
    EXPECT_TRUE(select.Next());
    held.messages = select.Int64(0);
    held.bytes = select.Int64(1);
    select.Reset();
    const auto audit = AuditRecord(**connection);
    EXPECT_OK(audit);
    if (audit.ok()) held.findings = audit->findings;
    return held;
  }

  v1::Interaction Get(const std::string& id) {
    v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    v1::GetInteractionResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
    return response.interaction();
  }
};

MATCHER_P(SaysTheSameAs, turn, "") {
  v1::Interaction one, other;
  *one.mutable_history() = arg.history();
  *one.mutable_messages() = arg.messages();
  *other.mutable_history() = turn.history();
  *other.mutable_messages() = turn.messages();
  return one.SerializeAsString() == other.SerializeAsString();
}

TEST_F(SharedMessagesTest, EachIsStoredOnceAndEachTurnIsReadWhole) {
  const auto conversation = Conversation("s", 20);
  Log(conversation);
  EXPECT_EQ(Look().messages, 1 + 2 * 20);
  EXPECT_THAT(Look().findings, IsEmpty());
  for (const v1::Interaction& turn : conversation) {
    EXPECT_THAT(Get(turn.interaction_id()), SaysTheSameAs(turn));
  }
  // A list and a feed, which read pages.
  v1::ListInteractionsRequest request;
  request.set_session_id("s");
  request.set_order(common::v1::LIST_ORDER_OLDEST_FIRST);
  v1::ListInteractionsResponse list;
  ASSERT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &list));
  ASSERT_EQ(list.interactions_size(), 20);
  const auto feed = Feed();
  ASSERT_EQ(feed.size(), 20U);
  for (int i = 0; i < 20; ++i) {
    const v1::Interaction& turn = conversation[static_cast<size_t>(i)];
    EXPECT_THAT(list.interactions(i), SaysTheSameAs(turn));
    EXPECT_THAT(feed[static_cast<size_t>(i)].interaction(), SaysTheSameAs(turn));
  }
}

TEST_F(SharedMessagesTest, TurnsMayComeInAnyOrderAndAgain) {
  auto conversation = Conversation("s", 6);
  std::vector<v1::Interaction> backwards(conversation.rbegin(), conversation.rend());
  Log(backwards);
  const Held once = Look();
  EXPECT_EQ(once.messages, 13);
  const v1::LogInteractionsResponse again = Log(conversation);
  for (const auto& result : again.results()) {
    EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_REPLAYED);
  }
  // A conflict leaves nothing of what it said.
  conversation[3].mutable_messages(1)->mutable_parts(0)->set_text("something else");
  EXPECT_EQ(Log({conversation[3]}).results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
  EXPECT_EQ(Look().messages, once.messages);
  EXPECT_EQ(Look().bytes, once.bytes);
  EXPECT_THAT(Look().findings, IsEmpty());
}

TEST_F(SharedMessagesTest, GrowsWithWhatIsNewInATurn) {
  Log(Conversation("short", 25, 1'000));
  const int64_t half = Look().bytes;
  Log(Conversation("long", 50, 1'000));
  // Not with its square: 50 turns are twice 25.
  EXPECT_LT(Look().bytes - half, half * 2 + half / 20);
}

TEST_F(SharedMessagesTest, LeaveWithTheLastTurnThatHasThem) {
  Log(Conversation("one", 4));
  Log(Conversation("two", 4));
  EXPECT_EQ(Look().messages, 1 + 2 * 8);
  Erase(EraseSessionRequest("first", "one"));
  EXPECT_EQ(Look().messages, 1 + 8);
  EXPECT_THAT(Get("two-3"), SaysTheSameAs(Conversation("two", 4)[3]));
  // One turn alone: what it said is history of later ones, which keep it.
  Erase(EraseInteractionRequest("second", "two-1"));
  EXPECT_EQ(Look().messages, 1 + 8);
  // The last turn leaves with its own words alone.
  Erase(EraseInteractionRequest("third", "two-3"));
  EXPECT_EQ(Look().messages, 1 + 6);
  EXPECT_THAT(Get("two-2"), SaysTheSameAs(Conversation("two", 4)[2]));
  Erase(EraseSessionRequest("fourth", "two"));
  EXPECT_EQ(Look().messages, 0);
  EXPECT_THAT(Look().findings, IsEmpty());
}

TEST_F(SharedMessagesTest, TinyOnesStayInTheirTurn) {
  const auto conversation = Conversation("s", 20, 5);
  Log(conversation);
  EXPECT_EQ(Look().messages, 0);
  for (const v1::Interaction& turn : conversation) {
    EXPECT_THAT(Get(turn.interaction_id()), SaysTheSameAs(turn));
  }
}

TEST_F(SharedMessagesTest, ToolsThatDeleteRowsCountAnew) {
  const auto path = dir_.path() + "/tree.db";
  auto opened = sql::Connection::Open(path, sql::Access::kWrite);
  ASSERT_OK(opened);
  ASSERT_OK(sql::Migrate(**opened, path, Migrations()));
  MessageStore messages(**opened);
  const auto first = messages.Use({{"hash 1", "a"}, {"hash 2", "b"}});
  const auto second = messages.Use({{"hash 1", "a"}, {"hash 3", "c"}});
  ASSERT_OK(first);
  ASSERT_OK(second);
  EXPECT_THAT(*messages.Read(*first), ::testing::ElementsAre("a", "b"));
  EXPECT_THAT(*messages.Read(*second), ::testing::ElementsAre("a", "c"));
  // Nothing in `interactions` says that these are used.
  EXPECT_EQ(*messages.CountMiscounted(), 2);
  EXPECT_EQ(*messages.UnsharedBytes(*first), 1);
  ASSERT_OK(messages.Release({PayloadForm::kShared, *first}));
  EXPECT_THAT(*messages.Read(*second), ::testing::ElementsAre("a", "c"));
  // One that is used and missing is counted, too.
  ASSERT_OK((**opened).Execute("DELETE FROM messages WHERE path_hash = CAST('hash 1' AS BLOB)"));
  EXPECT_EQ(*messages.CountMiscounted(), 2);
  ASSERT_OK(messages.CountUsesAnew());
  EXPECT_THAT(messages.Read(*second).status(), testing::HasReason(Reason::kStoreCorrupt));
}

}  // namespace
}  // namespace flywheel::ingest
