// Store scanner: looks for personal data in what is stored, with the recognisers of today, and
// replaces it.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_STORE_SCANNER_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_STORE_SCANNER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "flywheel/ingest/v1/interaction.pb.h"
#include "ingest_service/domain/store_scan.h"
#include "ingest_service/payloads/archive.h"
#include "ingest_service/payloads/paced_writer.h"
#include "ingest_service/privacy/eraser.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/record/feed_reader.h"
#include "ingest_service/store/rewrite_store.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::ingest {

// What a scan is asked with.
struct ScanRequest {
  rpc::Actor actor;
  std::string scan_id;
  bool rewrite = false;
  bool all_projects = false;
};

// Goes over the records of a project in the order of the feed, on its caller's thread, a page of at
// most 200 records and about 512 KiB at a time. How far it came and what it found is written with
// what it replaced, so that a crash at any moment leaves a scan that goes on when it is asked for
// again, and counts nothing twice:
//
//   1. archive files that hold a record that changes are looked at as a whole and written anew,
//   each
//      with one commit that points their rows there: their other pages find nothing to do;
//   2. the other records of the page change in one commit, with the cursor;
//   3. each change is an entry of the feed, in the same commit; behind the last page follow the
//      last entry and a receipt among the erasures, for the eraser to empty the write-ahead log.
//
// Whether a record is held is asked in the commit that would change it. Of a record that was
// thinned out nobody knows what it said, and readers may have it: they are told that it has left.
//
// One scan runs at a time. Thread-safe.
class StoreScanner {
 public:
  // Told about once a second, and with `complete` once a project is done. An error ends the scan.
  using Progress = absl::FunctionRef<absl::Status(const StoreScan& scan, int64_t stored_records)>;
  // The signal of a stored payload of any age.
  using ParseSignal = absl::Status (*)(const std::string& payload, v1::Signal* signal);

  struct Parts {
    sql::Database* database;
    FeedReader* feed;
    const InboundFilter* filter;
    Archive* archive;
    PacedWriter* writer;
    Eraser* eraser;
    const Clock* clock;
    ParseSignal parse_signal;
  };
  // What the parts point to outlives this object.
  explicit StoreScanner(const Parts& parts) : parts_(parts) {}

  // ALREADY_EXISTS_WITH_OTHER_CONTENT, BUSY, INVALID_CONFIGURATION where nothing is redacted;
  // RECOGNISER_UNAVAILABLE; what reading and writing fails with; the errors of `deadline` and of
  // `progress`. What was done until then is kept.
  absl::Status Scan(const ScanRequest& request, Progress progress, const Deadline& deadline);

 private:
  // What changes in one record.
  struct Finding {
    FoundTypes found;
    RewrittenRecord record;
    // As in InboundFilter::Recheck.
    bool is_worth_sharing = false;
  };
  // Of one page.
  struct Findings {
    std::vector<Finding> changes;
    // Records that were thinned out, which nobody can look at.
    std::vector<int64_t> thinned;
    int64_t records = 0;
    int64_t next_cursor = 0;
    // Of a rewrite: what a hold keeps, as far as it is known before the commit.
    int64_t held = 0;
  };

  absl::Status ScanAll(const ScanRequest& request, Progress progress, const Deadline& deadline);
  absl::Status ScanProject(const ScanRequest& request, const std::string& project,
                           Progress progress, const Deadline& deadline);
  // Keeps the scan, unless it is known.
  absl::StatusOr<StoreScan> Begin(const ScanRequest& request, const std::string& project);
  absl::Status ScanPage(const rpc::Actor& actor, StoreScan& scan);
  // What changes in these records.
  absl::StatusOr<std::vector<Finding>> Recheck(const std::vector<FeedEntry>& records) const;
  // Parses the record of an entry, and hands it to `use`.
  template <typename Use>
  absl::Status WithMessage(const FeedEntry& entry, Use use) const;
  absl::Status AskRecogniser(const std::vector<FeedEntry>& records, TextCheck& check) const;
  // Takes out what a hold keeps, and returns how many records that were.
  absl::StatusOr<int64_t> TakeOutHeld(const std::string& project, std::vector<Finding>& changes);
  // Steps 1 and 2 of a rewrite. The first takes what is done out of `findings`.
  absl::Status RewriteArchived(const StoreScan& scan, Findings& findings);
  absl::Status Advance(const rpc::Actor& actor, Findings findings, StoreScan& scan);
  // Replaces one record and counts it, or counts that it is held.
  static absl::Status ReplaceOne(sql::Connection& connection, const StoreScan& scan,
                                 const Finding& change, absl::Time now, ScanCounts& counts);
  static absl::Status TellOfThinned(sql::Connection& connection, const StoreScan& scan,
                                    int64_t sequence, absl::Time now, ScanCounts& counts);
  // What one record adds to a scan's counts.
  static ScanCounts CountsOf(const Finding& change);
  // The scan as the store has it, with more found.
  static absl::StatusOr<StoreScan> WithMore(sql::Connection& connection, const StoreScan& scan,
                                            const ScanCounts& counts);
  // In the commit of the last page.
  static absl::Status Conclude(sql::Connection& connection, const rpc::Actor& actor,
                               const StoreScan& scan, absl::Time now);
  absl::Status Tell(StoreScan scan, bool complete, Progress progress);

  const Parts parts_;
  absl::Mutex mutex_;
  bool runs_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_STORE_SCANNER_H_
