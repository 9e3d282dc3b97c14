// The calls that upload suites and compare them.
#include <string>
#include <utility>

#include "eval_gate_service/rpc/convert.h"
#include "eval_gate_service/rpc/eval_gate_rpc.h"
#include "eval_gate_service/rpc/text_redaction.h"
#include "eval_gate_service/rpc/upload_convert.h"
#include "eval_gate_service/rpc/upload_memory.h"
#include "eval_gate_service/rpc/upload_reader.h"
#include "eval_gate_service/rpc/upload_validate.h"
#include "eval_gate_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Of one message of a comparison, which a client of default settings takes.
constexpr int kMostDifferences = 500;
constexpr size_t kDifferenceBytes = 1 << 20;

}  // namespace

grpc::Status EvalGateRpc::UploadSuite(grpc::ServerContext* context,
                                      grpc::ServerReader<v1::UploadSuiteRequest>* reader,
                                      v1::UploadSuiteResponse* response) {
  return endpoint_->Serve(*context, "UploadSuite", rpc::Role::kOperator, v1::UploadSuiteRequest(),
                          [&](const rpc::Caller& caller) {
                            return DoUploadSuite(caller, *context, *reader, response);
                          });
}

absl::Status EvalGateRpc::DoUploadSuite(const rpc::Caller& caller, grpc::ServerContext& context,
                                        grpc::ServerReader<v1::UploadSuiteRequest>& reader,
                                        v1::UploadSuiteResponse* response) {
  ASSIGN_OR_RETURN(const rpc::CallPlaces::Place place, uploads_.Take(caller));
  UploadMemory::Share memory(&upload_memory_, caller.project);
  UploadReader upload(endpoint_, &caller, &memory, &context, &reader);
  SuiteUpload wanted;
  RETURN_IF_ERROR(upload.Read([&](const v1::SuiteHeader& sent) -> absl::Status {
    RETURN_IF_ERROR(Validate(sent));
    ASSIGN_OR_RETURN(const v1::SuiteHeader header, Redacted(*use_cases_.texts, sent));
    ASSIGN_OR_RETURN(wanted, use_cases_.uploads->Admit(caller, FromProto(header)));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(
      const Created<Suite> created,
      use_cases_.uploads->Keep(caller, wanted, std::move(upload.cases()),
                               rpc::CallDeadline(context, *endpoint_, rpc::kAnswerTime)));
  ToProto(created.value, response->mutable_suite());
  response->set_replayed(created.replayed);
  return absl::OkStatus();
}

grpc::Status EvalGateRpc::CompareSuites(grpc::ServerContext* context,
                                        const v1::CompareSuitesRequest* request,
                                        grpc::ServerWriter<v1::CompareSuitesResponse>* writer) {
  return endpoint_->Serve(
      *context, "CompareSuites", rpc::Role::kOperator, *request,
      [&](const rpc::Caller& caller) { return DoCompareSuites(caller, *request, writer); });
}

absl::Status EvalGateRpc::DoCompareSuites(const rpc::Caller& caller,
                                          const v1::CompareSuitesRequest& request,
                                          grpc::ServerWriter<v1::CompareSuitesResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  v1::CompareSuitesResponse message;
  size_t bytes = 0;
  const auto send = [&]() -> absl::Status {
    RETURN_IF_ERROR(endpoint_->MayGoOn(caller));
    if (!writer->Write(message)) return errors::Cancelled();
    message.Clear();
    bytes = 0;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(use_cases_.comparison->Compare(
      caller, request.suite_id(), request.other_suite_id(),
      [&](CaseDifference difference) -> absl::Status {
        v1::CaseDifference& proto = *message.add_differences();
        proto.set_case_id(difference.case_id);
        proto.set_change(static_cast<v1::CaseChange>(difference.change));
        for (const std::string& part : difference.changed) proto.add_changed(part);
        proto.set_input(std::move(difference.input));
        bytes += proto.ByteSizeLong();
        const bool full =
            message.differences_size() == kMostDifferences || bytes > kDifferenceBytes;
        return full ? send() : absl::OkStatus();
      }));
  return message.differences().empty() ? absl::OkStatus() : send();
}

}  // namespace flywheel::evalgate
