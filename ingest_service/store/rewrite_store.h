// The SQL that replaces the texts of records where they stand, and tells the feed of it.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_REWRITE_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_REWRITE_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/record.h"
#include "ingest_service/domain/store_scan.h"
#include "shared/hashing/shared_message.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// A record with other texts. Nothing else of it changes: neither its id, nor its content hash,
// which is of what was sent.
struct RewrittenRecord {
  int64_t sequence = 0;
  RecordKind kind = RecordKind::kInteraction;
  // As in InteractionRecord, for a row that has it whole.
  std::string payload;
  std::vector<SharedMessage> shared_messages = {};
  // Of an interaction.
  std::map<std::string, std::string> attributes = {};
};

// In the caller's transaction.
class RewriteStore {
 public:
  explicit RewriteStore(sql::Connection& connection) : connection_(connection) {}

  // Puts the new texts into the row of an interaction, and that into the feed. False, with nothing
  // changed, for one whose payload is in an archive, which is where it has to be replaced; true
  // where the row has left or is emptied, too. The payload is plain or shared afterwards, whatever
  // it was before; the rule that compresses comes to it again.
  absl::StatusOr<bool> RewriteInteraction(const std::string& project, const std::string& scan_id,
                                          const RewrittenRecord& record, absl::Time now);
  // The same of a revision of a signal, which is in no archive.
  absl::Status RewriteSignal(const std::string& project, const std::string& scan_id,
                             const RewrittenRecord& record, absl::Time now);

  // For an interaction whose payload was replaced elsewhere: its attributes, and the feed.
  absl::Status FinishInteraction(const std::string& project, const std::string& scan_id,
                                 const RewrittenRecord& record, absl::Time now);

  // Interactions of a project after `after` and up to `up_to` that were thinned out, rising; at
  // most `limit`.
  absl::StatusOr<std::vector<int64_t>> Thinned(const std::string& project, int64_t after,
                                               int64_t up_to, int64_t limit);
  // Puts into the feed that one of these is not there any more.
  absl::Status TellOfThinned(const std::string& project, const std::string& scan_id,
                             int64_t sequence, absl::Time now) {
    return AddToFeed(project, {scan_id, sequence, false}, now);
  }

  // Whether the feed has an entry of the scan.
  absl::StatusOr<bool> HasTold(const StoreScan& scan);

  // Puts into the feed that the scan has no further record, and its receipt among the erasures,
  // where it waits for the write-ahead log to be emptied. Returns its place in the feed.
  absl::StatusOr<int64_t> AddReceipt(const StoreScan& scan, absl::Time now);

  // What stands now at the place that an entry of the feed says was rewritten: its kind, place and
  // payload; no kind where nothing does.
  absl::Status ReadContent(FeedEntry& entry);

  // Whether a legal hold keeps the record: on its person, or on one whom a signal is about.
  absl::StatusOr<bool> IsHeld(const std::string& project, RecordKind kind, int64_t sequence);

 private:
  absl::Status AddToFeed(const std::string& project, const Rewrite& rewrite, absl::Time now);

  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_REWRITE_STORE_H_
