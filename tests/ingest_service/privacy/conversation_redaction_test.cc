// A conversation through the real service: what the agent asked for, what keys say and what is
// known anywhere reaches the store nowhere.
#include <gmock/gmock.h>

#include <string>

#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ConversationRedaction : public IngestTest {
 protected:
  // What readers get of it.
  std::string Stored(const v1::Interaction& interaction) {
    const v1::LogInteractionsResponse logged = Log({interaction});
    for (const auto& result : logged.results()) {
      EXPECT_EQ(result.status(), common::v1::ITEM_STATUS_STORED) << result.id();
    }
    v1::ListInteractionsRequest request;
    request.set_page_size(10);
    v1::ListInteractionsResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::ListInteractions, request, &response));
    EXPECT_EQ(response.interactions_size(), 1);
    stored_ = response.interactions(0);
    return stored_.DebugString();
  }

  static void Say(common::v1::Message* message, common::v1::Role role, const std::string& text) {
    message->set_role(role);
    message->add_parts()->set_text(text);
  }

  v1::Interaction stored_;
};

TEST_F(ConversationRedaction, NothingOfThePersonIsInAnyField) {
  v1::Interaction interaction = Interaction("conversation-1");
  interaction.set_user_id("zeb_pike_3668");
  interaction.clear_input();
  interaction.clear_output();
  Say(interaction.add_history(), common::v1::ROLE_USER, "It is about Pikeworth, 92125 San Diego");
  Say(interaction.add_history(), common::v1::ROLE_ASSISTANT, "What is your date of birth?");
  Say(interaction.add_messages(), common::v1::ROLE_USER, "3 April 1987");
  common::v1::Message* call = interaction.add_messages();
  call->set_role(common::v1::ROLE_ASSISTANT);
  call->add_parts()->mutable_tool_call()->set_name("get_user");
  call->mutable_parts(0)->mutable_tool_call()->set_arguments_json(
      R"({"user_id": "zeb_pike_3668", "reservation_id": "HXDUBJ"})");
  common::v1::Message* result = interaction.add_messages();
  result->set_role(common::v1::ROLE_TOOL);
  result->add_parts()->mutable_tool_result()->set_content(
      R"({"first_name": "Zebulon", "last_name": "Pikeworth", "zip": "92125", "price": 92125})");
  Say(interaction.add_messages(), common::v1::ROLE_ASSISTANT,
      "Thanks, Zebulon. zeb_pike_3668 flies HAT069 on 2024-05-20, HXDUBJ.");
  (*interaction.mutable_attributes())["customer_name"] = "Zebulon Pikeworth";
  (*interaction.mutable_attributes())["channel"] = "web";
  const std::string stored = Stored(interaction);
  for (const char* value : {"Zebulon", "Pikeworth", "zeb_pike_3668", "\"92125", "1987", "92125 "}) {
    EXPECT_THAT(stored, Not(HasSubstr(value)));
  }
  for (const char* value : {"HXDUBJ", "HAT069", "2024-05-20", ": 92125", "web", "get_user"}) {
    EXPECT_THAT(stored, HasSubstr(value));
  }
  EXPECT_EQ(stored_.attributes().at("customer_name"), "[NAME_1]");
  EXPECT_THAT(stored_.output(), HasSubstr("Thanks, [NAME_1]. [USER_ID_1] flies"));
}

TEST_F(ConversationRedaction, AnInputAloneAnswersTheHistorysQuestion) {
  v1::Interaction interaction = Interaction("conversation-2");
  Say(interaction.add_history(), common::v1::ROLE_ASSISTANT,
      "Könnten Sie mir Ihren Namen und Ihre Postleitzahl nennen?");
  interaction.set_input("zebulon pike, 80331");
  Stored(interaction);
  EXPECT_EQ(stored_.input(), "[NAME_1], [ADDRESS_1]");
}

}  // namespace
}  // namespace flywheel::ingest
