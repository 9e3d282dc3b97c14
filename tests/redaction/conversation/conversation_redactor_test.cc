// What is personal anywhere in a conversation is replaced everywhere in it.
#include "redaction/conversation/conversation_redactor.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/redaction/conversation/dialogue.h"

namespace flywheel::redaction {
namespace {

TEST(ConversationRedactor, ReplacesWhatIsKnownInTextsThatCameEarlier) {
  Dialogue said;
  said.User("Hi, it's about the trip of Zebulon Pikeworth")
      .Tool(R"({"name": {"first_name": "Zebulon", "last_name": "Pikeworth"}, "zip": "92125"})")
      .Agent("Thank you, Zebulon. Do you still live in San Diego, CA 92125?")
      .Redact();
  EXPECT_EQ(said[0], "Hi, it's about the trip of [NAME_1]");
  EXPECT_EQ(
      said[1],
      R"({"name": {"first_name": "[NAME_1]", "last_name": "[NAME_1]"}, "zip": "[ADDRESS_1]"})");
  EXPECT_EQ(said[2].find("Zebulon"), std::string::npos) << said[2];
  EXPECT_EQ(said[2].find("92125"), std::string::npos) << said[2];
}

TEST(ConversationRedactor, AnAnswerIsKnownByItsParts) {
  Dialogue said;
  said.Agent("May I have your full name?")
      .User("Terri Jimmy York")
      .Agent("Found it, Terri. Is the bag of Mr York red?")
      .Redact();
  EXPECT_EQ(said[2], "Found it, [NAME_1]. Is the bag of Mr [NAME_1] red?");
}

TEST(ConversationRedactor, WhoIsSpokenToBeginsASentence) {
  Dialogue said;
  said.Tool(R"({"first_name": "Grace", "last_name": "Pikeworth"})")
      .Agent("Grace, there are two items. Grace period: 30 days.")
      .Redact();
  EXPECT_EQ(said[1], "[NAME_1], there are two items. Grace period: 30 days.");
}

TEST(ConversationRedactor, TellsTwoOfOneFamilyApart) {
  Dialogue said;
  said.Tool(R"({"passengers": [{"first_name": "Ann", "last_name": "Pikeworth"},)"
            R"( {"first_name": "Bob", "last_name": "Pikeworth"}]})")
      .User("Ann Pikeworth sits beside Bob Pikeworth, both Pikeworth. Tell ann.pikeworth, too")
      .Redact();
  EXPECT_EQ(said[1], "[NAME_1] sits beside [NAME_3], both [NAME_2]. Tell [NAME_1], too");
}

TEST(ConversationRedactor, TheUsersIdInClearIsReplaced) {
  Dialogue said;
  said.OfUser("mira_pike_3668")
      .User("I am mira_pike_3668, my card is credit_card_3668123")
      .Tool(R"({"user_id":"mira_pike_3668","reservation_id":"HXDUBJ"})")
      .Tool("user MIRA_PIKE_3668 not found; mira_pike_36681 neither")
      .Redact();
  EXPECT_EQ(said[0], "I am [USER_ID_1], my card is credit_card_3668123");
  EXPECT_EQ(said[1], R"({"user_id":"[USER_ID_1]","reservation_id":"HXDUBJ"})");
  EXPECT_EQ(said[2], "user [USER_ID_1] not found; mira_pike_36681 neither");
}

TEST(ConversationRedactor, AnIdThatCouldBeAnythingIsNotLookedFor) {
  for (const char* id : {"42", "12345", "admin", "user", "the", "u1"}) {
    const std::string text = "the admin of user u1 paid 42 of 12345";
    EXPECT_EQ(Dialogue().OfUser(id).User(text).Redact()[0], text) << id;
  }
}

TEST(ConversationRedactor, ANameThatIsAWordIsReplacedWithACapitalInsideASentence) {
  Dialogue said;
  said.Tool(R"({"first_name": "Will", "last_name": "Rose"})")
      .Agent("Will it suit you, Will? Mrs X will bring a rose on Sunday. Rose is fine for Rose.")
      .Redact();
  EXPECT_EQ(said[1],
            "Will it suit you, [NAME_1]? Mrs X will bring a rose on Sunday. Rose is fine for "
            "[NAME_1].");
}

TEST(ConversationRedactor, AnAirportIsNoName) {
  Dialogue said;
  said.Tool(R"({"first_name": "Mia", "last_name": "Li"})")
      .Agent("From MIA on. Mia flies, and so does mia.")
      .Redact();
  EXPECT_EQ(said[1], "From MIA on. [NAME_1] flies, and so does [NAME_1].");
}

TEST(ConversationRedactor, KnownSecretsAndNumbersArePassedOn) {
  Dialogue said;
  said.Agent("Could you give me your social security number?")
      .User("536221847")
      .Agent("I noted 536221847 and changed nothing of order 5362218471.")
      .Redact();
  EXPECT_EQ(said[1], "[NATIONAL_ID_1]");
  EXPECT_EQ(said[2], "I noted [NATIONAL_ID_1] and changed nothing of order 5362218471.");
}

TEST(ConversationRedactor, PlaceholdersOfATextAreNotGivenAgain) {
  Dialogue said;
  said.Agent("Your name?").User("Zebulon Pike").Agent("[NAME_1] and [NAME_4] are here").Redact();
  EXPECT_EQ(said[1], "[NAME_5]");
  EXPECT_EQ(said[2], "[NAME_1] and [NAME_4] are here");
}

TEST(ConversationRedactor, NamesOfAttributesDecideLikeKeys) {
  ConversationRedactor redactor(TheDetector());
  std::string name = "Zebulon Pike", zip = "92125", agent = "refund_bot", plan = "Gold Plus";
  std::string said = "zebulon pike asked";
  redactor.AddNamed(
      {{"customer_name", &name}, {"user.zip", &zip}, {"agent", &agent}, {"plan.name", &plan}});
  redactor.Add(Speaker::kOther, &said);
  ASSERT_OK(redactor.Finish());
  EXPECT_EQ(name, "[NAME_1]");
  EXPECT_EQ(zip, "[ADDRESS_1]");
  EXPECT_EQ(agent, "refund_bot");
  EXPECT_EQ(plan, "Gold Plus");
  EXPECT_EQ(said, "[NAME_1] asked");
  EXPECT_EQ(redactor.counts()[static_cast<size_t>(DataType::kName)], 2);
}

TEST(ConversationRedactor, ASupportDialogueKeepsItsOrdinaryData) {
  const std::vector<std::pair<Speaker, std::string>> turns = {
      {Speaker::kUser, "I want to change order #W4471182 of 2024-05-20, it was $92.12"},
      {Speaker::kAgent, "Could you tell me your order number again?"},
      {Speaker::kUser, "#W4471182, paid with credit_card_1234567"},
      {Speaker::kOther,
       R"({"name": "Desk Lamp", "product_id": "6942297802", "price": 92125, "options": )"
       R"({"color": "black"}, "available": true})"},
      {Speaker::kOther,
       R"({"flight_number": "HAT069", "origin": "JFK", "city": "Denver", "date": "2024-05-20"})"},
      {Speaker::kOther, R"({"name": "get_order", "arguments": {"order_id": "#W4471182"}})"},
      {Speaker::kOther, R"({"type": "object", "properties": {"name": {"type": "string"}, )"
                        R"("zip": {"type": "string"}}})"},
      {Speaker::kOther, R"({"file": "a.zip", "zip": "a.zip", "license": "Apache-2.0"})"},
      {Speaker::kAgent, "The next flight, HAT069, leaves on 2024-05-21 at 06:00 for $121."},
      {Speaker::kUser, "The second option"},
  };
  Dialogue said;
  for (const auto& [speaker, text] : turns) {
    if (speaker == Speaker::kUser) said.User(text);
    if (speaker == Speaker::kAgent) said.Agent(text);
    if (speaker == Speaker::kOther) said.Tool(text);
  }
  said.Redact();
  for (size_t i = 0; i < turns.size(); ++i) EXPECT_EQ(said[i], turns[i].second);
}

TEST(ConversationRedactor, LeavesCleanTextsWhereTheyAre) {
  std::string text = "Where is my order 4471182, it was $1,200.50?";
  const char* bytes = text.data();
  ConversationRedactor redactor(TheDetector());
  redactor.Know(DataType::kUserId, "mira_pike_3668");
  redactor.Add(Speaker::kUser, &text);
  const auto changed = redactor.Finish();
  ASSERT_OK(changed);
  EXPECT_FALSE(*changed);
  EXPECT_EQ(text.data(), bytes);
}

TEST(ConversationRedactor, WorksOnHostileTexts) {
  const char* pieces[] = {
      "Ann ", "[", "{", "\"", "{\"name\":", "Agent: name?\nUser: ", "a.", "\"zip\": 9", "ann lee "};
  for (const char* piece : pieces) {
    std::string text;
    while (text.size() < 300'000) text += piece;
    ConversationRedactor redactor(TheDetector());
    std::string person = R"({"first_name": "Ann", "last_name": "Lee"})";
    redactor.Add(Speaker::kOther, &person);
    redactor.Add(Speaker::kUser, &text);
    EXPECT_OK(redactor.Finish()) << piece;
  }
}

}  // namespace
}  // namespace flywheel::redaction
