// Watch stream: a server stream that sends what is new whenever something is, and holds no thread.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_WATCH_STREAM_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_WATCH_STREAM_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/endpoint.h"
#include "shared/rpc/metrics.h"

namespace flywheel::experiment {

// What one stream watches.
class WatchSource {
 public:
  struct News {
    // To be sent in this order; none where nothing is new.
    std::vector<grpc::ByteBuffer> messages = {};
    // The next look is not to wait for kInterval.
    bool has_more = false;
    // The stream ends well after them.
    bool is_last = false;
  };

  virtual ~WatchSource() = default;
  // What is new since it was last asked; quick. An error ends the stream. Of one thread.
  virtual absl::StatusOr<News> Look() = 0;
};

// One stream. Asks its source anew only when everything was sent, and no sooner than kInterval
// after it had news: a reader who is slow skips to the newest, and at most one look's messages wait
// for it. Ends when its caller leaves, its key is taken away, the server stops or the source says
// so. Lives until gRPC and the loop are done with it. Thread-safe: its events come from gRPC's
// threads and the loop's.
class WatchStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                          public std::enable_shared_from_this<WatchStream> {
 public:
  static constexpr absl::Duration kInterval = absl::Seconds(1);

  // Checks the request, and opens what the call watches.
  using Open =
      absl::FunctionRef<absl::StatusOr<std::unique_ptr<WatchSource>>(const rpc::Caller& caller)>;

  // A call that a reader may make. `endpoint` outlives the server. What is returned belongs to gRPC
  // until OnDone.
  static std::shared_ptr<WatchStream> Start(grpc::CallbackServerContext& context,
                                            rpc::Endpoint* endpoint, std::string_view method,
                                            int64_t request_bytes, Open open);

  // Sends what is new, or ends the stream where it may not go on. Of the loop's thread.
  void Look();
  // Whether it wants no more looks.
  bool ended() const;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // What gRPC is to be told next.
  struct Action {
    enum { kNothing, kWrite, kFinish } what = kNothing;
    const grpc::ByteBuffer* message = nullptr;
    absl::Status status = {};
  };

  WatchStream(rpc::Endpoint* endpoint, rpc::Endpoint::Call call)
      : endpoint_(*endpoint), call_(std::move(call)) {}

  // Changes the state by `event`, then does what the new state asks for. One thread at a time talks
  // to gRPC, outside of the lock: whoever comes meanwhile leaves the work to it.
  void Advance(absl::FunctionRef<void()> event);
  Action Decide() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  rpc::Endpoint& endpoint_;
  const rpc::Endpoint::Call call_;
  // Null where the call was refused; else of the loop's thread.
  std::unique_ptr<WatchSource> source_;
  // gRPC's share of this object.
  std::shared_ptr<WatchStream> self_;

  mutable absl::Mutex mutex_;
  // The front is gRPC's while it writes.
  std::deque<grpc::ByteBuffer> messages_ ABSL_GUARDED_BY(mutex_);
  // By the machine's clock.
  absl::Time next_look_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool acting_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  // No further message comes.
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  // Messages reach nobody.
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  // How the stream ends.
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

// One thread for all streams: has each look again, several times a second while there are any.
// Thread-safe; outlives the server's calls.
class WatchLoop {
 public:
  // `metrics` outlives this object.
  explicit WatchLoop(rpc::Metrics* metrics);

  // Has a stream look at once, and from now on until it has ended.
  void Add(const std::shared_ptr<WatchStream>& stream);

 private:
  // The loop's step.
  absl::Duration LookAtAll();

  absl::Mutex mutex_;
  std::vector<std::weak_ptr<WatchStream>> streams_ ABSL_GUARDED_BY(mutex_);
  // The last one: its step uses all others.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_WATCH_STREAM_H_
