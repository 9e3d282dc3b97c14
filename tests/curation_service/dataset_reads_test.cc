// What readers of dataset versions get: rows, exports and lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

class DatasetReadsTest : public CurationTest {
 protected:
  std::string Export(const std::string& version, v1::Split split = v1::SPLIT_UNSPECIFIED) {
    v1::ExportDatasetRequest request;
    request.set_dataset_version_id(version);
    request.set_split(split);
    grpc::ClientContext context;
    const auto reader = stub_->ExportDataset(&context, request);
    v1::ExportDatasetResponse response;
    std::string jsonl;
    while (reader->Read(&response)) {
      EXPECT_EQ(response.jsonl().back(), '\n');
      jsonl += response.jsonl();
    }
    EXPECT_OK(reader->Finish());
    return jsonl;
  }
};

TEST_F(DatasetReadsTest, StreamsAllRowsInOrderInMessagesOfAtMostFiveHundred) {
  AddAccepted(1'203);
  const v1::DatasetVersion version = Built(BuildRequest("v1"));
  const auto rows = Rows("v1");
  ASSERT_EQ(rows.size(), 1'203u);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].interaction_id(), "a" + std::to_string(i));
  }
  EXPECT_EQ(static_cast<int64_t>(Rows("v1", false, v1::SPLIT_EVAL).size()), version.eval_rows());
  EXPECT_EQ(static_cast<int64_t>(Rows("v1", false, v1::SPLIT_TRAIN).size()), version.train_rows());
}

TEST_F(DatasetReadsTest, ReadsRowsOfLongTextsInPiecesAndLeavesNoneOut) {
  for (int i = 0; i < 7; ++i) {
    const std::string id = "i" + std::to_string(i);
    Log({.id = id, .input = id + std::string(600'000, 'x')});
    Accept(id);
  }
  Built(BuildRequest("v1"));
  const auto rows = Rows("v1");
  ASSERT_EQ(rows.size(), 7u);
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].interaction_id(), "i" + std::to_string(i));
  }
}

TEST_F(DatasetReadsTest, ExportsChatMessagesThatParse) {
  ingest::v1::FeedEntry entry =
      InteractionEntry({.id = "i1", .input = "say \"hi\"\n\u00fc", .output = "hi"});
  ingest::v1::Interaction& turn = *entry.mutable_interaction();
  AddText(common::v1::ROLE_SYSTEM, "Greet by name.", *turn.mutable_history());
  AddText(common::v1::ROLE_USER, turn.input(), *turn.mutable_messages());
  common::v1::Message& called = *turn.add_messages();
  called.set_role(common::v1::ROLE_ASSISTANT);
  common::v1::ToolCall& call = *called.add_parts()->mutable_tool_call();
  call.set_tool_call_id("c1");
  call.set_name("greet");
  call.set_arguments_json(R"({"name":"you"})");
  common::v1::Message& gave = *turn.add_messages();
  gave.set_role(common::v1::ROLE_TOOL);
  gave.add_parts()->mutable_tool_result()->set_tool_call_id("c1");
  gave.mutable_parts(0)->mutable_tool_result()->set_content("greeted");
  gave.mutable_parts(0)->mutable_tool_result()->set_success(true);
  AddText(common::v1::ROLE_ASSISTANT, "hi", *turn.mutable_messages());
  turn.add_tools()->set_name("greet");
  turn.add_contexts()->set_text("people like to be greeted");
  turn.mutable_contexts(0)->mutable_age()->set_seconds(60);
  turn.set_prompt_version("p1");
  ingest_.Add(entry);
  Accept("i1");
  Log({.id = "i2", .input = "q2"});
  Reject("i2");
  Log({.id = "i3", .input = "q3"});
  React("i3", [](auto& signal) { signal.mutable_copy(); });
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  Built(request);

  std::istringstream lines(Export("v1"));
  std::vector<nlohmann::json> parsed;
  for (std::string line; std::getline(lines, line);) parsed.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(parsed.size(), 2u);  // Without what not to do.
  std::vector<std::string> roles;
  for (const auto& message : parsed[0]["messages"]) roles.push_back(message["role"]);
  EXPECT_THAT(roles, ::testing::ElementsAre("system", "user", "assistant", "tool", "assistant"));
  EXPECT_EQ(parsed[0]["messages"][1]["content"], "say \"hi\"\n\u00fc");
  EXPECT_EQ(parsed[0]["messages"][2]["tool_calls"][0]["function"]["name"], "greet");
  EXPECT_EQ(parsed[0]["messages"][3]["tool_call_id"], "c1");
  EXPECT_EQ(parsed[0]["messages"][4]["content"], "hi");
  EXPECT_EQ(parsed[0]["tools"][0]["function"]["name"], "greet");
  EXPECT_EQ(parsed[0]["metadata"]["interaction_id"], "i1");
  EXPECT_EQ(parsed[0]["metadata"]["tier"], "platinum");
  EXPECT_EQ(parsed[0]["metadata"]["weight"], 5.0);
  EXPECT_EQ(parsed[0]["metadata"]["source"], "user_accepted");
  EXPECT_FALSE(parsed[1].contains("tools"));
  EXPECT_EQ(Export("v1", v1::SPLIT_EVAL), "");

  // As they were logged, with their short form.
  const v1::DatasetRow row = Rows("v1")[0];
  ASSERT_EQ(row.prompt_size(), 2);
  EXPECT_EQ(row.prompt(0).SerializeAsString(), turn.history(0).SerializeAsString());
  EXPECT_EQ(row.prompt(1).SerializeAsString(), turn.messages(0).SerializeAsString());
  ASSERT_EQ(row.ideal_size(), 3);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(row.ideal(i).SerializeAsString(), turn.messages(i + 1).SerializeAsString());
  }
  EXPECT_EQ(row.tools(0).SerializeAsString(), turn.tools(0).SerializeAsString());
  EXPECT_EQ(row.contexts(0).SerializeAsString(), turn.contexts(0).SerializeAsString());
  EXPECT_EQ(row.input(), turn.input());
  EXPECT_EQ(row.ideal_output(), "hi");
  EXPECT_EQ(row.prompt_version(), "p1");
}

TEST_F(DatasetReadsTest, ListsVersionsPageByPageTheNewestFirst) {
  AddAccepted(3);
  for (int i = 1; i <= 5; ++i) Built(BuildRequest("v" + std::to_string(i)));
  v1::ListDatasetVersionsRequest request;
  request.set_page_size(2);
  std::vector<std::string> ids;
  do {
    v1::ListDatasetVersionsResponse response;
    ASSERT_OK(Call(&v1::CurationService::Stub::ListDatasetVersions, request, response));
    for (const auto& version : response.dataset_versions()) {
      ids.push_back(version.dataset_version_id());
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(ids, ::testing::ElementsAre("v5", "v4", "v3", "v2", "v1"));
}

}  // namespace
}  // namespace flywheel::curation
