// The flags that say what a version must show.
#ifndef FLYWHEEL_CLI_BAR_FLAGS_H_
#define FLYWHEEL_CLI_BAR_FLAGS_H_

#include <CLI/CLI.hpp>

#include "flywheel/evalgate/v1/release_policy.pb.h"

namespace flywheel::cli {

// Adds --floor, --point-floor, --margin, --cohort-margin, --alpha, --least-cases, --least-attempts
// and
// --repeat-rule, which `file` excludes where there is one.
void AddBarFlags(CLI::App& command, evalgate::v1::Bar& bar, CLI::Option* file = nullptr);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_BAR_FLAGS_H_
