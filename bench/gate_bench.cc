// Rows about the evaluation gate: how fast outputs are judged and kept, how long a verdict takes,
// and how much memory long outputs need.
#include <fmt/format.h>
#include <grpcpp/create_channel.h>

#include <algorithm>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "bench/benchmarks.h"
#include "cli/local_services.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/evalgate/v1/run_service.grpc.pb.h"
#include "shared/status/errors.h"

namespace flywheel::bench {
namespace {

namespace v1 = evalgate::v1;

constexpr int64_t kManyCases = 100'000;
constexpr int64_t kFewCases = 1'000;
constexpr int64_t kCohorts = 50;
constexpr int64_t kCasesPerUpload = 5'000;
constexpr int64_t kOutputsPerBatch = 1'000;
constexpr size_t kLongOutput = 100'000;
// A message of about 1 MB.
constexpr int64_t kLongOutputsPerBatch = 10;

void Check(const grpc::Status& status) {
  if (!status.ok()) Die(status.error_message());
}

std::string CaseId(int64_t i) { return fmt::format("case-{:06}", i); }

// What each version answers: 120 characters, of which every 20th case gets another answer.
std::string Answer(int64_t i, int64_t wrong_at) {
  return fmt::format(
      "{} case {:06}: your card is on its way and will be with you within five working days, the "
      "old one is blocked already.",
      i % 20 == wrong_at ? "wrong" : "right", i);
}

// A gate with what it asks: it is there for these rows alone, because curation would read along
// what others send to ingest.
std::unique_ptr<cli::LocalServices> StartGate(const Setup& setup, const char* name) {
  cli::LocalServicesOptions options;
  options.data_dir = setup.work_dir + "/" + name;
  options.free_ports = true;
  options.metrics = false;
  options.services = {cli::Service::kIngest, cli::Service::kCuration, cli::Service::kEvalGate};
  auto services = cli::LocalServices::Start(options);
  if (!services.ok()) Die(errors::MessageOf(services.status()));
  return *std::move(services);
}

// A suite of its own with four evaluators.
class GateSuite {
 public:
  GateSuite(const cli::LocalServices& services, int64_t cases)
      : gate_(v1::EvalGateService::NewStub(Channel(services))),
        runs_(v1::RunService::NewStub(Channel(services))),
        suite_id_(fmt::format("bench-{}", absl::ToUnixMicros(absl::Now()))),
        cases_(cases) {
    v1::UploadSuiteRequest request;
    v1::SuiteHeader& header = *request.mutable_header();
    header.set_suite_id(suite_id_);
    header.set_agent("bench");
    header.add_evaluators()->set_kind("normalised");
    header.add_evaluators()->set_kind("contains");
    v1::EvaluatorSpec& levenshtein = *header.add_evaluators();
    levenshtein.set_kind("levenshtein");
    levenshtein.set_threshold(0.9);
    v1::EvaluatorSpec& length = *header.add_evaluators();
    length.set_kind("length");
    length.set_parameters_json(R"({"most": 200000})");
    grpc::ClientContext context;
    v1::UploadSuiteResponse response;
    const auto writer = gate_->UploadSuite(&context, &response);
    writer->Write(request);
    for (int64_t from = 0; from < cases; from += kCasesPerUpload) {
      request.Clear();
      for (int64_t i = from; i < std::min(cases, from + kCasesPerUpload); ++i) {
        v1::UploadedCase& one = *request.add_cases();
        one.set_case_id(CaseId(i));
        one.set_input(fmt::format("{}: where is case {}?", suite_id_, i));
        one.add_ideal_outputs(Answer(i, /*wrong_at=*/-1));
        one.set_cohort(fmt::format("cohort-{:02}", i % kCohorts));
      }
      request.set_last(from + kCasesPerUpload >= cases);
      writer->Write(request);
    }
    writer->WritesDone();
    Check(writer->Finish());
  }

  void Start(const std::string& version) {
    v1::StartRunRequest request;
    request.set_run_id(RunId(version));
    request.set_suite_id(suite_id_);
    request.set_model_version(version);
    v1::StartRunResponse response;
    grpc::ClientContext context;
    Check(runs_->StartRun(&context, request, &response));
  }

