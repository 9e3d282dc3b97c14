// Values of privacy: consent, tombstones, erasure receipts, identities under older keys.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_PRIVACY_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_PRIVACY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace flywheel::ingest {

// The numbers of flywheel.ingest.v1.Purpose.
enum class Purpose { kRecord = 1, kTrain = 2 };

// What a person allows, or not, from a moment on.
struct ConsentStatement {
  std::string user_pseudonym;
  Purpose purpose = Purpose::kRecord;
  bool allowed = true;
  absl::Time event_time;
  // The id of the key that it came with; empty where the server had none, and in the feed.
  std::string recorded_by = {};
};

// Why a person's records are kept, and the id of the key that said so.
struct LegalHold {
  std::string reason;
  std::string held_by;
};

// What an erasure or an export is of: the numbers of flywheel.ingest.v1.SubjectKind.
// kRewrite is in receipts alone: nothing was erased, texts were replaced.
enum class SubjectKind { kUser = 1, kSession = 2, kInteraction = 3, kRewrite = 4 };

// Whose or which records are erased or exported.
struct Subject {
  std::string project;
  SubjectKind kind = SubjectKind::kUser;
  // All pseudonyms of a user, the newest first; a session's or an interaction's id alone.
  std::vector<std::string> names;
};

// Records that left the store.
struct Tombstone {
  std::string erasure_id;
  // Rising.
  std::vector<int64_t> sequences;
  // The erasure has no further one.
  bool last = false;
};

// Who a record's person would be, what its content hash and the name of its session, under a key
// that was replaced since.
struct EarlierIdentity {
  // Empty where nobody is known.
  std::string pseudonym;
  std::string content_hash;
  // Empty where it has none.
  std::string session_id;
};

// Whether `stored` is the hash of the same content as the record's, under whichever key.
template <typename Record>
bool HasContent(const Record& record, std::string_view stored) {
  return stored == record.content_hash || std::any_of(record.earlier.begin(), record.earlier.end(),
                                                      [&](const EarlierIdentity& identity) {
                                                        return identity.content_hash == stored;
                                                      });
}

// When which store was clean.
struct StoreReport {
  std::string store;
  int64_t rows = 0;
  absl::Time clean_time;
};

// Stores that report of one erasure, at most: each is a service that reads the feed, or reads from
// one that does, and there are few.
inline constexpr size_t kMaxErasureReports = 100;

// The receipt of an erasure.
struct ErasureReceipt {
  std::string erasure_id;
  SubjectKind subject_kind = SubjectKind::kUser;
  absl::Time request_time;
  // The id of a key; empty where the server had none.
  std::string requested_by = {};
  // When ingest was clean; the epoch before.
  absl::Time clean_time = absl::UnixEpoch();
  int64_t interactions = 0;
  int64_t signals = 0;
  // That waited for their trace.
  int64_t waiting_spans = 0;
  // The last tombstone's; 0 before.
  int64_t commit_sequence = 0;
  // Of the readers, in the order in which they were clean.
  std::vector<StoreReport> reports;

  // Whether one more, by `store`, is too many. A repeated report is not one more.
  bool is_full_for(std::string_view store) const {
    return reports.size() >= kMaxErasureReports &&
           std::none_of(reports.begin(), reports.end(),
                        [&](const StoreReport& report) { return report.store == store; });
  }
  bool is_clean() const { return clean_time != absl::UnixEpoch(); }
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_PRIVACY_H_
