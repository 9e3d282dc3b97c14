// Signals of rows: which of them made a row of a dataset version.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_ROW_SIGNALS_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_ROW_SIGNALS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "shared/sql/connection.h"

namespace flywheel::curation {

// Takes the id of an erased signal out of the rows of an interaction, in the caller's transaction.
absl::Status ForgetSignal(sql::Connection& connection, const std::string& project,
                          const std::string& interaction_id, const std::string& signal_id);

// Replaces what a signal says went wrong in the rows of an interaction that say it: `before` by
// `after`. Where it is not known what the signal said before, whatever else they say is taken away.
absl::Status ReplaceFailureMode(sql::Connection& connection, const std::string& project,
                                const std::string& interaction_id,
                                const std::optional<std::string>& before, const std::string& after);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_ROW_SIGNALS_H_
