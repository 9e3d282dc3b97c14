// Lineage: what was made from what, in both directions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "shared/rpc/status_to_grpc.h"
#include "tests/curation_service/training_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Stub = v1::CurationService::Stub;

constexpr auto kInteraction = common::v1::LINEAGE_KIND_INTERACTION;
constexpr auto kDataset = common::v1::LINEAGE_KIND_DATASET_VERSION;
constexpr auto kRun = common::v1::LINEAGE_KIND_TRAINING_RUN;
constexpr auto kVersion = common::v1::LINEAGE_KIND_MODEL_VERSION;
constexpr auto kSources = common::v1::LINEAGE_DIRECTION_SOURCES;
constexpr auto kResults = common::v1::LINEAGE_DIRECTION_RESULTS;

// "i0 TRAIN_ROW dataset".
std::string Written(const common::v1::LineageEdge& edge) {
  constexpr size_t kPrefix = sizeof("LINEAGE_RELATION_") - 1;
  return edge.source().id() + " " +
         common::v1::LineageRelation_Name(edge.relation()).substr(kPrefix) + " " +
         edge.result().id();
}

class LineageTest : public TrainingTest {
 protected:
  absl::Status Follow(common::v1::LineageKind kind, const std::string& id,
                      common::v1::LineageDirection direction, const std::string& project = "",
                      const std::string& key = "") {
    v1::GetLineageRequest request;
    request.mutable_start()->set_kind(kind);
    request.mutable_start()->set_id(id);
    if (kind == kVersion) request.mutable_start()->set_agent(kAgent);
    request.set_direction(direction);
    grpc::ClientContext context;
    if (!project.empty()) context.AddMetadata("x-flywheel-project", project);
    if (!key.empty()) context.AddMetadata("authorization", "Bearer " + key);
    const auto reader = stub_->GetLineage(&context, request);
    v1::GetLineageResponse response;
    edges_.clear();
    while (reader->Read(&response)) {
      EXPECT_LE(response.edges_size(), 500);
      EXPECT_FALSE(response.truncated());
      for (const auto& edge : response.edges()) edges_.push_back(Written(edge));
    }
    return rpc::FromGrpcStatus(reader->Finish());
  }

  // A successful run of "dataset" with a version.
  void Train(const std::string& run, const std::string& version, const std::string& base = "") {
    Force(run);
    Lease("t");
    v1::CompleteTrainingRunRequest report = Success(run, "t", version);
    report.mutable_success()->set_base_model_version(base);
    ASSERT_OK(Complete(report));
  }
  void Register(const std::string& version, const std::string& base) {
    v1::RegisterVersionRequest request;
    request.set_agent(kAgent);
    request.set_model_version(version);
    request.set_base_model_version(base);
    v1::RegisterVersionResponse response;
    ASSERT_OK(Call(&Stub::RegisterVersion, request, response));
  }
  // An interaction of "dataset" on a side.
  std::string OneOf(v1::Split split) {
    return Rows("dataset", true, split).front().interaction_id();
  }

  std::vector<std::string> edges_;
};

TEST_F(LineageTest, LeadsFromARecordToEveryVersionThatLearntFromIt) {
  Train("r1", "m1");
  Train("r2", "m2", "m1");
  Force("r3");
  Register("m1-short", "m1");
  Register("m1-shorter", "m1-short");
  Register("other", "");
  const std::string record = OneOf(v1::SPLIT_TRAIN);
  ASSERT_OK(Follow(kInteraction, record, kResults));
  EXPECT_THAT(edges_, ElementsAre(record + " TRAIN_ROW dataset", "dataset TRAINED_ON r1",
                                  "dataset TRAINED_ON r2", "dataset TRAINED_ON r3", "r1 TRAINED m1",
                                  "r2 TRAINED m2", "m1 BASE m2", "m1 BASE m1-short",
                                  "m1-short BASE m1-shorter"));
  ASSERT_OK(Follow(kRun, "r2", kResults));
  EXPECT_THAT(edges_, ElementsAre("r2 TRAINED m2"));
  ASSERT_OK(Follow(kVersion, "m2", kResults));
  EXPECT_THAT(edges_, IsEmpty());
}

