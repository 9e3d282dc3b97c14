#include "eval_gate_service/rpc/eval_gate_rpc.h"

#include <string>
#include <vector>

#include "eval_gate_service/rpc/convert.h"
#include "eval_gate_service/rpc/text_redaction.h"
#include "eval_gate_service/rpc/validate.h"
#include "shared/hashing/content_hash.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kCasesPerMessage = 500;

// A page of one list says nothing in another.
std::string ScopeOf(const std::string& project, const CaseResultQuery& query) {
  ContentHash scope;
  scope.Add("case results").Add(project).Add(query.run_id).Add(query.suite_id);
  scope.Add(query.model_version).Add(query.baseline_model_version);
  scope.Add(static_cast<int64_t>(query.filter)).Add(query.cohort);
  for (const auto& [name, value] : query.labels) scope.Add(name).Add(value);
  return scope.Hex();
}

}  // namespace

grpc::Status EvalGateRpc::CreateSuite(grpc::ServerContext* context,
                                      const v1::CreateSuiteRequest* request,
                                      v1::CreateSuiteResponse* response) {
  return endpoint_->Serve(*context, "CreateSuite", rpc::Role::kOperator, *request,
                          [&](const rpc::Caller& caller) {
                            return DoCreateSuite(caller, *context, *request, response);
                          });
}

absl::Status EvalGateRpc::DoCreateSuite(const rpc::Caller& caller,
                                        const grpc::ServerContext& context,
                                        const v1::CreateSuiteRequest& sent,
                                        v1::CreateSuiteResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::CreateSuiteRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(
      const Created<Suite> created,
      use_cases_.suites->Create(caller, FromProto(request),
                                rpc::CallDeadline(context, *endpoint_, rpc::kAnswerTime)));
  ToProto(created.value, response->mutable_suite());
  response->set_replayed(created.replayed);
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::GetSuite(grpc::ServerContext* context, const v1::GetSuiteRequest* request,
                                   v1::GetSuiteResponse* response) {
  return endpoint_->Serve(
      *context, "GetSuite", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetSuite(caller, *request, response); });
}

absl::Status EvalGateRpc::DoGetSuite(const rpc::Caller& caller, const v1::GetSuiteRequest& request,
                                     v1::GetSuiteResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const Suite suite, use_cases_.suites->Get(caller.project, request.suite_id()));
  ToProto(suite, response->mutable_suite());
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::ListSuites(grpc::ServerContext* context,
                                     const v1::ListSuitesRequest* request,
                                     v1::ListSuitesResponse* response) {
  return endpoint_->Serve(
      *context, "ListSuites", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListSuites(caller, *request, response); });
}

absl::Status EvalGateRpc::DoListSuites(const rpc::Caller& caller, const v1::ListSuitesRequest& sent,
                                       v1::ListSuitesResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListSuitesRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope =
      rpc::ListScope("suites", caller.project, request).Add(request.dataset_version_id()).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const ListPage<Suite> page,
                   use_cases_.suites->List(caller.project, FromProto(request), beyond, page_size));
  for (const Suite& suite : page.values) ToProto(suite, response->add_suites());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::ReadSuiteCases(grpc::ServerContext* context,
                                         const v1::ReadSuiteCasesRequest* request,
                                         grpc::ServerWriter<v1::ReadSuiteCasesResponse>* writer) {
  return endpoint_->Serve(
      *context, "ReadSuiteCases", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoReadSuiteCases(caller, *request, writer); });
}

absl::Status EvalGateRpc::DoReadSuiteCases(const rpc::Caller& caller,
                                           const v1::ReadSuiteCasesRequest& request,
                                           grpc::ServerWriter<v1::ReadSuiteCasesResponse>* writer) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  return SendCases(caller, request.suite_id(), writer);
}

absl::Status EvalGateRpc::SendCases(const rpc::Caller& caller, const std::string& suite_id,
                                    grpc::ServerWriter<v1::ReadSuiteCasesResponse>* writer) {
  RETURN_IF_ERROR(use_cases_.suites->Get(caller.project, suite_id).status());
  std::string after_case_id;
  while (true) {
    // A suite never changes, so a page needs no snapshot of the one before. It ends by bytes, so
    // that a client takes it as one message.
    ASSIGN_OR_RETURN(
        const std::vector<SuiteCase> cases,
        use_cases_.suites->ReadCases(caller.project, suite_id, after_case_id, kCasesPerMessage));
    if (cases.empty()) return absl::OkStatus();
    v1::ReadSuiteCasesResponse response;
    for (const SuiteCase& one : cases) RETURN_IF_ERROR(ToProto(one, response.add_cases()));
    after_case_id = cases.back().case_id;
    RETURN_IF_ERROR(endpoint_->MayGoOn(caller));
    if (!writer->Write(response)) return errors::Cancelled();
  }
}

grpc::Status EvalGateRpc::JudgeVersion(grpc::ServerContext* context,
                                       const v1::JudgeVersionRequest* request,
                                       v1::JudgeVersionResponse* response) {
  return endpoint_->Serve(*context, "JudgeVersion", rpc::Role::kOperator, *request,
                          [&](const rpc::Caller& caller) {
                            return DoJudgeVersion(caller, *context, *request, response);
                          });
}

