// The SQL of compressed and archived payloads, and of their dictionaries.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_PAYLOAD_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_PAYLOAD_STORE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/payload_form.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// A payload as its row has it.
struct StoredPayload {
  PayloadPlace place;
  std::string bytes;
};

// A zstd dictionary of one project.
struct DictionaryRow {
  int64_t dictionary_id = 0;
  absl::Time create_time;
  std::string dictionary;
};

// What is kept in one form.
struct PayloadTotals {
  int64_t records = 0;
  int64_t payload_bytes = 0;
  int64_t stored_bytes = 0;
};

// NOT_FOUND for an interaction whose row or payload is not there any more.
absl::Status InteractionHasLeft(int64_t sequence);

// The SQL of payloads, their dictionaries and totals. In the caller's transaction.
class PayloadStore {
 public:
  explicit PayloadStore(sql::Connection& connection) : connection_(connection) {}

  // NOT_FOUND where there is no such row.
  absl::StatusOr<StoredPayload> Find(int64_t sequence);

  // Replaces what the row has, if that is still at `before`: whether it was.
  absl::StatusOr<bool> Replace(int64_t sequence, const PayloadPlace& before,
                               const PayloadPlace& place, const std::string& bytes);

  // NOT_FOUND where there is none of this id.
  absl::StatusOr<DictionaryRow> FindDictionary(int64_t dictionary_id);
  // The newest of a project.
  absl::StatusOr<std::optional<DictionaryRow>> NewestDictionary(const std::string& project);
  // Returns the new dictionary's id, above 0.
  absl::StatusOr<int64_t> InsertDictionary(const std::string& project, absl::Time create_time,
                                           const std::string& dictionary);

  // Adds to what is kept in a form; negative numbers take away. Inside the transaction of the
  // change.
  absl::Status AddToTotals(PayloadForm form, const PayloadTotals& added);
  absl::StatusOr<PayloadTotals> ReadTotals(PayloadForm form);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_PAYLOAD_STORE_H_