// FindTaughtQuestions of one version: what came into a dataset after it was trained taught it
// nothing.
TEST_F(LineageTest, SaysWhatAVersionWasTaught) {
  Train("r1", "m1");
  Register("m1-short", "m1");
  Register("hosted", "");
  const std::string old = Rows("dataset", true, v1::SPLIT_TRAIN).front().input();
  Log({.id = "late", .input = "asked much later"});
  Accept("late");
  v1::BuildDatasetVersionRequest build = BuildRequest("later");
  build.mutable_options()->set_eval_share(1e-9);
  Built(build);
  const auto taught = [&](const std::string& version) {
    v1::FindTaughtQuestionsRequest request;
    for (const std::string& input : {old, std::string("Asked much  later")}) {
      request.add_questions()->set_input(input);
    }
    if (!version.empty()) request.set_agent(kAgent);
    request.set_model_version(version);
    v1::FindTaughtQuestionsResponse response;
    EXPECT_OK(Call(&Stub::FindTaughtQuestions, request, response));
    return std::vector<int>(response.taught().begin(), response.taught().end());
  };
  EXPECT_THAT(taught("m1"), ElementsAre(0));
  EXPECT_THAT(taught("m1-short"), ElementsAre(0)) << "by its base";
  EXPECT_THAT(taught("hosted"), ElementsAre(0, 1)) << "nobody said on what, which is not nothing";
  EXPECT_THAT(taught("unknown"), ElementsAre(0, 1)) << "nobody knows on what";
  EXPECT_THAT(taught(""), ElementsAre(0, 1));
}

TEST_F(LineageTest, LeadsFromAVersionToTheRecordsThatItLearntFrom) {
  Train("r1", "m1");
  Register("m1-short", "m1");
  const auto train = Rows("dataset", true, v1::SPLIT_TRAIN);
  const auto eval = Rows("dataset", true, v1::SPLIT_EVAL);
  ASSERT_FALSE(train.empty());
  ASSERT_FALSE(eval.empty());
  ASSERT_OK(Follow(kVersion, "m1-short", kSources));
  ASSERT_THAT(edges_, SizeIs(3 + train.size()));
  EXPECT_EQ(edges_[0], "m1 BASE m1-short");
  EXPECT_EQ(edges_[1], "r1 TRAINED m1");
  EXPECT_EQ(edges_[2], "dataset TRAINED_ON r1");
  for (size_t i = 0; i < train.size(); ++i) {
    EXPECT_EQ(edges_[3 + i], train[i].interaction_id() + " TRAIN_ROW dataset");
  }
  ASSERT_OK(Follow(kDataset, "dataset", kSources));
  EXPECT_THAT(edges_, SizeIs(train.size() + eval.size()));
  EXPECT_THAT(edges_, Contains(eval[0].interaction_id() + " EVAL_ROW dataset"));
  ASSERT_OK(Follow(kInteraction, train[0].interaction_id(), kSources));
  EXPECT_THAT(edges_, IsEmpty());
}

TEST_F(LineageTest, FollowsNoRecordOfTheEvalSideBeyondItsDataset) {
  Train("r1", "m1");
  const std::string record = OneOf(v1::SPLIT_EVAL);
  ASSERT_OK(Follow(kInteraction, record, kResults));
  EXPECT_THAT(edges_, ElementsAre(record + " EVAL_ROW dataset"));
}

TEST_F(LineageTest, ShowsNothingThatWasErased) {
  Train("r1", "m1");
  const std::string record = OneOf(v1::SPLIT_TRAIN);
  const size_t before = Rows("dataset", true, v1::SPLIT_TRAIN).size();
  // The interactions of the fixture and their signals take turns in the feed, three places apart.
  ingest::v1::FeedEntry tombstone;
  tombstone.mutable_tombstone()->set_erasure_id("e1");
  tombstone.mutable_tombstone()->set_last(true);
  const int64_t sequence = 3 * (2 * std::stoll(record.substr(1)) + 1);
  tombstone.mutable_tombstone()->add_sequences(sequence);
  Feed(tombstone);
  EXPECT_EQ(absl::StatusCode::kNotFound, Follow(kInteraction, record, kResults).code());
  ASSERT_OK(Follow(kVersion, "m1", kSources));
  EXPECT_THAT(edges_, SizeIs(2 + before - 1));
  EXPECT_THAT(edges_, Each(Not(HasSubstr(record + " "))));
}

