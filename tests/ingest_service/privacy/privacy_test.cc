#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "shared/status/errors.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/ingest_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::Not;

class PrivacyTest : public IngestTest {
 protected:
  v1::GetInteractionResponse Get(const std::string& id) {
    v1::GetInteractionRequest request;
    request.set_interaction_id(id);
    v1::GetInteractionResponse response;
    EXPECT_OK(Call(&v1::IngestService::Stub::GetInteraction, request, &response));
    return response;
  }

  // Every byte that the store has on disk, write-ahead log and all.
  std::string Disk() const {
    std::string bytes;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(dir_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      bytes.append(std::istreambuf_iterator<char>(file), {});
    }
    return bytes;
  }
};

TEST_F(PrivacyTest, NothingPersonalOfAnyTextReachesTheDisk) {
  v1::Interaction interaction = Interaction("a");
  interaction.set_user_id("grace.hopper@example.com");
  interaction.set_input("write to ada@example.com or call +49 30 901820");
  interaction.set_output("done, I wrote to ada@example.com");
  interaction.add_contexts()->set_text("card 4111 1111 1111 1111");
  UseTool({"send_mail", R"({"to": "ada@example.com", "copies": 2})", "sent to bob@example.net"},
          interaction);
  *interaction.add_history() =
      Says(common::v1::ROLE_ASSISTANT, "her IBAN is DE89 3704 0044 0532 0130 00");
  common::v1::Message& more = *interaction.add_history();
  more.set_role(common::v1::ROLE_ASSISTANT);
  more.set_name("helper of hugo@example.com");
  more.add_parts()->set_reasoning("she is irma@example.com");
  more.add_parts()->mutable_media()->set_uri("https://example.com/?of=jack@example.com");
  more.add_parts()->mutable_media()->set_description("a letter to kate@example.com");
  interaction.add_tools()->set_name("send_mail");
  interaction.mutable_tools(0)->set_description("ask liam@example.com");
  interaction.mutable_tools(0)->set_parameters_json_schema(R"({"default": "mia@example.com"})");
  interaction.mutable_failure()->set_kind("timeout");
  interaction.mutable_failure()->set_message("nora@example.com did not answer");
  (*interaction.mutable_attributes())["contact"] = "carol@example.org";
  Log({interaction});
  v1::Signal correction = Signal("s", "a");
  correction.set_actor_id("staff@example.com");
  correction.mutable_correction()->set_ideal_output("write to dave@example.com");
  correction.set_comment("eve@example.com said so");
  correction.set_document_id("letters/olga@example.com");
  (*correction.mutable_attributes())["of"] = "pete@example.com";
  v1::Signal calls = Signal("u", "a");
  common::v1::Message& call = *calls.mutable_correction()->add_ideal_messages();
  call.set_role(common::v1::ROLE_ASSISTANT);
  call.add_parts()->mutable_tool_call()->set_name("send_mail");
  call.mutable_parts(0)->mutable_tool_call()->set_arguments_json(R"({"to": "quin@example.com"})");
  *calls.mutable_correction()->add_ideal_messages() =
      Says(common::v1::ROLE_ASSISTANT, "sent to rosa@example.com and quin@example.com");
  v1::Signal evaluation = Signal("t", "a");
  evaluation.mutable_evaluation()->set_name("tone");
  evaluation.mutable_evaluation()->set_label("like frank@example.com");
  evaluation.mutable_evaluation()->set_explanation("frank@example.com and gina@example.com agree");
  Record({correction, evaluation, calls});

  const v1::GetInteractionResponse stored = Get("a");
  EXPECT_EQ(stored.signals(1).evaluation().label(), "like [EMAIL_1]");
  EXPECT_EQ(stored.signals(1).evaluation().explanation(), "[EMAIL_1] and [EMAIL_2] agree");
  EXPECT_EQ(stored.interaction().input(), "write to [EMAIL_5] or call [PHONE_1]");
  EXPECT_EQ(stored.interaction().output(), "done, I wrote to [EMAIL_5]");
  EXPECT_EQ(ToolUses(stored.interaction()).at(0).arguments_json,
            R"({"to": "[EMAIL_5]", "copies": 2})");
  EXPECT_EQ(stored.signals(0).correction().ideal_output(), "write to [EMAIL_1]");
  const v1::Correction& shown = stored.signals(2).correction();
  EXPECT_EQ(shown.ideal_messages(0).parts(0).tool_call().arguments_json(),
            R"({"to": "[EMAIL_1]"})");
  EXPECT_EQ(shown.ideal_output(), "sent to [EMAIL_2] and [EMAIL_1]");
  server_.reset();
  const std::string disk = Disk();
  EXPECT_THAT(disk, HasSubstr("[EMAIL_1]"));
  for (const char* personal :
       {"grace.hopper", "ada@example", "901820", "4111 1111", "3704 0044", "bob@",
        "carol@",       "staff@",      "dave@",  "eve@",      "frank@",    "gina@",
        "hugo@",        "irma@",       "jack@",  "kate@",     "liam@",     "mia@",
        "nora@",        "olga@",       "pete@",  "quin@",     "rosa@"}) {
    EXPECT_EQ(disk.find(personal), std::string::npos) << personal;
  }
}

