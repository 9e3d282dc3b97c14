#include "eval_gate_service/upstream/erasure_client.h"

#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/upstream_error.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

namespace curation_v1 = ::flywheel::curation::v1;

// A hundred thousand ids come in a second; beyond this something hangs.
constexpr absl::Duration kCallTimeout = absl::Seconds(60);
constexpr int kErasuresAtOnce = 1'000;
// The gate's name in receipts.
constexpr char kStore[] = "eval-gate";

}  // namespace

absl::Status ErasureClient::Call(const std::string& project,
                                 absl::FunctionRef<grpc::Status(grpc::ClientContext&)> call) {
  grpc::ClientContext context;
  channel_.Prepare(context, kCallTimeout, project);
  // Cancel may come from another thread at any time: it finds the call here, or the call finds it.
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return errors::Cancelled();
    context_ = &context;
  }
  const grpc::Status status = call(context);
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  // A stop is no fault of curation's, whatever the call ended with.
  if (cancelled_) return errors::Cancelled();
  return rpc::UpstreamError(status, "curation", channel_.address());
}

absl::StatusOr<ErasurePage> ErasureClient::List(int64_t cursor) {
  const auto stub = curation_v1::CurationService::NewStub(channel_.get());
  curation_v1::ListErasuresRequest request;
  request.set_cursor(rpc::FeedToken(cursor));
  request.set_all_projects(true);
  request.set_page_size(kErasuresAtOnce);
  curation_v1::ListErasuresResponse response;
  RETURN_IF_ERROR(Call("", [&](grpc::ClientContext& context) {
    return stub->ListErasures(&context, request, &response);
  }));
  ErasurePage page;
  ASSIGN_OR_RETURN(page.next_cursor, rpc::ParseFeedToken("next_cursor", response.next_cursor()));
  for (const curation_v1::FinishedErasure& erasure : response.erasures()) {
    page.erasures.push_back({erasure.project(), erasure.erasure_id(), /*erased_rows=*/0});
  }
  return page;
}

absl::StatusOr<int64_t> ErasureClient::ErasedRows(const std::string& project,
                                                  const std::string& dataset_version_id) {
  const auto stub = curation_v1::CurationService::NewStub(channel_.get());
  curation_v1::GetDatasetVersionRequest request;
  request.set_dataset_version_id(dataset_version_id);
  curation_v1::GetDatasetVersionResponse response;
  RETURN_IF_ERROR(Call(project, [&](grpc::ClientContext& context) {
    return stub->GetDatasetVersion(&context, request, &response);
  }));
  return response.dataset_version().erased_rows();
}

absl::StatusOr<absl::flat_hash_set<std::string>> ErasureClient::RemainingRows(
    const std::string& project, const std::string& dataset_version_id) {
  const auto stub = curation_v1::CurationService::NewStub(channel_.get());
  curation_v1::ReadDatasetRowsRequest request;
  request.set_dataset_version_id(dataset_version_id);
  request.set_split(curation_v1::SPLIT_EVAL);
  request.set_ids_only(true);
  absl::flat_hash_set<std::string> ids;
  RETURN_IF_ERROR(Call(project, [&](grpc::ClientContext& context) {
    const auto reader = stub->ReadDatasetRows(&context, request);
    curation_v1::ReadDatasetRowsResponse response;
    // Bounded: no suite was made of a version with more rows than CurationClient::kMostRows.
    while (reader->Read(&response)) {
      for (auto& row : *response.mutable_rows())
        ids.insert(std::move(*row.mutable_interaction_id()));
    }
    return reader->Finish();
  }));
  return ids;
}

absl::Status ErasureClient::Report(const Erasure& erasure) {
  const auto stub = curation_v1::CurationService::NewStub(channel_.get());
  curation_v1::ReportErasureRequest request;
  request.set_erasure_id(erasure.erasure_id);
  request.set_store(kStore);
  request.set_rows(erasure.erased_rows);
  curation_v1::ReportErasureResponse response;
  return Call(erasure.project, [&](grpc::ClientContext& context) {
    return stub->ReportErasure(&context, request, &response);
  });
}

void ErasureClient::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  if (context_ != nullptr) context_->TryCancel();
}

}  // namespace flywheel::evalgate
