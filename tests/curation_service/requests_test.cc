// What curation refuses.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <type_traits>

#include "shared/rpc/field_checks.h"
#include "tests/curation_service/curation_fixture.h"

namespace flywheel::curation {
namespace {

using ::flywheel::testing::HasReason;
using Stub = v1::CurationService::Stub;

class RequestTest : public CurationTest {
 protected:
  // One unary call whose answer does not matter.
  template <typename Request, typename Response>
  grpc::Status Try(Method<Request, Response> method, const Request& request,
                   const std::string& project = "") {
    Response response;
    return Call(method, request, response, project);
  }
  template <typename Request, typename Response>
  void ExpectInvalid(Method<Request, Response> method, const Request& request) {
    EXPECT_THAT(Try(method, request), HasReason(Reason::kInvalidArgument))
        << request.ShortDebugString();
  }

  template <typename Request>
  grpc::Status ReadRows(const Request& request, const std::string& project = "") {
    grpc::ClientContext context;
    if (!project.empty()) context.AddMetadata("x-flywheel-project", project);
    if constexpr (std::is_same_v<Request, v1::ReadDatasetRowsRequest>) {
      const auto reader = stub_->ReadDatasetRows(&context, request);
      v1::ReadDatasetRowsResponse response;
      while (reader->Read(&response)) ADD_FAILURE() << "got rows";
      return reader->Finish();
    } else {
      const auto reader = stub_->ExportDataset(&context, request);
      v1::ExportDatasetResponse response;
      while (reader->Read(&response)) ADD_FAILURE() << "got rows";
      return reader->Finish();
    }
  }
};

TEST_F(RequestTest, BuildsNothingFromBadOptions) {
  const auto invalid = [&](auto change) {
    v1::BuildDatasetVersionRequest request = BuildRequest("v1");
    change(request);
    ExpectInvalid(&Stub::BuildDatasetVersion, request);
  };
  invalid([](auto& request) { request.clear_dataset_version_id(); });
  invalid([](auto& request) { request.set_dataset_version_id("a b"); });
  invalid([](auto& request) { request.set_dataset_version_id(std::string(129, 'a')); });
  invalid([](auto& request) { request.clear_options(); });
  invalid([](auto& request) { request.mutable_options()->set_agent(std::string(129, 'a')); });
  invalid([](auto& request) { request.set_min_feed_token("-1"); });
  for (const double share : {-0.1, 1.0, 2.0, std::nan(""), HUGE_VAL}) {
    invalid([share](auto& request) { request.mutable_options()->set_eval_share(share); });
  }
  invalid([](auto& request) { request.mutable_options()->add_group_attributes(""); });
  invalid([](auto& request) {
    for (int i = 0; i < 2; ++i) request.mutable_options()->add_group_attributes("task_id");
  });
  invalid([](auto& request) {
    for (int i = 0; i < 17; ++i) {
      request.mutable_options()->add_group_attributes(std::to_string(i));
    }
  });
}

TEST_F(RequestTest, NamesEveryFieldThatIsWrong) {
  v1::BuildDatasetVersionRequest request;
  request.set_min_feed_token("-1");
  const grpc::Status status = Try(&Stub::BuildDatasetVersion, request);
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("dataset_version_id"));
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("options.agent"));
  EXPECT_THAT(status.error_message(), ::testing::HasSubstr("min_feed_token"));
}

