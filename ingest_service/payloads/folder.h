// Object store in a local or mounted directory.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_FOLDER_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_FOLDER_H_

#include <memory>
#include <string>
#include <utility>

#include "ingest_service/payloads/object_store.h"

namespace flywheel::ingest {

// A file is written under a temporary name, brought to the disk and renamed, and so is its folder.
class Folder : public ObjectStore {
 public:
  // Makes the folder where it does not exist. INVALID_CONFIGURATION where it cannot be written.
  static absl::StatusOr<std::unique_ptr<ObjectStore>> Open(const std::string& path);

  absl::Status Put(const std::string& name, std::string_view bytes) override;
  absl::StatusOr<std::string> Get(const std::string& name, int64_t offset,
                                  int64_t size_bytes) override;
  absl::Status Remove(const std::string& name) override;

 private:
  explicit Folder(std::string path) : path_(std::move(path)) {}
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

  const std::string path_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_FOLDER_H_
