// Decodes stored payloads of any form into what was logged.
#ifndef FLYWHEEL_INGEST_SERVICE_PAYLOADS_PAYLOAD_READER_H_
#define FLYWHEEL_INGEST_SERVICE_PAYLOADS_PAYLOAD_READER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "ingest_service/domain/payload_form.h"
#include "ingest_service/payloads/archive.h"
#include "ingest_service/payloads/zstd_codec.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// Gives payloads back byte for byte, whatever form they have. Everything that reads payloads of
// interactions decodes here, after its transaction has ended: a page of a list may need files.
// Thread-safe.
class PayloadReader {
 public:
  // Both outlive this object.
  PayloadReader(sql::Database* database, Archive* archive)
      : database_(database), archive_(archive) {}

  // Replaces `bytes`, what the row at `sequence` had, by the payload; `place` becomes kPlain.
  // NOT_FOUND where the record left meanwhile; STORE_CORRUPT where the payload is damaged, and
  // STORAGE_UNAVAILABLE where its archive is out of reach, both naming the sequence. REQUIRES: not
  // inside Database::Read or Write, since it reads itself.
  absl::Status Decode(int64_t sequence, PayloadPlace& place, std::string& bytes) {
    if (place.form == PayloadForm::kPlain) return absl::OkStatus();
    return DecodeOther(sequence, place, bytes);
  }

  // Decodes the records of a page in their order and drops those that left meanwhile. Where one
  // cannot be decoded, the page ends before it; an error where that leaves nothing. `Record` has
  // sequence, place and payload. Returns whether the whole page was decoded.
  template <typename Records>
  absl::StatusOr<bool> DecodePage(Records& records);

  // A dictionary of the store.
  absl::StatusOr<std::shared_ptr<const ZstdDictionary>> Dictionary(int64_t dictionary_id);

 private:
  absl::Status DecodeOther(int64_t sequence, PayloadPlace& place, std::string& bytes);
  absl::StatusOr<std::string> DecodeOnce(int64_t sequence, const PayloadPlace& place,
                                         const std::string& bytes);
  // The row is read again with its messages, in one transaction; an error where it has changed.
  absl::StatusOr<std::string> ReadShared(int64_t sequence, const PayloadPlace& place);

  sql::Database* const database_;
  Archive* const archive_;
  absl::Mutex mutex_;
  std::map<int64_t, std::shared_ptr<const ZstdDictionary>> dictionaries_ ABSL_GUARDED_BY(mutex_);
};

template <typename Records>
absl::StatusOr<bool> PayloadReader::DecodePage(Records& records) {
  size_t kept = 0;
  for (size_t i = 0; i < records.size(); ++i) {
    const absl::Status status = Decode(records[i].sequence, records[i].place, records[i].payload);
    if (absl::IsNotFound(status)) continue;
    if (!status.ok()) {
      if (kept == 0) return status;
      records.resize(kept);
      return false;
    }
    if (kept != i) records[kept] = std::move(records[i]);
    ++kept;
  }
  records.resize(kept);
  return true;
}

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PAYLOADS_PAYLOAD_READER_H_