TEST_F(LineageTest, BelongsToAProjectAndBeginsWhereThereIsSomething) {
  Train("r1", "m1");
  EXPECT_OK(Follow(kVersion, "m1", kSources));
  for (const auto& [kind, id] : std::vector<std::pair<common::v1::LineageKind, std::string>>{
           {kInteraction, "i0"}, {kDataset, "dataset"}, {kRun, "r1"}, {kVersion, "m1"}}) {
    EXPECT_OK(Follow(kind, id, kResults));
    EXPECT_THAT(Follow(kind, id, kResults, "other"), HasReason(Reason::kNotFound));
    EXPECT_THAT(Follow(kind, "missing", kSources), HasReason(Reason::kNotFound));
    EXPECT_THAT(Follow(kind, "", kSources), HasReason(Reason::kInvalidArgument));
    EXPECT_THAT(Follow(kind, id, common::v1::LINEAGE_DIRECTION_UNSPECIFIED),
                HasReason(Reason::kInvalidArgument));
  }
  EXPECT_THAT(Follow(common::v1::LINEAGE_KIND_UNSPECIFIED, "m1", kSources),
              HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(Follow(static_cast<common::v1::LineageKind>(99), "m1", kSources),
              HasReason(Reason::kInvalidArgument));
}

TEST_F(LineageTest, SendsADatasetOfManyRowsInPieces) {
  for (int i = 0; i < 1'100; ++i) LogAccepted("more-" + std::to_string(i));
  Built(BuildRequest("large"));
  ASSERT_OK(Follow(kDataset, "large", kSources));
  EXPECT_THAT(edges_, SizeIs(1'120));
}

// The same with keys.
class LineageRoleTest : public LineageTest {
 protected:
  void UseKeys() {
    const std::string keys = data_.path() + "/keys";
    std::ofstream(keys) << "reader reader-0123456789 default reader\n"
                           "trainer trainer-0123456789 default trainer\n"
                           "writer writer-0123456789 default writer\n"
                           "service service-0123456789 default service\n";
    server_->Stop(absl::Seconds(5));
    server_.reset();
    CurationConfig config;
    config.server.service = "curation";
    config.server.listen = "127.0.0.1:0";
    config.server.data_dir = data_.path();
    config.server.api_keys_file = keys;
    config.ingest_address = ingest_.address();
    ASSERT_OK(rpc::FinishServerConfig(config.server));
    auto server = CurationServer::Start(config, &clock_);
    ASSERT_OK(server);
    server_ = *std::move(server);
    stub_ = v1::CurationService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials()));
  }
};

TEST_F(LineageRoleTest, ShowsRowsOfTheEvalSideToServicesAlone) {
  const std::string eval = OneOf(v1::SPLIT_EVAL);
  const size_t train = Rows("dataset", true, v1::SPLIT_TRAIN).size();
  const size_t all = Rows("dataset").size();
  UseKeys();
  for (const char* key : {"reader-0123456789", "trainer-0123456789", "writer-0123456789"}) {
    ASSERT_OK(Follow(kDataset, "dataset", kSources, "", key));
    EXPECT_THAT(edges_, AllOf(SizeIs(train), Each(HasSubstr(" TRAIN_ROW ")))) << key;
    ASSERT_OK(Follow(kInteraction, eval, kResults, "", key));
    EXPECT_THAT(edges_, IsEmpty()) << key;
  }
  ASSERT_OK(Follow(kDataset, "dataset", kSources, "", "service-0123456789"));
  EXPECT_THAT(edges_, SizeIs(all));
}

}  // namespace
}  // namespace flywheel::curation
