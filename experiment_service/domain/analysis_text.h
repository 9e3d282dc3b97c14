// Analysis as text: every number of an analysis to the last bit, for its hash.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_TEXT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_TEXT_H_

#include <string>

#include "experiment_service/domain/analysis.h"

namespace flywheel::experiment {

// A line an arm, a comparison and a metric, with all that Analyze computed. Its hash is stored: a
// change of the form, or of a method, shows as a decision that does not come out again.
std::string AnalysisText(const Analysis& analysis);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_ANALYSIS_TEXT_H_
