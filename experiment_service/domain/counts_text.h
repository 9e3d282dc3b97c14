// Counts as text: what a decision keeps of the arms' counts, to the last bit.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_COUNTS_TEXT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_COUNTS_TEXT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment_service/domain/arm_counts.h"

namespace flywheel::experiment {

// One line an arm: "exposed mixed matured fallback", then for each metric "; units outcomes matured
// other sum squares denominators denominator-squares products histogram". A sum is written as the
// doubles that it is (ExactSum::parts), by commas, as hexadecimal numbers, which lose nothing; a
// histogram as its bytes are (ValueHistogram::Encode), likewise. Stored: what reads it also reads
// what was ever written.
std::string CountsText(const std::vector<ArmCounts>& arms);

// Nothing where CountsText did not write it.
std::optional<std::vector<ArmCounts>> ParseCountsText(std::string_view text);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_COUNTS_TEXT_H_
