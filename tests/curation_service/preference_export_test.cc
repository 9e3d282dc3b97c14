// What should be answered beside what should not, as trainers of preferences take it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::json;

class PreferenceExportTest : public CurationTest {
 protected:
  void SetUp() override {
    CurationTest::SetUp();
    Log({.id = "corrected", .input = "q1", .output = "wrong"});
    Correct("corrected", "right");
    Log({.id = "liked", .input = "q2", .output = "good"});
    Accept("liked");
    Log({.id = "disliked", .input = "q2", .output = "bad"});
    Reject("disliked");
    Log({.id = "alone", .input = "q3", .output = "fine"});
    Accept("alone");
    Log({.id = "same", .input = "q4", .output = "the same"});
    Correct("same", "The  Same");
  }

  void Build() {
    v1::BuildDatasetVersionRequest request = BuildRequest("v1");
    request.mutable_options()->set_eval_share(1e-9);
    Built(request);
  }

  std::vector<Json> Export(v1::ExportFormat format) {
    v1::ExportDatasetRequest request;
    request.set_dataset_version_id("v1");
    request.set_split(v1::SPLIT_TRAIN);
    request.set_format(format);
    grpc::ClientContext context;
    const auto reader = stub_->ExportDataset(&context, request);
    v1::ExportDatasetResponse response;
    std::string text;
    while (reader->Read(&response)) text += response.jsonl();
    EXPECT_OK(reader->Finish());
    std::vector<Json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  static std::string Last(const Json& messages) { return messages.back()["content"]; }
};

TEST_F(PreferenceExportTest, PairsACorrectionWithTheAnswerAndTwoAnswersOfOnePrompt) {
  Build();
  std::vector<std::string> pairs;
  for (const Json& line : Export(v1::EXPORT_FORMAT_PREFERENCE)) {
    pairs.push_back(Last(line["prompt"]) + ": " + Last(line["chosen"]) + ", not " +
                    Last(line["rejected"]) + " of " +
                    line["metadata"]["rejected_interaction_id"].get<std::string>());
  }
  EXPECT_THAT(pairs,
              ElementsAre("q1: right, not wrong of corrected", "q2: good, not bad of disliked"));
}

TEST_F(PreferenceExportTest, JudgesEachAnswerByItself) {
  Build();
  std::vector<std::string> judged;
  for (const Json& line : Export(v1::EXPORT_FORMAT_UNPAIRED_PREFERENCE)) {
    judged.push_back((line["label"].get<bool>() ? "yes " : "no ") + Last(line["completion"]));
  }
  EXPECT_THAT(judged, UnorderedElementsAre("yes right", "no wrong", "yes good", "no bad",
                                           "yes fine", "yes The  Same"));
}

TEST_F(PreferenceExportTest, ForgetsWithThePerson) {
  const int64_t hers = ingest_.Add(InteractionEntry({.id = "hers", .input = "q5", .output = "no"}));
  Correct("hers", "yes");
  Build();
  ASSERT_EQ(Export(v1::EXPORT_FORMAT_PREFERENCE).size(), 3u);
  ingest::v1::FeedEntry tombstone;
  tombstone.mutable_tombstone()->set_erasure_id("e1");
  tombstone.mutable_tombstone()->add_sequences(hers);
  tombstone.mutable_tombstone()->set_last(true);
  last_ = ingest_.Add(tombstone);
  AwaitFeed();
  EXPECT_EQ(Export(v1::EXPORT_FORMAT_PREFERENCE).size(), 2u);
}

TEST_F(PreferenceExportTest, KeepsTheWorkThatLedToACorrectedText) {
  ingest::v1::FeedEntry entry = InteractionEntry({.id = "worked"});
  ingest::v1::Interaction& interaction = *entry.mutable_interaction();
  interaction.clear_input();
  interaction.clear_output();
  auto& messages = *interaction.mutable_messages();
  AddText(common::v1::ROLE_USER, "Rain in Oslo?", messages);
  common::v1::Message& calls = *messages.Add();
  calls.set_role(common::v1::ROLE_ASSISTANT);
  calls.add_parts()->mutable_tool_call()->set_tool_call_id("c1");
  calls.mutable_parts(0)->mutable_tool_call()->set_name("get_weather");
  calls.mutable_parts(0)->mutable_tool_call()->set_arguments_json("{}");
  common::v1::Message& gives = *messages.Add();
  gives.set_role(common::v1::ROLE_TOOL);
  gives.add_parts()->mutable_tool_result()->set_tool_call_id("c1");
  gives.mutable_parts(0)->mutable_tool_result()->set_content("rain");
  AddText(common::v1::ROLE_ASSISTANT, "No.", messages);
  interaction.set_input("Rain in Oslo?");
  interaction.set_output("No.");
  ingest_.Add(entry);
  Correct("worked", "Yes.");
  Build();
  for (const Json& line : Export(v1::EXPORT_FORMAT_PREFERENCE)) {
    if (line["metadata"]["interaction_id"] != "worked") continue;
    EXPECT_EQ(line["prompt"].size(), 3u) << "the call and what it gave are no part of the mistake";
    EXPECT_EQ(line["chosen"].size(), 1u);
    EXPECT_EQ(line["rejected"].size(), 1u);
    EXPECT_EQ(Last(line["rejected"]), "No.");
    return;
  }
  FAIL() << "no such pair";
}

TEST_F(PreferenceExportTest, TakesNoMetadataFlagWhereItIsAlwaysThere) {
  v1::ExportDatasetRequest request;
  request.set_dataset_version_id("v1");
  request.set_format(v1::EXPORT_FORMAT_PREFERENCE);
  request.set_include_metadata(true);
  grpc::ClientContext context;
  EXPECT_THAT(stub_->ExportDataset(&context, request)->Finish(),
              testing::HasReason(Reason::kInvalidArgument));
}

}  // namespace
}  // namespace flywheel::curation
