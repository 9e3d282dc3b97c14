// What a user may have meant, where a name that was typed is none.
#ifndef FLYWHEEL_CLI_KNOWN_NAMES_H_
#define FLYWHEEL_CLI_KNOWN_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

namespace flywheel::cli {

// The known name that is nearest to what was typed, by insertions, deletions, changes and swaps of
// neighbouring bytes, whatever the case: at most a third of its length away, and at least one.
// Empty where none is.
std::string NearestName(std::string_view typed, const std::vector<std::string>& known);

// Such as "Did you mean 'refunds'? Known suites: 'held-out', 'refunds'.", the first ten of them by
// name; "There are no suites." where none is known. `things` are what they are, "suites".
std::string WhatThereIs(std::string_view things, std::string_view typed,
                        std::vector<std::string> known);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_KNOWN_NAMES_H_
