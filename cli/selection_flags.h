// The flags that say which rows a dataset version takes.
#ifndef FLYWHEEL_CLI_SELECTION_FLAGS_H_
#define FLYWHEEL_CLI_SELECTION_FLAGS_H_

#include <CLI/CLI.hpp>

#include "flywheel/curation/v1/dataset.pb.h"

namespace flywheel::cli {

// Adds --model-version, --prompt-version, --attribute, --source, --tier, --since and --until (the
// filter), --max-rows, --seed and --fill (the budget), --segment-attribute, --max-share,
// --segment-weight, --weight-by-use and --max-weight (the segments), and --max-synthetic. What is
// not given is not set. `selection` outlives the command.
void AddSelectionFlags(CLI::App& command, curation::v1::Selection& selection);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SELECTION_FLAGS_H_
