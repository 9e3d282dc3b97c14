// Archive of payloads in files: moves them there, reads them back, removes them from any form.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/payloads/archive_line.h"
#include "ingest_service/payloads/archive_writer.h"
#include "ingest_service/payloads/frame_cache.h"
#include "ingest_service/payloads/object_store.h"
#include "ingest_service/payloads/paced_writer.h"
#include "ingest_service/store/archive_store.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// A record whose payload the row still has.
struct ArchiveCandidate {
  ArchivedRecord record;
  RowBefore row;
};

// Writes payloads to files of zstd-compressed JSON lines, reads them back, and takes records out of
// them again (docs/operate/retention.md). A file is known to the store before it exists and until
// it is gone, and a row points at a file only after that was read back, so that a crash at any
// moment leaves neither a lost payload nor a file that nobody knows. Thread-safe: whoever changes
// files waits for whoever else does; reading waits for nobody.
class Archive {
 public:
  // `objects` is null where no archive is configured: then nothing is written, and what was
  // archived before cannot be read. The pointers outlive this object.
  Archive(sql::Database* database, PacedWriter* writer, std::unique_ptr<ObjectStore> objects,
          const Clock* clock)
      : database_(database),
        writer_(writer),
        objects_(std::move(objects)),
        files_(database, writer, objects_.get(), clock) {}

  // Moves the payloads of records of one project, rising by sequence, into a new file. A row that
  // changed meanwhile keeps what it has. STORAGE_FULL and STORAGE_UNAVAILABLE: nothing has moved,
  // or some rows have; the others are as they were.
  absl::Status Move(const std::string& project, absl::Span<const ArchiveCandidate> candidates);

  // The payload number `index` of a frame, that of the record at `sequence`. NOT_FOUND where the
  // store no longer has the frame (the record moved or left), STORE_CORRUPT where the file is
  // missing or damaged, STORAGE_UNAVAILABLE where it is out of reach.
  absl::StatusOr<std::string> Read(int64_t frame_id, int64_t index, int64_t sequence);

  // Takes the payloads of these interactions out of the store, whatever form they have: archive
  // files are written anew without them and the old files are removed. Rows that were shown have
  // the form kErased afterwards: nothing shows them and no archive takes them up. Who calls removes
  // the rows, and lowers project_totals by those whose form is not kThinned. Sequences that are not
  // there are passed over; calling it again does no harm, and after an error or a crash it has to
  // be called again. `sequences` rise, at most about 1,000 a call; each file that holds one is
  // written anew once. REQUIRES: not inside Database::Read or Write, since it reads and writes
  // itself.
  absl::Status EraseFromArchives(const std::string& project, absl::Span<const int64_t> sequences) {
    return TakeAway(project, sequences, PayloadForm::kErased, Cause::kErasure);
  }

  // The same for a rule of age, which passes over people whose records are held: `form_after` is
  // kThinned (the row becomes an empty place, totals fall) or kErased.
  absl::Status RemoveByAge(const std::string& project, absl::Span<const int64_t> sequences,
                           PayloadForm form_after) {
    return TakeAway(project, sequences, form_after, Cause::kAge);
  }

  // Another payload of a record.
  struct Change {
    int64_t sequence = 0;
    std::string payload;
  };
  // What becomes of the records of a file that is written anew.
  struct PayloadRewrite {
    // What changes of all that rows point at in one file; rises by sequence, as the records do.
    absl::FunctionRef<absl::StatusOr<std::vector<Change>>(absl::Span<const ArchivedRecord>)>
        changes_of;
    // Whether a record must stay as it is, asked in the commit that would replace its payload.
    absl::FunctionRef<absl::StatusOr<bool>(sql::Connection&, int64_t sequence)> is_kept;
    // Runs in that commit, with the records whose payloads were replaced.
    absl::FunctionRef<absl::Status(sql::Connection&, absl::Span<const int64_t> sequences)> also;
  };
  // Puts other payloads in the places of those that files have: each file that holds one of these
  // sequences, which rise, is asked about as a whole and written anew once, its rows are pointed
  // there in one commit, and the old file is removed. What is kept has its payload in the new file.
  // A copy of a record that a crash left in a file leaves with the file; what is in no file is
  // passed over. Calling it again does no harm, and after an error or a crash it has to be called
  // again. REQUIRES: not inside Database::Read or Write.
  absl::Status RewritePayloads(const std::string& project, absl::Span<const int64_t> sequences,
                               const PayloadRewrite& rewrite);

  // Removes files that a crash left half-written, or that were replaced.
  absl::Status RemoveLeftovers();
  // The same; an error where there are some, and no archive is configured any more.
  absl::Status RemoveAllLeftovers();

  // Ends waiting for a store that is out of reach.
  void Stop() {
    if (objects_ != nullptr) objects_->Stop();
  }

 private:
  enum class Cause { kErasure, kAge };
  // A record of a file, and the frame in which it lies.
  struct Placed {
    ArchivedRecord record;
    int64_t frame_id = 0;
  };
  // What of a file is still wanted.
  struct Survivors {
    std::vector<ArchivedRecord> records;
    std::vector<RowBefore> rows;
  };

  absl::Status TakeAway(const std::string& project, absl::Span<const int64_t> sequences,
                        PayloadForm form_after, Cause cause);
  absl::StatusOr<std::vector<Placed>> ReadFile(const ArchiveFile& file);
  absl::StatusOr<Survivors> FindSurvivors(std::vector<Placed> placed,
                                          absl::Span<const int64_t> without);
  // Writes a file anew without these sequences, if it holds one of them, and empties their rows.
  absl::Status Rewrite(const std::string& project, const ArchiveFile& file,
                       absl::Span<const int64_t> without, PayloadForm form_after, Cause cause)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // One file of RewritePayloads, if it holds one of the sequences.
  absl::Status RewriteFile(const std::string& project, const ArchiveFile& file,
                           absl::Span<const int64_t> sequences, const PayloadRewrite& rewrite)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes out of `changes` what is kept by now. True where that was nothing, and the file was
  // replaced; else it has to be tried again.
  absl::StatusOr<bool> TryRewriteFile(const std::string& project, const ArchiveFile& file,
                                      const Survivors& survivors, const PayloadRewrite& rewrite,
                                      std::vector<Change>& changes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status EmptyRows(const std::string& project, absl::Span<const int64_t> sequences,
                         PayloadForm form_after, Cause cause);
  absl::StatusOr<FrameCache::Lines> FrameLines(int64_t frame_id);

  sql::Database* const database_;
  PacedWriter* const writer_;
  const std::unique_ptr<ObjectStore> objects_;
  FrameCache cache_;
  // Held by whoever changes files. Readers find a frame by the store, and look again where it left.
  absl::Mutex mutex_;
  ArchiveWriter files_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_H_
