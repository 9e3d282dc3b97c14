#include "shared/feed/feed_client.h"

#include <utility>

#include "shared/rpc/feed_token.h"
#include "shared/rpc/upstream_error.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::feed {
namespace {

constexpr absl::Duration kStreamLifetime = absl::Minutes(10);
constexpr int kEntriesPerMessage = 1'000;
constexpr absl::Duration kReportTimeout = absl::Seconds(10);

}  // namespace

absl::StatusOr<std::unique_ptr<FeedClient>> FeedClient::Open(const rpc::Target& target) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  return std::unique_ptr<FeedClient>(new FeedClient(std::move(channel)));
}

FeedClient::FeedClient(rpc::Channel channel)
    : channel_(std::move(channel)),
      stub_(ingest::v1::IngestService::NewStub(channel_.get())),
      privacy_stub_(ingest::v1::PrivacyService::NewStub(channel_.get())) {}

absl::Status FeedClient::Follow(
    int64_t cursor,
    absl::FunctionRef<absl::Status(const ingest::v1::ReadFeedResponse&)> on_message) {
  grpc::ClientContext context;
  channel_.Prepare(context, kStreamLifetime);
  ingest::v1::ReadFeedRequest request;
  request.set_cursor(rpc::FeedToken(cursor));
  request.set_follow(true);
  request.set_all_projects(true);
  request.set_max_entries(kEntriesPerMessage);
  // Known before the stream begins, so that Cancel ends it whenever it comes.
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return errors::Cancelled();
    context_ = &context;
  }
  const std::unique_ptr<grpc::ClientReader<ingest::v1::ReadFeedResponse>> reader =
      stub_->ReadFeed(&context, request);
  ingest::v1::ReadFeedResponse response;
  absl::Status status;
  while (status.ok() && reader->Read(&response)) {
    SetRefused(false);
    status = on_message(response);
  }
  if (!status.ok()) context.TryCancel();
  const grpc::Status end = reader->Finish();
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  if (cancelled_) return errors::Cancelled();
  if (!status.ok()) return status;
  // The stream's lifetime is over, as planned.
  if (end.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) return absl::OkStatus();
  status = rpc::UpstreamError(end, "ingest", channel_.address());
  if (errors::ReasonOf(status) == Reason::kUpstreamRefused) refused_ = true;
  return status;
}

absl::Status FeedClient::ReportErasure(const std::string& project, const std::string& erasure_id,
                                       const std::string& store, int64_t rows) {
  grpc::ClientContext context;
  channel_.Prepare(context, kReportTimeout, project);
  ingest::v1::ReportErasureRequest request;
  request.set_erasure_id(erasure_id);
  request.set_store(store);
  request.set_rows(rows);
  {
    absl::MutexLock lock(&mutex_);
    if (cancelled_) return errors::Cancelled();
    report_contexts_.insert(&context);
  }
  ingest::v1::ReportErasureResponse response;
  const grpc::Status status = privacy_stub_->ReportErasure(&context, request, &response);
  absl::MutexLock lock(&mutex_);
  report_contexts_.erase(&context);
  if (cancelled_) return errors::Cancelled();
  return rpc::UpstreamError(status, "ingest", channel_.address());
}

void FeedClient::SetRefused(bool refused) {
  absl::MutexLock lock(&mutex_);
  refused_ = refused;
}

void FeedClient::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  if (context_ != nullptr) context_->TryCancel();
  for (grpc::ClientContext* const context : report_contexts_) context->TryCancel();
}

bool FeedClient::reachable() const {
  absl::MutexLock lock(&mutex_);
  return context_ != nullptr && !refused_ &&
         channel_.get()->GetState(/*try_to_connect=*/false) == GRPC_CHANNEL_READY;
}

}  // namespace flywheel::feed
