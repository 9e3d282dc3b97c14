// Interface of the object store that holds archive files.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_OBJECT_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_OBJECT_STORE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace flywheel::ingest {

// A folder or a bucket: files by name, written once and never changed. Names are of A-Z a-z 0-9 . _
// : - and '/'. Thread-safe.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // The file is there, whole and durable, when this returns OK; after an error it may be there.
  // STORAGE_FULL and STORAGE_UNAVAILABLE.
  virtual absl::Status Put(const std::string& name, std::string_view bytes) = 0;

  // `size_bytes` bytes from `offset` on. NOT_FOUND where there is no such file,
  // STORE_CORRUPT where it is shorter, STORAGE_UNAVAILABLE where it is out of reach.
  virtual absl::StatusOr<std::string> Get(const std::string& name, int64_t offset,
                                          int64_t size_bytes) = 0;

  // The file is not there when this returns OK, whether it was or not. STORAGE_UNAVAILABLE.
  virtual absl::Status Remove(const std::string& name) = 0;

  // Ends what is under way and refuses what comes later, with STORAGE_UNAVAILABLE, where waiting
  // for it could take long.
  virtual void Stop() {}
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_OBJECT_STORE_H_
