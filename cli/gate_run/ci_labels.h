// What a CI system says about the job that runs.
#ifndef FLYWHEEL_CLI_GATE_RUN_CI_LABELS_H_
#define FLYWHEEL_CLI_GATE_RUN_CI_LABELS_H_

#include "cli/labels.h"

namespace flywheel::cli {

// Adds git_sha, branch and ci_url as GitHub Actions and GitLab CI have them in the environment,
// unless `labels` names them already.
void AddCiLabels(LabelMap& labels);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_CI_LABELS_H_
