// Record eraser: removes what a tombstone of the feed names, and what was made of it.
#ifndef FLYWHEEL_CURATION_SERVICE_RECORD_ERASER_H_
#define FLYWHEEL_CURATION_SERVICE_RECORD_ERASER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/record.h"
#include "curation_service/store/record_store.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// Takes the id of a signal, which is no longer about `target`, out of the rows that were made of
// it.
absl::Status ForgetInRows(sql::Connection& connection, const std::string& project,
                          const std::string& signal_id, const SignalTarget& target);

// Erases inside the caller's transaction what a tombstone names: interactions with their scores,
// signals, and the rows of dataset versions, frozen and unfinished ones, that came of them. A row
// leaves where its interaction does, and where a correction of its interaction does: a version does
// not say whose correction it took. What curation does not have is passed over. Returns what the
// signals were about, for scoring it anew.
absl::StatusOr<std::vector<SignalTarget>> EraseRecords(sql::Connection& connection,
                                                       const FeedRecord& record,
                                                       const Tombstone& tombstone);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RECORD_ERASER_H_
