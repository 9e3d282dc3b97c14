// Reads the rows of an experiment store as text, to compare two stores, and changes one.
#ifndef FLYWHEEL_TESTS_FAULT_TWINS_STORED_ROWS_H_
#define FLYWHEEL_TESTS_FAULT_TWINS_STORED_ROWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace flywheel::fault {

// Every row of `table` for which `condition` holds, in order, each as "column=value, ..." with
// every bit of numbers and bytes. Nobody may serve the store meanwhile.
absl::StatusOr<std::vector<std::string>> StoredRows(const std::string& data_dir,
                                                    std::string_view table,
                                                    std::string_view condition = "1");

// Runs one statement on the store. Nobody may serve it meanwhile.
absl::Status ChangeStore(const std::string& data_dir, const char* statement);

}  // namespace flywheel::fault

#endif  // FLYWHEEL_TESTS_FAULT_TWINS_STORED_ROWS_H_
