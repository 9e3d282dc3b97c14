// Thresholds: how sure the tagger must be of a span before it is replaced, by type.
#ifndef FLYWHEEL_REDACTION_TAGGER_THRESHOLDS_H_
#define FLYWHEEL_REDACTION_TAGGER_THRESHOLDS_H_

#include <array>
#include <optional>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// What the tagger finds, in the order of its tags.
inline constexpr std::array<DataType, 6> kTaggedTypes = {
    DataType::kName,  DataType::kAddress, DataType::kOrganisation,
    DataType::kPlace, DataType::kDate,    DataType::kAge};

// The usual measures: chosen on texts that were not trained on (README.md).
inline constexpr std::array<float, kTaggedTypes.size()> kUsualThresholds = {0.93F, 0.7F, 0.8F,
                                                                            0.8F,  0.8F, 0.9F};

// A confidence from 0 to 1 by place in kTaggedTypes; nothing for a type that stays. Names and
// addresses are replaced unless somebody says otherwise, and the rest only if somebody says so.
struct TaggerThresholds {
  bool on = true;
  std::array<std::optional<float>, kTaggedTypes.size()> least = {kUsualThresholds[0],
                                                                 kUsualThresholds[1]};
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_TAGGER_THRESHOLDS_H_
