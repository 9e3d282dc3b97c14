// The ids that a run and its verdict have where the user gives none.
#ifndef FLYWHEEL_CLI_GATE_RUN_RUN_IDS_H_
#define FLYWHEEL_CLI_GATE_RUN_RUN_IDS_H_

#include <string>
#include <string_view>
#include <vector>

namespace flywheel::cli {

// "KIND-VERSION-HASH": readable, at most 128 characters of those that an id may have, and the same
// for the same `parts`, so that a job that is started again goes on with what it began.
std::string StableId(std::string_view kind, std::string_view version,
                     const std::vector<std::string>& parts);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_RUN_IDS_H_
