// The call about what a dataset version would take.
#include <utility>

#include "curation_service/rpc/convert.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/rpc/stream_writer.h"
#include "curation_service/rpc/text_redaction.h"
#include "curation_service/rpc/validate.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/feed_token.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kDefaultCandidates = 1'000;
// As of ReadDatasetRows.
constexpr int kMaxCandidatesPerMessage = 500;
constexpr size_t kCandidateBytes = 1 << 20;

CandidateRequest CandidatesFromProto(const rpc::Caller& caller,
                                     const v1::ListTrainingCandidatesRequest& proto) {
  CandidateRequest request{caller.project, FromProto(proto.options())};
  if (proto.min_tier() != v1::TIER_UNSPECIFIED) {
    request.min_tier = static_cast<Tier>(proto.min_tier());
  }
  request.limit = proto.limit() == 0 ? kDefaultCandidates : proto.limit();
  return request;
}

}  // namespace

grpc::Status CurationRpc::ListTrainingCandidates(
    grpc::ServerContext* context, const v1::ListTrainingCandidatesRequest* request,
    grpc::ServerWriter<v1::ListTrainingCandidatesResponse>* writer) {
  return endpoint_.Serve(*context, "ListTrainingCandidates", rpc::Role::kReader, *request,
                         [&](const rpc::Caller& caller) {
                           return DoListTrainingCandidates(caller, *context, *request, writer);
                         });
}

absl::Status CurationRpc::DoListTrainingCandidates(
    const rpc::Caller& caller, const grpc::ServerContext& context,
    const v1::ListTrainingCandidatesRequest& sent,
    grpc::ServerWriter<v1::ListTrainingCandidatesResponse>* writer) {
  // What stands on the eval side by these options may do so by others.
  RETURN_IF_ERROR(RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(sent));
  ASSIGN_OR_RETURN(const v1::ListTrainingCandidatesRequest request,
                   Redacted(*use_cases_.texts, sent));
  ASSIGN_OR_RETURN(const TrainingCandidates candidates,
                   use_cases_.candidates->Read(CandidatesFromProto(caller, request),
                                               rpc::CallDeadline(context, endpoint_)));
  v1::ListTrainingCandidatesResponse message;
  ToProto(candidates.version, message.mutable_version());
  message.mutable_version()->clear_create_time();
  message.mutable_version()->clear_state();
  message.mutable_version()->clear_content_hash();
  size_t message_bytes = 0;
  for (const DatasetRow& row : candidates.rows) {
    ToProto(row, message.add_rows());
    message_bytes += message.rows().rbegin()->ByteSizeLong();
    if (message.rows_size() < kMaxCandidatesPerMessage && message_bytes < kCandidateBytes) continue;
    message_bytes = 0;
    RETURN_IF_ERROR(Send(endpoint_, caller, *writer, message));
  }
  const bool empty = !message.has_version() && message.rows().empty();
  return empty ? absl::OkStatus() : Send(endpoint_, caller, *writer, message);
}

}  // namespace flywheel::curation
