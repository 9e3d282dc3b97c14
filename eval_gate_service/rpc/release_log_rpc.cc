#include "eval_gate_service/rpc/release_log_rpc.h"

#include <cstdint>

#include "absl/strings/escaping.h"
#include "eval_gate_service/rpc/release_log_convert.h"
#include "eval_gate_service/rpc/release_log_validate.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kEntriesPerMessage = 1'000;
constexpr int64_t kItemsPerMessage = 100'000;

}  // namespace

grpc::Status ReleaseLogRpc::VerifyReleaseLog(
    grpc::ServerContext* context, const v1::VerifyReleaseLogRequest* request,
    grpc::ServerWriter<v1::VerifyReleaseLogResponse>* writer) {
  return endpoint_->Serve(
      *context, "VerifyReleaseLog", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoVerifyReleaseLog(caller, *request, writer); });
}

absl::Status ReleaseLogRpc::DoVerifyReleaseLog(
    const rpc::Caller& caller, const v1::VerifyReleaseLogRequest& request,
    grpc::ServerWriter<v1::VerifyReleaseLogResponse>* writer) {
  RETURN_IF_ERROR(Validate(request));
  const auto send = [&](const v1::VerifyReleaseLogResponse& response) -> absl::Status {
    RETURN_IF_ERROR(endpoint_->MayGoOn(caller));
    return writer->Write(response) ? absl::OkStatus() : errors::Cancelled();
  };
  LogProgress told;
  ASSIGN_OR_RETURN(const ReleaseLogState state,
                   log_->Verify(caller.project, absl::HexStringToBytes(request.expected_head()),
                                [&](const LogProgress& now) -> absl::Status {
                                  if (now.entries - told.entries < kEntriesPerMessage &&
                                      now.items - told.items < kItemsPerMessage) {
                                    return endpoint_->MayGoOn(caller);
                                  }
                                  told = now;
                                  v1::VerifyReleaseLogResponse response;
                                  response.set_entries(now.entries);
                                  response.set_items(now.items);
                                  return send(response);
                                }));
  v1::VerifyReleaseLogResponse response;
  response.set_entries(state.whole_entries);
  response.set_items(state.cases.checked + state.outputs.checked);
  ToProto(state, response.mutable_state());
  return send(response);
}

grpc::Status ReleaseLogRpc::ListReleaseLog(grpc::ServerContext* context,
                                           const v1::ListReleaseLogRequest* request,
                                           v1::ListReleaseLogResponse* response) {
  return endpoint_->Serve(
      *context, "ListReleaseLog", rpc::Role::kReader, *request,
      [&](const rpc::Caller& caller) { return DoListReleaseLog(caller, *request, response); });
}

absl::Status ReleaseLogRpc::DoListReleaseLog(const rpc::Caller& caller,
                                             const v1::ListReleaseLogRequest& request,
                                             v1::ListReleaseLogResponse* response) {
  RETURN_IF_ERROR(Validate(request));
  const std::string scope =
      rpc::ListScope("release log", caller.project, request).Add(int64_t{request.kind()}).Hex();
  ASSIGN_OR_RETURN(const int64_t page_size, rpc::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const int64_t beyond, rpc::ParsePageToken(scope, request.page_token()));
  ASSIGN_OR_RETURN(const ListPage<ReleaseLogEntry> page,
                   log_->List(caller.project, FromProto(request), beyond, page_size));
  for (const ReleaseLogEntry& entry : page.values) ToProto(entry, response->add_entries());
  response->set_next_page_token(rpc::PageToken(scope, page.next_ordinal));
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
