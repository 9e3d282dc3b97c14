// Show text: what `flywheel experiment show` writes of an experiment.
#ifndef FLYWHEEL_CLI_EXPERIMENT_SHOW_TEXT_H_
#define FLYWHEEL_CLI_EXPERIMENT_SHOW_TEXT_H_

#include <string>

#include "flywheel/experiment/v1/experiment.pb.h"

namespace flywheel::cli {

// One experiment: what it compares, its arms' figures, each treatment against the control, and what
// stands.
std::string ShowText(const experiment::v1::Experiment& experiment,
                     const experiment::v1::Analysis& analysis);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_SHOW_TEXT_H_
