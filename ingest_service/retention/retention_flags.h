// Command-line flags of retention and archive.
#ifndef FLYWHEEL_INGEST_SERVICE_RETENTION_RETENTION_FLAGS_H_
#define FLYWHEEL_INGEST_SERVICE_RETENTION_RETENTION_FLAGS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/retention_rules.h"
#include "ingest_service/payloads/object_store.h"

namespace CLI {
class App;
}

namespace flywheel::ingest {

// As they were given. Ages such as 7d, 12h, 30m or 45s; empty or 0: never, which is the default of
// all: each of them trades something that only the operator can weigh (docs/operate/retention.md).
struct RetentionFlags {
  std::string compress_after = {};
  std::string archive_after = {};
  std::string thin_after = {};
  std::string delete_after = {};
  double thin_share = 0.1;
  // Between two applications of the rules.
  std::string interval = "1m";

  // Where the archive is: a folder, or a bucket of an S3-compatible store; empty: nowhere.
  std::string archive_dir = {};
  std::string s3_endpoint = {};
  std::string s3_bucket = {};
  std::string s3_region = "us-east-1";
  std::string s3_credentials_file = {};
};

// Adds the flags to `app`; each may stand in the environment too (--thin-share:
// FLYWHEEL_THIN_SHARE).
void AddRetentionFlags(CLI::App& app, RetentionFlags& flags);

// What the flags mean.
struct Retention {
  RetentionRules rules;
  absl::Duration interval;
  // Null where there is no archive.
  std::unique_ptr<ObjectStore> archive;
};

// INVALID_CONFIGURATION for what cannot be read or contradicts itself, and for an archive that
// cannot be written.
absl::StatusOr<Retention> OpenRetention(const RetentionFlags& flags);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RETENTION_RETENTION_FLAGS_H_
