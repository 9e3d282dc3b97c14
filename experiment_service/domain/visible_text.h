// Blank check: whether a Unicode text holds any visible character.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_VISIBLE_TEXT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_VISIBLE_TEXT_H_

#include <string_view>

namespace flywheel::experiment {

// Whether `text` holds a character that leaves a mark: not a space of any width (Unicode's
// White_Space), a control character, or one that formats and shows nothing (such as U+200B, the
// space without width, or U+FEFF). A byte that is not UTF-8 counts as a mark.
bool HasVisibleText(std::string_view text);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_VISIBLE_TEXT_H_
