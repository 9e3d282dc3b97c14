// Creates, activates and removes archive files, crash-safe at every step.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_WRITER_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/payloads/archive_file.h"
#include "ingest_service/payloads/archive_line.h"
#include "ingest_service/payloads/object_store.h"
#include "ingest_service/payloads/paced_writer.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// A file in use. Its frames have their frame_id.
struct NewArchiveFile {
  int64_t archive_id = 0;
  PackedFile packed;
};

// What a row must still have in order to be pointed at a file.
struct RowBefore {
  PayloadPlace place;
  // How many bytes the row has now.
  int64_t stored_bytes = 0;
};

// Not thread-safe: one at a time changes files.
class ArchiveWriter {
 public:
  // All pointers outlive this object.
  ArchiveWriter(sql::Database* database, PacedWriter* writer, ObjectStore* objects,
                const Clock* clock)
      : database_(database), writer_(writer), objects_(objects), clock_(clock) {}

  // Makes a file known to the store, writes it, reads it back, and puts it into use. `records` are
  // of one project and rise by sequence. After an error it is a leftover.
  absl::StatusOr<NewArchiveFile> Write(const std::string& project,
                                       absl::Span<const ArchivedRecord> records);

  // Lets the rows of the file's records point at it: only now do their payloads leave the rows. A
  // row that no longer has what `before` says stays as it is. In pieces: a crash leaves some rows
  // pointed and the file in use, and the others are archived again some day.
  absl::Status PointRows(const NewArchiveFile& file, absl::Span<const ArchivedRecord> records,
                         absl::Span<const RowBefore> before);

  // Removes files that are not in use.
  absl::Status RemoveLeftovers();

 private:
  absl::Status Verify(const std::string& name, const PackedFile& packed,
                      absl::Span<const ArchivedRecord> records);

  sql::Database* const database_;
  PacedWriter* const writer_;
  ObjectStore* const objects_;
  const Clock* const clock_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_ARCHIVE_WRITER_H_