  // Sends all outputs in batches over one stream, each after the one before was answered. Each is
  // followed by `padding` spaces. Returns outputs a second.
  double SendAll(const std::string& version, int64_t wrong_at, int64_t per_batch,
                 size_t padding = 0) {
    const absl::Time start = absl::Now();
    grpc::ClientContext context;
    const auto stream = runs_->StreamOutputs(&context);
    for (int64_t from = 0; from < cases_; from += per_batch) {
      v1::StreamOutputsRequest request;
      request.mutable_batch()->set_run_id(RunId(version));
      for (int64_t i = from; i < std::min(cases_, from + per_batch); ++i) {
        v1::CaseOutput& output = *request.mutable_batch()->add_outputs();
        output.set_case_id(CaseId(i));
        output.set_output(Answer(i, wrong_at) + std::string(padding, ' '));
      }
      v1::StreamOutputsResponse response;
      if (!stream->Write(request) || !stream->Read(&response)) Check(stream->Finish());
      for (const auto& result : response.result().results()) {
        if (result.status() != common::v1::ITEM_STATUS_STORED) Die(result.message());
      }
    }
    stream->WritesDone();
    Check(stream->Finish());
    return static_cast<double>(cases_) / absl::ToDoubleSeconds(absl::Now() - start);
  }

  void Finish(const std::string& version) {
    v1::FinishRunRequest request;
    request.set_run_id(RunId(version));
    v1::FinishRunResponse response;
    grpc::ClientContext context;
    Check(runs_->FinishRun(&context, request, &response));
  }

  // A verdict of its own; returns how long it took, in milliseconds.
  double Judge(const std::string& version, const std::string& baseline) {
    v1::JudgeVersionRequest request;
    request.set_verdict_id(fmt::format("{}-{}", suite_id_, ++verdicts_));
    request.set_suite_id(suite_id_);
    request.set_model_version(version);
    request.set_baseline_model_version(baseline);
    v1::JudgeVersionResponse response;
    grpc::ClientContext context;
    const absl::Time start = absl::Now();
    Check(gate_->JudgeVersion(&context, request, &response));
    return absl::ToDoubleMilliseconds(absl::Now() - start);
  }

 private:
  static std::shared_ptr<grpc::Channel> Channel(const cli::LocalServices& services) {
    return grpc::CreateChannel(services.at(cli::Service::kEvalGate).address,
                               grpc::InsecureChannelCredentials());
  }
  std::string RunId(const std::string& version) const { return suite_id_ + "-" + version; }

  const std::unique_ptr<v1::EvalGateService::Stub> gate_;
  const std::unique_ptr<v1::RunService::Stub> runs_;
  const std::string suite_id_;
  const int64_t cases_;
  int64_t verdicts_ = 0;
};

void FinishBoth(GateSuite& gate) {
  for (const char* version : {"v1", "v2"}) {
    gate.Start(version);
    gate.SendAll(version, version[1] - '0', kOutputsPerBatch);
    gate.Finish(version);
  }
}

}  // namespace

Row JudgedOutputs(const Setup& setup) {
  const auto services = StartGate(setup, "judged-outputs");
  GateSuite gate(*services, 20'000);
  int run = 0;
  const auto rate = [&](size_t padding) {
    const std::string version = fmt::format("v{}", ++run);
    gate.Start(version);
    return gate.SendAll(version, 1, kOutputsPerBatch, padding);
  };
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return rate(0); }, [&] { return rate(1'000); });
  return {.name = "outputs judged by 4 evaluators and durable",
          .value = result.measured,
          .unit = "outputs/s",
          .reference_name = "with 1 kB more each",
          .reference = result.reference,
          .ratio = result.ratio};
}

Row VerdictTime(const Setup& setup) {
  const auto services = StartGate(setup, "verdict");
  GateSuite large(*services, kManyCases);
  GateSuite small(*services, kFewCases);
  FinishBoth(large);
  FinishBoth(small);
  const Comparison result = CompareInTurn(
      setup.rounds, [&] { return large.Judge("v2", "v1"); },
      [&] { return small.Judge("v2", "v1"); });
  return {.name = "verdict on 100,000 cases, 50 cohorts, against a baseline",
          .value = result.measured,
          .unit = "ms",
          .reference_name = "on 1,000 cases",
          .reference = result.reference,
          .ratio = result.ratio};
}

Row LongOutputs(const Setup& setup) {
  const auto services = StartGate(setup, "long-outputs");
  const int64_t pid = services->pid(cli::Service::kEvalGate);
  GateSuite gate(*services, kManyCases);
  const double before = MebibytesOf(pid, "VmHWM");
  gate.Start("v1");
  gate.SendAll("v1", 1, kLongOutputsPerBatch, kLongOutput);
  gate.Finish("v1");
  gate.Judge("v1", "");
  const double most = MebibytesOf(pid, "VmHWM");
  return {.name = "gate's most memory, 100,000 outputs of 100 kB",
          .value = most,
          .unit = "MiB",
          .reference_name = "with their cases alone",
          .reference = before,
          .ratio = most / before};
}

}  // namespace flywheel::bench
