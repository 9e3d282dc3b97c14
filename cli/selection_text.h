// Tiers, sources and what a selection left out, in the words of the command line.
#ifndef FLYWHEEL_CLI_SELECTION_TEXT_H_
#define FLYWHEEL_CLI_SELECTION_TEXT_H_

#include <string>

#include "flywheel/curation/v1/dataset.pb.h"

namespace flywheel::cli {

// "over budget" for "OVER_BUDGET".
std::string LowerWords(std::string name);

// "ROW_SOURCE_USER_CORRECTION" for "ROW_SOURCE_" and "user-correction".
std::string EnumName(const char* prefix, std::string word);

// Of "platinum", "gold", "silver" and "bronze"; unspecified for any other word.
curation::v1::Tier TierOfWord(const std::string& word);

// What the selection left out, a reason a line: "left out, over budget: 1,250 rows (250 platinum,
// 1,000 silver)". Empty where nothing was.
std::string LeftOutText(const curation::v1::DatasetVersion& version);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SELECTION_TEXT_H_