TEST_F(RequestTest, ChecksNoTriggerWithABadPolicy) {
  const auto invalid = [&](auto change) {
    v1::CheckTrainingTriggerRequest request;
    request.set_agent(kAgent);
    change(request);
    ExpectInvalid(&Stub::CheckTrainingTrigger, request);
  };
  invalid([](auto& request) { request.clear_agent(); });
  invalid([](auto& request) { request.set_performance_change(std::nan("")); });
  invalid([](auto& request) { request.mutable_policy()->set_min_new_interactions(-1); });
  invalid([](auto& request) { request.mutable_policy()->set_min_high_quality_rate(1.1); });
  invalid([](auto& request) { request.mutable_policy()->set_degradation_threshold(HUGE_VAL); });
  invalid([](auto& request) {
    request.mutable_policy()->mutable_min_time_between_training()->set_seconds(-1);
  });
  invalid([](auto& request) {
    request.mutable_policy()->mutable_max_time_since_training()->set_nanos(2'000'000'000);
  });
}

TEST_F(RequestTest, RefusesMalformedTrainingCalls) {
  ExpectInvalid(&Stub::OpenTrainingRun, v1::OpenTrainingRunRequest());
  v1::LeaseTrainingRunRequest lease;
  ExpectInvalid(&Stub::LeaseTrainingRun, lease);
  lease.set_trainer("t");
  ExpectInvalid(&Stub::LeaseTrainingRun, lease);
  lease.add_agents("");
  ExpectInvalid(&Stub::LeaseTrainingRun, lease);
  lease.set_agents(0, "a");
  EXPECT_OK(Try(&Stub::LeaseTrainingRun, lease));
  for (int i = 0; i < 100; ++i) lease.add_agents("a");
  ExpectInvalid(&Stub::LeaseTrainingRun, lease);
  lease.mutable_agents()->RemoveLast();
  EXPECT_OK(Try(&Stub::LeaseTrainingRun, lease));
  lease.mutable_lease_duration()->set_nanos(999'999'999);
  ExpectInvalid(&Stub::LeaseTrainingRun, lease);
  lease.mutable_lease_duration()->set_seconds(86'400);
  ExpectInvalid(&Stub::LeaseTrainingRun, lease);
  v1::CompleteTrainingRunRequest complete;
  complete.set_training_run_id("r");
  complete.set_trainer("t");
  ExpectInvalid(&Stub::CompleteTrainingRun, complete);
  complete.mutable_failure();
  ExpectInvalid(&Stub::CompleteTrainingRun, complete);
  complete.mutable_success();
  ExpectInvalid(&Stub::CompleteTrainingRun, complete);
  complete.mutable_success()->set_model_version("m");
  (*complete.mutable_success()->mutable_metrics())["loss"] = std::nan("");
  ExpectInvalid(&Stub::CompleteTrainingRun, complete);
  complete.mutable_success()->clear_metrics();
  complete.mutable_success()->set_artifact_uri(std::string(2'049, 'u'));
  ExpectInvalid(&Stub::CompleteTrainingRun, complete);
  v1::CancelTrainingRunRequest cancel;
  cancel.set_training_run_id("r");
  ExpectInvalid(&Stub::CancelTrainingRun, cancel);
  cancel.set_reason(std::string(16'385, 'r'));
  ExpectInvalid(&Stub::CancelTrainingRun, cancel);
  v1::CancelDatasetBuildRequest cancel_build;
  cancel_build.set_dataset_version_id("v");
  ExpectInvalid(&Stub::CancelDatasetBuild, cancel_build);
  cancel_build.set_reason(std::string(16'385, 'r'));
  ExpectInvalid(&Stub::CancelDatasetBuild, cancel_build);
  (*complete.mutable_success()->mutable_labels())["bell\a"] = "rung";
  complete.mutable_success()->clear_artifact_uri();
  ExpectInvalid(&Stub::CompleteTrainingRun, complete);
  ExpectInvalid(&Stub::GetTrainingRun, v1::GetTrainingRunRequest());
  v1::ListTrainingRunsRequest list;
  list.set_state(static_cast<v1::TrainingRunState>(9));
  ExpectInvalid(&Stub::ListTrainingRuns, list);
  list.clear_state();
  list.set_agent(std::string(129, 'a'));
  ExpectInvalid(&Stub::ListTrainingRuns, list);
}

TEST_F(RequestTest, RefusesBadPages) {
  v1::ListDatasetVersionsRequest versions;
  versions.set_page_size(-1);
  ExpectInvalid(&Stub::ListDatasetVersions, versions);
  versions.set_page_size(0);
  versions.set_page_token("nonsense");
  ExpectInvalid(&Stub::ListDatasetVersions, versions);
}

TEST_F(RequestTest, RefusesMalformedReads) {
  ExpectInvalid(&Stub::GetScore, v1::GetScoreRequest());
  v1::BatchGetScoresRequest scores;
  ExpectInvalid(&Stub::BatchGetScores, scores);
  for (int i = 0; i < 100; ++i) scores.add_interaction_ids("i" + std::to_string(i));
  EXPECT_OK(Try(&Stub::BatchGetScores, scores));
  scores.set_interaction_ids(99, "i0");
  ExpectInvalid(&Stub::BatchGetScores, scores);
  scores.set_interaction_ids(99, "i 0");
  ExpectInvalid(&Stub::BatchGetScores, scores);
  scores.set_interaction_ids(99, "i99");
  scores.add_interaction_ids("i100");
  ExpectInvalid(&Stub::BatchGetScores, scores);
  ExpectInvalid(&Stub::GetDatasetVersion, v1::GetDatasetVersionRequest());
  EXPECT_THAT(ReadRows(v1::ReadDatasetRowsRequest()), HasReason(Reason::kInvalidArgument));
  EXPECT_THAT(ReadRows(v1::ExportDatasetRequest()), HasReason(Reason::kInvalidArgument));
  v1::ReadDatasetRowsRequest rows;
  rows.set_dataset_version_id("v1");
  rows.set_split(static_cast<v1::Split>(7));
  EXPECT_THAT(ReadRows(rows), HasReason(Reason::kInvalidArgument));
}

TEST_F(RequestTest, FindsNothingOfAnotherProject) {
  Log({.id = "i1"});
  Accept("i1");
  v1::BuildDatasetVersionRequest build = BuildRequest("v1");
  build.mutable_options()->set_eval_share(1e-9);
  Built(build);
  v1::OpenTrainingRunRequest open;
  open.set_training_run_id("r1");
  open.set_dataset_version_id("v1");
  ASSERT_OK(Try(&Stub::OpenTrainingRun, open));

  v1::GetScoreRequest score;
  score.set_interaction_id("i1");
  EXPECT_THAT(Try(&Stub::GetScore, score, "other"), HasReason(Reason::kNotFound));
  v1::GetDatasetVersionRequest version;
  version.set_dataset_version_id("v1");
  EXPECT_THAT(Try(&Stub::GetDatasetVersion, version, "other"), HasReason(Reason::kNotFound));
  v1::ReadDatasetRowsRequest rows;
  rows.set_dataset_version_id("v1");
  EXPECT_THAT(ReadRows(rows, "other"), HasReason(Reason::kNotFound));
  v1::ExportDatasetRequest exported;
  exported.set_dataset_version_id("v1");
  EXPECT_THAT(ReadRows(exported, "other"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Try(&Stub::OpenTrainingRun, open, "other"), HasReason(Reason::kNotFound));
  EXPECT_OK(Try(&Stub::BuildDatasetVersion, build, "other")) << "a version of its own";
  v1::GetTrainingRunRequest run;
  run.set_training_run_id("r1");
  EXPECT_THAT(Try(&Stub::GetTrainingRun, run, "other"), HasReason(Reason::kNotFound));
  v1::LeaseTrainingRunRequest lease;
  lease.set_trainer("t");
  lease.add_agents(kAgent);
  v1::LeaseTrainingRunResponse leased;
  ASSERT_OK(Call(&Stub::LeaseTrainingRun, lease, leased, "other"));
  EXPECT_FALSE(leased.has_training_run());
  v1::ListDatasetVersionsResponse list;
  ASSERT_OK(Call(&Stub::ListDatasetVersions, v1::ListDatasetVersionsRequest(), list, "other"));
  ASSERT_EQ(list.dataset_versions_size(), 1);
  EXPECT_NE(list.dataset_versions(0).state(), v1::DATASET_VERSION_STATE_READY);
}

TEST_F(RequestTest, RefusesMalformedModelVersions) {
  v1::RegisterVersionRequest request;
  ExpectInvalid(&Stub::RegisterVersion, request);
  request.set_agent("a");
  ExpectInvalid(&Stub::RegisterVersion, request);
  request.set_model_version("m\n1");
  ExpectInvalid(&Stub::RegisterVersion, request);
  request.set_model_version("m");
  const auto refuses = [&](void (v1::RegisterVersionRequest::*set)(std::string &&),
                           const std::string& text) {
    v1::RegisterVersionRequest wrong = request;
    (wrong.*set)(std::string(text));
    ExpectInvalid(&Stub::RegisterVersion, wrong);
  };
  using Request = v1::RegisterVersionRequest;
  const std::string long_name(129, 'n');
  refuses(&Request::set_agent, long_name);
  refuses(&Request::set_model_version, long_name);
  refuses(&Request::set_base_model_version, long_name);
  refuses(&Request::set_prompt_version, long_name);
  refuses(&Request::set_retrieval_version, "index\u202e");
  refuses(&Request::set_artifact_uri, std::string(2'049, 'u'));
  refuses(&Request::set_training_run_id, "no id");
  refuses(&Request::set_description, std::string(16'385, 'd'));
  v1::RegisterVersionRequest labelled = request;
  for (int i = 0; i < 64; ++i) {
    (*labelled.mutable_labels())[std::to_string(i)] = std::string(256, 'v');
  }
  EXPECT_OK(Try(&Stub::RegisterVersion, labelled));
  (*labelled.mutable_labels())["one more"] = "";
  ExpectInvalid(&Stub::RegisterVersion, labelled);
  labelled = request;
  (*labelled.mutable_labels())["long"] = std::string(257, 'v');
  ExpectInvalid(&Stub::RegisterVersion, labelled);
  labelled = request;
  (*labelled.mutable_labels())[""] = "v";
  ExpectInvalid(&Stub::RegisterVersion, labelled);
  v1::GetVersionRequest get;
  get.set_agent("a");
  ExpectInvalid(&Stub::GetVersion, get);
  v1::ListVersionsRequest list;
  list.set_agent(long_name);
  ExpectInvalid(&Stub::ListVersions, list);
}

// A curation service with keys.
class RoleTest : public CurationTest {
 protected:
  RoleTest()
      : CurationTest([](CurationConfig& config) {
          config.server.api_keys_file = config.server.data_dir + "/keys";
          std::ofstream(config.server.api_keys_file)
              << "reader reader-0123456789 default reader\n"
                 "trainer trainer-0123456789 default trainer\n"
                 "writer writer-0123456789 default writer\n"
                 "operator operator-0123456789 default operator\n"
                 "service service-0123456789 * service\n"
                 "tenant tenants-0123456789 default service\n";
        }) {}

  template <typename Request>
  absl::Status Read(const std::string& key, v1::Split split) {
    Request request;
    request.set_dataset_version_id("v1");
    request.set_split(split);
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + key);
    if constexpr (std::is_same_v<Request, v1::ReadDatasetRowsRequest>) {
      const auto reader = stub_->ReadDatasetRows(&context, request);
      v1::ReadDatasetRowsResponse response;
      EXPECT_FALSE(reader->Read(&response));
      return rpc::FromGrpcStatus(reader->Finish());
    } else {
      const auto reader = stub_->ExportDataset(&context, request);
      v1::ExportDatasetResponse response;
      EXPECT_FALSE(reader->Read(&response));
      return rpc::FromGrpcStatus(reader->Finish());
    }
  }
};

TEST_F(RoleTest, TellsATrainerNoCorrection) {
  v1::GetScoreRequest request;
  request.set_interaction_id("a");
  v1::GetScoreResponse response;
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer trainer-0123456789");
  EXPECT_THAT(stub_->GetScore(&context, request, &response), HasReason(Reason::kPermissionDenied));
  grpc::ClientContext batch_context;
  batch_context.AddMetadata("authorization", "Bearer trainer-0123456789");
  v1::BatchGetScoresRequest batch;
  batch.add_interaction_ids("i1");
  v1::BatchGetScoresResponse scores;
  EXPECT_THAT(stub_->BatchGetScores(&batch_context, batch, &scores),
              HasReason(Reason::kPermissionDenied));
  grpc::ClientContext list_context;
  list_context.AddMetadata("authorization", "Bearer trainer-0123456789");
  v1::ListTrainingCandidatesRequest list;
  list.mutable_options()->set_agent(kAgent);
  EXPECT_THAT(rpc::FromGrpcStatus(stub_->ListTrainingCandidates(&list_context, list)->Finish()),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(RoleTest, HandsOnNoReportOfATenant) {
  v1::ReportErasureRequest request;
  request.set_erasure_id("e1");
  request.set_store("eval-gate");
  v1::ReportErasureResponse response;
  for (const char* key : {"operator-0123456789", "tenants-0123456789"}) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", std::string("Bearer ") + key);
    EXPECT_THAT(stub_->ReportErasure(&context, request, &response),
                HasReason(Reason::kPermissionDenied));
  }
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer service-0123456789");
  EXPECT_OK(stub_->ReportErasure(&context, request, &response));
}

TEST_F(RoleTest, ShowsTheEvalSideToServicesAlone) {
  for (const char* key :
       {"reader-0123456789", "trainer-0123456789", "writer-0123456789", "operator-0123456789"}) {
    for (const v1::Split split : {v1::SPLIT_EVAL, v1::SPLIT_UNSPECIFIED}) {
      EXPECT_THAT(Read<v1::ReadDatasetRowsRequest>(key, split),
                  HasReason(Reason::kPermissionDenied));
      const absl::Status status = Read<v1::ExportDatasetRequest>(key, split);
      EXPECT_THAT(status, HasReason(Reason::kPermissionDenied));
      EXPECT_THAT(errors::MessageOf(status), ::testing::HasSubstr("SPLIT_TRAIN"));
    }
    // Admitted: there is no such version.
    EXPECT_THAT(Read<v1::ReadDatasetRowsRequest>(key, v1::SPLIT_TRAIN),
                HasReason(Reason::kNotFound));
    EXPECT_THAT(Read<v1::ExportDatasetRequest>(key, v1::SPLIT_TRAIN), HasReason(Reason::kNotFound));
  }
  EXPECT_THAT(Read<v1::ReadDatasetRowsRequest>("service-0123456789", v1::SPLIT_EVAL),
              HasReason(Reason::kNotFound));
  EXPECT_THAT(Read<v1::ExportDatasetRequest>("service-0123456789", v1::SPLIT_UNSPECIFIED),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace flywheel::curation