absl::Status EvalGateRpc::DoJudgeVersion(const rpc::Caller& caller,
                                         const grpc::ServerContext& context,
                                         const v1::JudgeVersionRequest& sent,
                                         v1::JudgeVersionResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::JudgeVersionRequest request, Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(
      const Created<Verdict> given,
      use_cases_.judge->Give(caller, FromProto(request), rpc::CallDeadline(context, *endpoint_)));
  ToProto(given.value, response->mutable_verdict());
  response->set_replayed(given.replayed);
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::ListCaseResults(grpc::ServerContext* context,
                                          const v1::ListCaseResultsRequest* request,
                                          v1::ListCaseResultsResponse* response) {
  // The ideal of a case is what whoever trains a model must not know.
  const rpc::Role role = request->include_ideal() ? rpc::Role::kOperator : rpc::Role::kReader;
  return endpoint_->Serve(*context, "ListCaseResults", role, *request,
                          [&](const rpc::Caller& caller) {
                            return DoListCaseResults(caller, *context, *request, response);
                          });
}

absl::Status EvalGateRpc::DoListCaseResults(const rpc::Caller& caller,
                                            const grpc::ServerContext& context,
                                            const v1::ListCaseResultsRequest& request,
                                            v1::ListCaseResultsResponse* response) {
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  CaseResultQuery query = FromProto(request);
  const std::string scope = ScopeOf(caller.project, query);
  ASSIGN_OR_RETURN(query.page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(query.after_case_id, rpc::ParseIdPageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const CaseResultPage page,
                   use_cases_.results->List(caller, query, rpc::CallDeadline(context, *endpoint_)));
  for (const CaseResult& result : page.results) {
    ToProto(result, request.include_ideal(), response->add_results());
  }
  response->set_next_page_token(rpc::IdPageToken(scope, page.next_after_case_id));
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::GetVerdict(grpc::ServerContext* context,
                                     const v1::GetVerdictRequest* request,
                                     v1::GetVerdictResponse* response) {
  return endpoint_->Serve(
      *context, "GetVerdict", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetVerdict(caller, *request, response); });
}

absl::Status EvalGateRpc::DoGetVerdict(const rpc::Caller& caller,
                                       const v1::GetVerdictRequest& request,
                                       v1::GetVerdictResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const Verdict verdict,
                   use_cases_.verdicts->Get(caller.project, request.verdict_id()));
  ToProto(verdict, response->mutable_verdict());
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::ExplainVerdict(grpc::ServerContext* context,
                                         const v1::ExplainVerdictRequest* request,
                                         v1::ExplainVerdictResponse* response) {
  return endpoint_->Serve(*context, "ExplainVerdict", rpc::Role::kReader, *request,
                          [&](const rpc::Caller& caller) {
                            return DoExplainVerdict(caller, *context, *request, response);
                          });
}

absl::Status EvalGateRpc::DoExplainVerdict(const rpc::Caller& caller,
                                           const grpc::ServerContext& context,
                                           const v1::ExplainVerdictRequest& request,
                                           v1::ExplainVerdictResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const ExplainedVerdict explained,
                   use_cases_.replayer->Explain(caller.project, request.verdict_id(),
                                                rpc::CallDeadline(context, *endpoint_)));
  ToProto(explained, response);
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::ReplayVerdict(grpc::ServerContext* context,
                                        const v1::ReplayVerdictRequest* request,
                                        v1::ReplayVerdictResponse* response) {
  return endpoint_->Serve(*context, "ReplayVerdict", rpc::Role::kReader, *request,
                          [&](const rpc::Caller& caller) {
                            return DoReplayVerdict(caller, *context, *request, response);
                          });
}

absl::Status EvalGateRpc::DoReplayVerdict(const rpc::Caller& caller,
                                          const grpc::ServerContext& context,
                                          const v1::ReplayVerdictRequest& request,
                                          v1::ReplayVerdictResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const VerdictReplay replay,
                   use_cases_.replayer->Replay(caller.project, request.verdict_id(),
                                               rpc::CallDeadline(context, *endpoint_)));
  ToProto(replay, response);
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::ListVerdicts(grpc::ServerContext* context,
                                       const v1::ListVerdictsRequest* request,
                                       v1::ListVerdictsResponse* response) {
  return endpoint_->Serve(
      *context, "ListVerdicts", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListVerdicts(caller, *request, response); });
}

absl::Status EvalGateRpc::DoListVerdicts(const rpc::Caller& caller,
                                         const v1::ListVerdictsRequest& sent,
                                         v1::ListVerdictsResponse* response) {
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListVerdictsRequest request, Redacted(*use_cases_.texts, sent));
  const std::string scope = rpc::ListScope("verdicts", caller.project, request)
                                .Add(request.suite_id())
                                .Add(request.model_version())
                                .Add(int64_t{request.decision()})
                                .Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(
      const ListPage<Verdict> page,
      use_cases_.verdicts->List(caller.project, FromProto(request), beyond, page_size));
  for (const Verdict& verdict : page.values) ToProto(verdict, response->add_verdicts());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::GetShipDecision(grpc::ServerContext* context,
                                          const v1::GetShipDecisionRequest* request,
                                          v1::GetShipDecisionResponse* response) {
  return endpoint_->Serve(
      *context, "GetShipDecision", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoGetShipDecision(caller, *request, response); });
}

absl::Status EvalGateRpc::DoGetShipDecision(const rpc::Caller& caller,
                                            const v1::GetShipDecisionRequest& request,
                                            v1::GetShipDecisionResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const ShipDecision decision,
                   use_cases_.verdicts->Decide(caller.project, FromProto(request)));
  ToProto(decision, response);
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
