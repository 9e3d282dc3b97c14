// What readers of dataset versions get: rows, exports and lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "shared/sql/connection.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

class DatasetReadsTest : public CurationTest {
 protected:
  std::string Export(const std::string& version, v1::Split split = v1::SPLIT_UNSPECIFIED) {
    v1::ExportDatasetRequest request;
    request.set_include_metadata(true);
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

// The stub takes what a client of default settings does, 4 MiB.
TEST_F(DatasetReadsTest, SendsNoMoreThanAClientTakesAndSaysWhatItLeftOut) {
  const auto log = [&](const std::string& id, size_t bytes, char c) {
    Log({.id = id, .input = id + std::string(bytes, c)});
    Accept(id);
  };
  // Each stands twice in a row, as the prompt and as its short form.
  log("small", 480'000, 'x');
  log("large", 1'490'000, 'x');
  log("escaped", 490'000, '\x01');
  log("too large", 1'500'000, 'x');
  log("too large as a line", 500'000, '\x01');
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_TOO_LARGE), 2);
  ASSERT_EQ(Rows("v1").size(), 3u);
  EXPECT_GT(Rows("v1")[1].ByteSizeLong(), 2'900'000u);
  std::istringstream lines(Export("v1"));
  size_t longest = 0;
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    longest = std::max(longest, line.size());
  EXPECT_EQ(count, 3);
  EXPECT_GT(longest, 2'900'000u);
}

TEST_F(DatasetReadsTest, HasNoRowThatCallsAToolWithMalformedArguments) {
  const auto log = [&](const std::string& id, const std::string& arguments) {
    ingest::v1::FeedEntry entry = InteractionEntry({.id = id, .input = "greet " + id});
    ingest::v1::Interaction& turn = *entry.mutable_interaction();
    AddText(common::v1::ROLE_USER, turn.input(), *turn.mutable_messages());
    common::v1::Message& called = *turn.add_messages();
    called.set_role(common::v1::ROLE_ASSISTANT);
    called.add_parts()->mutable_tool_call()->set_name("greet");
    called.mutable_parts(0)->mutable_tool_call()->set_arguments_json(arguments);
    AddText(common::v1::ROLE_ASSISTANT, turn.output(), *turn.mutable_messages());
    ingest_.Add(entry);
    Accept(id);
  };
  log("good", R"({"name": "you"})");
  log("none", "");
  log("cut", R"({"name": "y)");
  log("list", "[1]");
  v1::BuildDatasetVersionRequest request = BuildRequest("v1");
  request.mutable_options()->set_eval_share(1e-9);
  const v1::DatasetVersion version = Built(request);
  EXPECT_EQ(Removed(version, v1::REMOVAL_REASON_MALFORMED_CALL), 2);
  EXPECT_EQ(version.train_rows(), 2);

  // As a version of an earlier program has it.
  server_.reset();
  {
    const auto connection =
        sql::Connection::Open(data_.path() + "/curation.db", sql::Access::kWrite);
    ASSERT_OK(connection);
    ASSERT_OK((*connection)->Execute(R"sql(
        UPDATE dataset_rows SET ideal = replace(ideal, 'you', 'you\"') WHERE row_index = 0)sql"));
  }
  Start();
  EXPECT_EQ(Rows("v1").size(), 2u);
  const std::string lines = Export("v1");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
  EXPECT_THAT(lines, ::testing::HasSubstr("greet none"));
}

TEST_F(DatasetReadsTest, ExportsWhatWasRetrievedWhereItsFormatHasAPlace) {
  ingest::v1::FeedEntry entry = InteractionEntry({.id = "i1"});
  entry.mutable_interaction()->add_contexts()->set_document_id("d1");
  entry.mutable_interaction()->mutable_contexts(0)->set_text("parcels take a day");
  ingest_.Add(entry);
  Accept("i1");
  v1::BuildDatasetVersionRequest build = BuildRequest("v1");
  build.mutable_options()->set_eval_share(1e-9);
  Built(build);
  v1::ExportDatasetRequest request;
  request.set_dataset_version_id("v1");
  request.set_include_contexts(true);
  v1::ExportDatasetResponse response;
  grpc::ClientContext refused;
  EXPECT_THAT(stub_->ExportDataset(&refused, request)->Finish(),
              testing::HasReason(Reason::kInvalidArgument));
  request.set_format(v1::EXPORT_FORMAT_PROMPT_COMPLETION);
  grpc::ClientContext context;
  const auto reader = stub_->ExportDataset(&context, request);
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(nlohmann::json::parse(response.jsonl())["contexts"][0]["text"], "parcels take a day");
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_OK(reader->Finish());
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
