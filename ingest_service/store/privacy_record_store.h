// The SQL of what the feed carries of privacy: tombstones, changes of consent, and rewrites.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_PRIVACY_RECORD_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_PRIVACY_RECORD_STORE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// The SQL of tombstones, changes of consent and rewrites. In the caller's transaction.
class PrivacyRecordStore {
 public:
  explicit PrivacyRecordStore(sql::Connection& connection) : connection_(connection) {}

  // Puts a tombstone, a change of consent, or a rewrite, into the feed under `sequence`.
  absl::Status AddTombstone(const std::string& project, const Tombstone& tombstone,
                            int64_t sequence, absl::Time commit_time);
  absl::Status AddConsentChange(const std::string& project, const ConsentStatement& consent,
                                int64_t sequence, absl::Time commit_time);
  absl::Status AddRewrite(const std::string& project, const Rewrite& rewrite, int64_t sequence,
                          absl::Time commit_time);

  // Fills in what the feed says of a record of these kinds, by its sequence and kind.
  absl::Status ReadRecord(FeedEntry& entry);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_PRIVACY_RECORD_STORE_H_
