// Object store in an S3-compatible bucket.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_S3_BUCKET_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_S3_BUCKET_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "ingest_service/payloads/object_store.h"

namespace flywheel::ingest {

struct S3Options {
  // http:// or https:// and a host; https for any network that is not private.
  std::string endpoint;
  std::string bucket;
  std::string region;
  // Lines "aws_access_key_id = ..." and "aws_secret_access_key = ..."; others are passed over.
  std::string credentials_file;
  // Before what failed is sent the second time; twice as long before the third.
  absl::Duration first_wait = absl::Milliseconds(200);
};

// Speaks to a bucket by path-style URLs, each request signed (AWS Signature Version 4, by libcurl).
// A request that meets no answer, a 429 or a 5xx is sent three times at most; one takes at most 20
// s, a Put 60 s. Stop ends the waits in between at once, and a transfer within a second.
// Thread-safe.
class S3Bucket : public ObjectStore {
 public:
  // INVALID_CONFIGURATION for options that cannot be. Sends nothing.
  static absl::StatusOr<std::unique_ptr<ObjectStore>> Open(const S3Options& options);
  ~S3Bucket() override;

  absl::Status Put(const std::string& name, std::string_view bytes) override;
  absl::StatusOr<std::string> Get(const std::string& name, int64_t offset,
                                  int64_t size_bytes) override;
  absl::Status Remove(const std::string& name) override;
  void Stop() override;

 private:
  struct Request;
  struct Answer {
    // 0 where none came.
    long status = 0;
    std::string body;
    // What the transport said, where no answer came.
    std::string error;
  };

  S3Bucket(S3Options options, std::string credentials)
      : options_(std::move(options)), credentials_(std::move(credentials)) {}

  Answer Send(const Request& request);
  Answer SendOnce(const Request& request);
  // Connections are kept and used again.
  void* TakeHandle();
  void ReturnHandle(void* handle);

  const S3Options options_;
  // "ID:SECRET".
  const std::string credentials_;
  absl::Notification stopped_;
  absl::Mutex mutex_;
  std::vector<void*> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_S3_BUCKET_H_