TEST_F(PrivacyTest, AResendIsAReplayWhateverTheRedactorFindsByThen) {
  v1::Interaction interaction = Interaction("a");
  interaction.set_input("my number is EMP-123456");
  Log({interaction});
  const std::string config = dir_.path() + "/recognisers.json";
  std::ofstream(config) << R"({"recognisers": [{"name": "employee_number",
                              "pattern": "EMP-[0-9]{6}", "words": ["emp-"]}]})";
  config_.redaction.config_file = config;
  Start();
  EXPECT_EQ(Log({interaction}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
  interaction.set_interaction_id("b");
  Log({interaction});
  EXPECT_EQ(Get("b").interaction().input(), "my number is [EMPLOYEE_NUMBER_1]");
  interaction.set_input("my number is EMP-654321");
  EXPECT_EQ(Log({interaction}).results(0).status(), common::v1::ITEM_STATUS_CONFLICT);
}

TEST_F(PrivacyTest, CleansEveryTextBeforeItLooksForPersonalDataInIt) {
  v1::Interaction interaction = Interaction("a");
  interaction.set_input("ada@exam\x01ple.com");
  interaction.set_output("Zu\u0308rich\x1B");
  interaction.add_contexts()->set_text("cafe\u0301");
  UseTool({"find", R"({"city": "Zu\u0308rich\u0000"})", "bell\x07"}, interaction);
  *interaction.add_history() = Says(common::v1::ROLE_ASSISTANT, "one\ftwo");
  (*interaction.mutable_attributes())["city"] = "Zu\u0308rich";
  Log({interaction});
  v1::Signal correction = Signal("s", "a");
  correction.mutable_correction()->set_ideal_output("cafe\u0301");
  Record({correction});
  const v1::GetInteractionResponse stored = Get("a");
  EXPECT_EQ(stored.interaction().input(), "[EMAIL_1]");
  EXPECT_EQ(stored.interaction().output(), "Z\u00FCrich");
  EXPECT_EQ(stored.interaction().contexts(0).text(), "caf\u00E9");
  EXPECT_EQ(stored.interaction().history(0).parts(0).text(), "one\ntwo");
  const ToolUseOf use = ToolUses(stored.interaction()).at(0);
  EXPECT_EQ(use.arguments_json, "{\"city\": \"Z\u00FCrich\"}");
  EXPECT_EQ(use.content, "bell");
  EXPECT_EQ(stored.interaction().attributes().at("city"), "Z\u00FCrich");
  EXPECT_EQ(stored.signals(0).correction().ideal_output(), "caf\u00E9");
  // The hash is of what was sent.
  EXPECT_EQ(Log({interaction}).results(0).status(), common::v1::ITEM_STATUS_REPLAYED);
}

TEST_F(PrivacyTest, KeepsTextsAsTheyComeWhereRedactionIsOff) {
  config_.redaction.mode = "off";
  Start();
  v1::Interaction interaction = Interaction("a");
  interaction.set_input("ada@example.com");
  Log({interaction});
  EXPECT_EQ(Get("a").interaction().input(), "ada@example.com");
  interaction.set_interaction_id("b");
  interaction.set_input("cleaned\x02 all the same");
  Log({interaction});
  EXPECT_EQ(Get("b").interaction().input(), "cleaned all the same");
}

TEST_F(PrivacyTest, DoesNotStartWithoutTheRedactionThatWasAskedFor) {
  server_.reset();
  config_.redaction.mode = "maybe";
  EXPECT_THAT(IngestServer::Start(config_, &clock_), HasReason(Reason::kInvalidConfiguration));
  config_.redaction.mode = "on";
  config_.redaction.config_file = dir_.path() + "/nowhere.json";
  EXPECT_THAT(IngestServer::Start(config_, &clock_), HasReason(Reason::kInvalidConfiguration));
}

TEST_F(PrivacyTest, ATrainerReadsNothingOfTheRecord) {
  const std::string keys = dir_.path() + "/keys";
  std::ofstream(keys) << "trainer key-of-the-trainer-1 shop trainer\n";
  config_.server.api_keys_file = keys;
  Start();
  v1::GetInteractionRequest request;
  request.set_interaction_id("a");
  v1::GetInteractionResponse response;
  EXPECT_THAT(
      Call(&v1::IngestService::Stub::GetInteraction, request, &response, "key-of-the-trainer-1"),
      HasReason(Reason::kPermissionDenied));
  v1::ListSessionSignalsRequest signals_request;
  signals_request.set_session_id("talk");
  v1::ListSessionSignalsResponse signals;
  EXPECT_THAT(Call(&v1::IngestService::Stub::ListSessionSignals, signals_request, &signals,
                   "key-of-the-trainer-1"),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace flywheel::ingest
