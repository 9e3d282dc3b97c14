// Record rewriter: takes over what ingest replaced in a record that is here already.
#ifndef FLYWHEEL_CURATION_SERVICE_RECORD_REWRITER_H_
#define FLYWHEEL_CURATION_SERVICE_RECORD_REWRITER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/record.h"
#include "curation_service/store/record_store.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// Replaces inside the caller's transaction the texts of the record that a rewrite names, and erases
// the rows of dataset versions, frozen and unfinished ones, that were made of the texts of before:
// those of an interaction or, for a correction, those that took an ideal output for its
// interaction; what a signal says went wrong is replaced in the rows that say it. A record that has
// left ingest leaves here as by a tombstone; one that curation does not have is passed over.
// Returns what has to be scored anew.
absl::StatusOr<std::vector<SignalTarget>> RewriteRecord(sql::Connection& connection,
                                                        const FeedRecord& record,
                                                        const Rewrite& rewrite);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RECORD_REWRITER_H_
