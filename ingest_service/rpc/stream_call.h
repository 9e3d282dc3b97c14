// Bidirectional stream StreamInteractions: batches in, results out, in order.
#ifndef FLYWHEEL_INGEST_SERVICE_RPC_STREAM_CALL_H_
#define FLYWHEEL_INGEST_SERVICE_RPC_STREAM_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "flywheel/ingest/v1/ingest_service.pb.h"
#include "ingest_service/rpc/batch_writer.h"
#include "shared/rpc/endpoint.h"

namespace flywheel::ingest {

// One stream. Holds no thread while it waits. Lives until gRPC is done with it and the last commit
// that it waits for has answered. Reads on while fewer than kMaxWaiting messages wait for their
// answer, so that a sender who does not read the answers, or who is faster than the disk, is
// stopped by gRPC's flow control and not by memory. Thread-safe: its events come from gRPC's
// threads and the store's.
class StreamCall final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                         public std::enable_shared_from_this<StreamCall> {
 public:
  // Both pointers outlive the server. What is returned belongs to gRPC until OnDone; keep a
  // weak_ptr at most.
  static std::shared_ptr<StreamCall> Start(grpc::CallbackServerContext& context,
                                           rpc::Endpoint* endpoint, const BatchWriter* writer);

  // Takes no further message; ends when what was taken is answered.
  void Drain();

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // A message and its answer, in the order in which they came.
  struct Waiting {
    bool answered = false;
    grpc::ByteBuffer response;
  };

  static constexpr size_t kMaxWaiting = 8;

  // What gRPC is to be told next.
  struct Action {
    enum { kNothing, kRead, kWrite, kFinish } what = kNothing;
    const grpc::ByteBuffer* response = nullptr;
    absl::Status status;
  };

  StreamCall(rpc::Endpoint* endpoint, const BatchWriter* writer, rpc::Endpoint::Call call)
      : endpoint_(*endpoint), writer_(*writer), call_(std::move(call)) {}

  // Stores the message that was read; its answer comes to Answered.
  void Take(int64_t number);
  void Answered(int64_t number, absl::StatusOr<BatchAnswer> answer);

  // Changes the state by `event`, then does what the new state asks for. One thread at a time talks
  // to gRPC, outside of the lock: whoever comes meanwhile leaves the work to it.
  void Advance(absl::FunctionRef<void()> event);
  Action Decide() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  rpc::Endpoint& endpoint_;
  const BatchWriter& writer_;
  rpc::Endpoint::Call call_;
  // gRPC's share of this object.
  std::shared_ptr<StreamCall> self_;

  // Belongs to gRPC from a read's start until OnReadDone, then to Take.
  grpc::ByteBuffer request_;

  absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  // The number of the message at the front of waiting_.
  int64_t first_ ABSL_GUARDED_BY(mutex_) = 0;
  bool acting_ ABSL_GUARDED_BY(mutex_) = false;
  // request_ is in use.
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  // No further message will be read: the sender has ended or is gone, or the server stops.
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  // Answers reach nobody.
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // How the stream ends.
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

// The streams that are open, to end them when the server stops. Thread-safe.
class OpenStreams {
 public:
  void Add(const std::shared_ptr<StreamCall>& stream);
  void Drain();

 private:
  absl::Mutex mutex_;
  std::vector<std::weak_ptr<StreamCall>> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RPC_STREAM_CALL_H_
