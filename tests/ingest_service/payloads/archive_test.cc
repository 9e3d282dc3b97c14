// What is archived can be read and taken out, and what cannot be read is said.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "flywheel/ingest/stored/earlier_interaction.pb.h"
#include "ingest_service/payloads/archive_file.h"
#include "ingest_service/payloads/archive_line.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/payloads/zstd_codec.h"
#include "tests/ingest_service/conversation.h"
#include "tests/ingest_service/retention/retention_fixture.h"

namespace flywheel::ingest {
namespace {

using testing::HasReason;

// Every field set, with texts that JSON has to escape.
v1::Interaction Full() {
  v1::Interaction full;
  full.set_interaction_id("a.b_c:d-1");
  full.set_session_id("s");
  full.set_user_id("u_0123456789abcdef0123456789abcdef");
  full.set_agent("support");
  full.set_model_version("v\"1\"");
  full.set_prompt_version("p\\2");
  full.mutable_start_time()->set_seconds(1'800'000'000);
  full.mutable_start_time()->set_nanos(123'456'789);
  full.set_input("tab\there, line\nbreak, nul" + std::string(1, '\0') +
                 " and \xF0\x9F\x98\x80 \xE2\x80\xA8 </x>");
  full.set_output("\x7F \x01 \xC3\xA9 {\"json\": [1, 2]}");
  for (int i = 0; i < 2; ++i) {
    common::v1::RetrievedContext* const context = full.add_contexts();
    context->set_document_id("d" + std::to_string(i));
    context->set_text("text");
    context->set_score(i == 0 ? -2.5e-300 : 1.0 / 3);
  }
  *full.add_history() = Says(common::v1::ROLE_SYSTEM, "be brief");
  common::v1::Message& work = *full.add_messages();
  work.set_role(common::v1::ROLE_ASSISTANT);
  work.set_name("helper");
  work.add_parts()->set_reasoning("thought");
  work.add_parts()->mutable_tool_call()->set_name("n");
  work.mutable_parts(1)->set_incomplete(true);
  work.mutable_parts(1)->mutable_tool_call()->set_arguments_json("{\"a\": \"b\"}");
  common::v1::Message& answer = *full.add_messages();
  answer.set_role(common::v1::ROLE_TOOL);
  answer.add_parts()->mutable_tool_result()->set_success(false);
  answer.add_parts()->mutable_media()->set_sha256(std::string(32, '\xFF'));
  full.add_tools()->set_parameters_json_schema("{}");
  full.mutable_failure()->set_kind("timeout");
  full.set_finish_reason("stop");
  full.set_assignment_token("AbC-_019");
  full.set_previous_interaction_id("a.b_c:d-0");
  full.set_intent("where");
  full.set_confidence(0.1);
  full.set_prompt_tokens(int64_t{9'007'199'254'740'993});
  full.set_completion_tokens(0);
  full.mutable_latency()->set_nanos(1);
  full.set_cost_usd(5e-324);
  (*full.mutable_attributes())["z"] = "1";
  (*full.mutable_attributes())["a"] = "";
  (*full.mutable_attributes())[""] = "\xE2\x82\xAC";
  return full;
}

bool IsBase64(const std::string& line) { return line.rfind("{\"payload_base64\"", 0) == 0; }

// What programs before the messages of a turn wrote: steps, between input and output.
stored::EarlierInteraction Earlier() {
  stored::EarlierInteraction earlier;
  earlier.set_input("where is it?");
  earlier.set_output("on its way");
  stored::EarlierStep& system = *earlier.add_steps();
  system.set_role(common::v1::ROLE_SYSTEM);
  system.set_text("be brief");
  stored::EarlierStep& work = *earlier.add_steps();
  work.set_role(common::v1::ROLE_ASSISTANT);
  stored::EarlierToolCall& call = *work.add_tool_calls();
  call.set_tool_call_id("c");
  call.set_name("lookup");
  call.set_arguments_json("{}");
  call.set_result("sent");
  call.set_success(true);
  return earlier;
}

void ExpectUpgraded(const std::string& payload) {
  v1::Interaction interaction;
  ASSERT_OK(ParseInteraction(payload, interaction));
  SCOPED_TRACE(interaction.DebugString());
  EXPECT_EQ(interaction.input(), "where is it?");
  EXPECT_EQ(interaction.output(), "on its way");
  ASSERT_EQ(interaction.history_size(), 1);
  EXPECT_EQ(interaction.history(0).parts(0).text(), "be brief");
  ASSERT_EQ(interaction.messages_size(), 4);
  EXPECT_EQ(interaction.messages(0).role(), common::v1::ROLE_USER);
  EXPECT_EQ(interaction.messages(2).role(), common::v1::ROLE_TOOL);
  const ToolUseOf use = ToolUses(interaction).at(0);
  EXPECT_EQ(use.name, "lookup");
  EXPECT_EQ(use.content, "sent");
  EXPECT_EQ(use.success, true);
  EXPECT_EQ(interaction.ByteSizeLong(), CanonicalBytes(interaction).size());
}

TEST(StoredInteraction, ShowsStepsOfEarlierProgramsAsMessages) {
  ExpectUpgraded(Earlier().SerializeAsString());
}

TEST(StoredInteraction, ShowsCallsOfInstructionsAsTheAgents) {
  stored::EarlierInteraction earlier;
  stored::EarlierStep& system = *earlier.add_steps();
  system.set_role(common::v1::ROLE_SYSTEM);
  system.set_text("be brief");
  system.add_tool_calls()->set_name("lookup");
  v1::Interaction interaction;
  ASSERT_OK(ParseInteraction(earlier.SerializeAsString(), interaction));
  EXPECT_EQ(interaction.history_size(), 1);
  ASSERT_EQ(interaction.messages_size(), 1);
  EXPECT_EQ(interaction.messages(0).role(), common::v1::ROLE_ASSISTANT);
  EXPECT_EQ(ToolUses(interaction).at(0).name, "lookup");
}

TEST(StoredInteraction, SaysInputAndOutputOfItsMessages) {
  v1::Interaction interaction;
  *interaction.add_messages() = Says(common::v1::ROLE_USER, "one");
  *interaction.add_messages() = Says(common::v1::ROLE_USER, "two");
  UseTool({"lookup", "{}", "found"}, interaction);
  EXPECT_EQ(InputOf(interaction), "one\ntwo");
  EXPECT_EQ(OutputOf(interaction), "") << "it ended with a tool's result";
  *interaction.add_messages() = Says(common::v1::ROLE_ASSISTANT, "done");
  interaction.mutable_messages(4)->add_parts()->set_text("really");
  EXPECT_EQ(OutputOf(interaction), "done\nreally");
}

TEST(ArchiveLine, ReadsLinesOfEarlierPrograms) {
  const auto record = FromLine(
      R"({"sequence":"7","project":"shop","commit_time":"2027-01-15T08:00:00Z","interaction":{)"
      R"("input":"where is it?","output":"on its way","steps":[{"role":"ROLE_SYSTEM",)"
      R"("text":"be brief"},{"role":"ROLE_ASSISTANT","tool_calls":[{"tool_call_id":"c",)"
      R"("name":"lookup","arguments_json":"{}","result":"sent","success":true}]}]}})");
  ASSERT_OK(record);
  ExpectUpgraded(record->payload);
}

TEST(ArchiveLine, GivesBackEveryFieldToTheByte) {
  const ArchivedRecord record = {7, absl::FromUnixMicros(1'800'000'000'123'456),
                                 CanonicalBytes(Full())};
  const auto line = ToLine("shop", record);
  ASSERT_OK(line);
  EXPECT_FALSE(IsBase64(*line));
  EXPECT_EQ(line->find('\n'), std::string::npos);
  EXPECT_THAT(*line, ::testing::HasSubstr("\"interaction_id\":\"a.b_c:d-1\""));
  const auto again = FromLine(*line);
  ASSERT_OK(again);
  EXPECT_EQ(again->sequence, 7);
  EXPECT_EQ(again->commit_time, record.commit_time);
  EXPECT_EQ(again->payload, record.payload);
  // Each field alone, so that none is missing above: what is not set must not come back.
  const auto* const fields = v1::Interaction::descriptor();
  for (int i = 0; i < fields->field_count(); ++i) {
    v1::Interaction without = Full();
    without.GetReflection()->ClearField(&without, fields->field(i));
    EXPECT_NE(CanonicalBytes(without), record.payload) << fields->field(i)->name();
    EXPECT_EQ(FromLine(*ToLine("shop", {7, record.commit_time, CanonicalBytes(without)}))->payload,
              CanonicalBytes(without))
        << fields->field(i)->name();
  }
}

TEST(ArchiveLine, KeepsTheBytesWhereJsonWouldNotGiveThemBack) {
  std::string newer = CanonicalBytes(Full());
  newer += "\xC2\x3E\x03new";  // Field 1000 of a later contract.
  std::string other_order = CanonicalBytes(Full());
  other_order += "\x0A\x02id";  // The id once more, as another writer may do.
  v1::Interaction negative_zero = Full();
  negative_zero.set_confidence(-0.0);
  for (const std::string& payload : {newer, other_order, CanonicalBytes(negative_zero),
                                     std::string("\xFF no message"), std::string()}) {
    const auto line = ToLine("shop", {7, absl::FromUnixSeconds(1'800'000'000), payload});
    ASSERT_OK(line);
    EXPECT_EQ(IsBase64(*line), !payload.empty());
    EXPECT_EQ(FromLine(*line)->payload, payload);
    EXPECT_EQ(FromLine(*line)->sequence, 7);
  }
  EXPECT_THAT(FromLine("no json"), HasReason(Reason::kStoreCorrupt));
}

// ---- Through the service.

class ArchiveTest : public RetentionTest {
 protected:
  void SetUp() override {
    config_.retention.archive_after = "1d";
    config_.retention.archive_dir = dir_.path() + "/archive";
    RetentionTest::SetUp();
  }

  // How many interactions left.
  int64_t Erase(const std::string& user_id) {
    v1::EraseRequest request;
    request.set_erasure_id("erase-" + user_id);
    request.set_user_id(user_id);
    return Erase(request);
  }
  int64_t Erase(const v1::EraseRequest& request) {
    const auto privacy = v1::PrivacyService::NewStub(channel_.get());
    v1::EraseResponse response;
    grpc::ClientContext context;
    channel_.Prepare(context, absl::Seconds(20));
    EXPECT_OK(privacy->Erase(&context, request, &response));
    return response.erasure().interactions();
  }

  std::vector<std::filesystem::path> Files() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(config_.retention.archive_dir)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    return files;
  }

  std::string Content(const std::filesystem::path& path) const {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
};

TEST_F(ArchiveTest, SaysWhichRecordOfAMissingFileCannotBeRead) {
  LogMany(30);
  EXPECT_EQ(Age(absl::Hours(49)).archived, 30);
  Log({Interaction("young")});
  ASSERT_EQ(Files().size(), 1u);
  std::filesystem::remove(Files()[0]);
  Start();
  v1::GetInteractionRequest request;
  request.set_interaction_id("i3");
  v1::GetInteractionResponse response;
  const grpc::Status status = Call(&v1::IngestService::Stub::GetInteraction, request, &response);
  EXPECT_THAT(status, HasReason(Reason::kStoreCorrupt));
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("sequence 4"));
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("missing"));
  EXPECT_TRUE(IsThere("young"));
  grpc::Status ended;
  EXPECT_TRUE(Entries(0, &ended).empty());
  EXPECT_THAT(ended, HasReason(Reason::kStoreCorrupt));
  // Behind it everything is there.
  const auto entries = Entries(30, &ended);
  EXPECT_OK(ended);
  EXPECT_EQ(entries.back().interaction().interaction_id(), "young");
}

TEST_F(ArchiveTest, TheFeedGivesEverythingBeforeADamagedRecordAndThenSaysSo) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 300; ++i) batch.push_back(Rich(i));
  Log(batch);
  EXPECT_EQ(Age(absl::Hours(49)).archived, 300);
  ASSERT_EQ(Files().size(), 1u);
  std::string bytes = Content(Files()[0]);
  bytes[bytes.size() - 40] = static_cast<char>(bytes[bytes.size() - 40] ^ 1);
  std::ofstream(Files()[0], std::ios::binary) << bytes;
  Start();
  grpc::Status ended;
  const auto entries = Entries(0, &ended);
  EXPECT_THAT(ended, HasReason(Reason::kStoreCorrupt));
  // Three frames of 128, 128 and 44 records: the last is damaged.
  ASSERT_EQ(entries.size(), 256u);
  EXPECT_EQ(entries.back().sequence(), 256);
  EXPECT_TRUE(IsThere("i255"));
  EXPECT_FALSE(IsThere("i256"));
}

TEST_F(ArchiveTest, AnErasureReachesTheFilesAndLeavesTheOthersReadable) {
  LogMany(100);
  EXPECT_EQ(Age(absl::Hours(49)).archived, 100);
  EXPECT_EQ(Erase("user-5"), 5);
  EXPECT_EQ(Stats().interactions(), 95);
  ASSERT_EQ(Files().size(), 1u);
  const auto lines = UnpackFrame(Content(Files()[0]));
  ASSERT_OK(lines);
  EXPECT_EQ(lines->size(), 95u);
  for (const std::string& line : *lines) {
    EXPECT_EQ(line.find("\"interaction_id\":\"i5\""), std::string::npos);
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(IsThere("i" + std::to_string(i)), i % 23 != 5) << i;
}

TEST_F(ArchiveTest, AnErasureOfASessionAndOfAnInteractionReachesTheFilesToo) {
  std::vector<v1::Interaction> batch;
  for (int i = 0; i < 30; ++i) {
    batch.push_back(Rich(i));
    batch.back().set_session_id(i % 2 == 0 ? "even" : "odd");
  }
  Log(batch);
  EXPECT_EQ(Age(absl::Hours(49)).archived, 30);
  // What is exported comes from the files.
  v1::ExportRecordsRequest export_request;
  export_request.set_session_id("even");
  grpc::ClientContext context;
  channel_.Prepare(context, absl::Seconds(20));
  const auto privacy = v1::PrivacyService::NewStub(channel_.get());
  const auto reader = privacy->ExportRecords(&context, export_request);
  std::vector<std::string> outputs;
  v1::ExportRecordsResponse response;
  while (reader->Read(&response)) {
    for (const auto& interaction : response.interactions()) outputs.push_back(interaction.output());
  }
  EXPECT_OK(reader->Finish());
  ASSERT_EQ(outputs.size(), 15u);
  EXPECT_EQ(outputs.back(), "on its way");
  v1::EraseRequest request;
  request.set_erasure_id("e1");
  request.set_session_id("even");
  EXPECT_EQ(Erase(request), 15);
  request.set_erasure_id("e2");
  request.set_interaction_id("i3");
  EXPECT_EQ(Erase(request), 1);
  ASSERT_EQ(Files().size(), 1u);
  const auto lines = UnpackFrame(Content(Files()[0]));
  ASSERT_OK(lines);
  EXPECT_EQ(lines->size(), 14u);
  for (const std::string& line : *lines) {
    EXPECT_EQ(line.find("\"even\""), std::string::npos);
    EXPECT_EQ(line.find("\"interaction_id\":\"i3\""), std::string::npos);
  }
}

TEST_F(ArchiveTest, AnErasureIsNotHeldUpByAFileThatIsLost) {
  LogMany(30);
  EXPECT_EQ(Age(absl::Hours(49)).archived, 30);
  std::filesystem::remove(Files()[0]);
  Erase("user-5");
  EXPECT_EQ(Stats().interactions(), 28);
}

TEST_F(ArchiveTest, WithoutItsArchiveTheServiceSaysWhatIsMissing) {
  LogMany(30);
  EXPECT_EQ(Age(absl::Hours(49)).archived, 30);
  config_.retention = {};
  Start();
  Log({Interaction("young")});
  EXPECT_TRUE(IsThere("young"));
  v1::GetInteractionRequest request;
  request.set_interaction_id("i3");
  v1::GetInteractionResponse response;
  const grpc::Status status = Call(&v1::IngestService::Stub::GetInteraction, request, &response);
  EXPECT_THAT(status, HasReason(Reason::kStorageUnavailable));
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("--archive-dir"));
}

}  // namespace
}  // namespace flywheel::ingest
