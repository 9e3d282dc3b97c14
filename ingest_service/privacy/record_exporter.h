// Exports what is held of a person (right of access), of a session or of an interaction.
#ifndef FLYWHEEL_INGEST_SERVICE_PRIVACY_RECORD_EXPORTER_H_
#define FLYWHEEL_INGEST_SERVICE_PRIVACY_RECORD_EXPORTER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "ingest_service/domain/privacy.h"
#include "ingest_service/payloads/payload_reader.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// Some of the records of a subject: payloads as they are stored, in plain form.
struct ExportPage {
  std::vector<std::string> interactions;
  std::vector<std::string> signals;
  std::vector<ConsentStatement> consents;
  // Of all payloads.
  size_t bytes = 0;

  bool empty() const { return interactions.empty() && signals.empty() && consents.empty(); }
};

// Finds what an erasure of the same subject would take, by the same selection, and what a person
// said of consent; leaves out spans that still wait for their trace, and places whose content age
// has removed. Thread-safe.
class RecordExporter {
 public:
  // Takes one page of at most kMaxPageBytes, or of one record that is longer. Its error ends the
  // export.
  using OnPage = absl::FunctionRef<absl::Status(const ExportPage& page)>;

  // Both outlive this object.
  RecordExporter(sql::Database* database, PayloadReader* payloads)
      : database_(database), payloads_(payloads) {}

  // Interactions in the order of the feed, each before the signals about it, every revision of
  // each; then the other signals. What is stored after the call began is not in it, and what is
  // erased meanwhile may not be. STORE_CORRUPT and STORAGE_UNAVAILABLE where a payload cannot be
  // read.
  // That it is asked for, by whom and at `now`, goes to the audit log first.
  absl::Status Export(const rpc::Actor& actor, absl::Time now, const Subject& subject,
                      OnPage on_page);

 private:
  sql::Database* const database_;
  PayloadReader* const payloads_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_PRIVACY_RECORD_EXPORTER_H_
