// Which assertions promptfoo knows, and how they stand in one text.
#ifndef FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_TYPES_H_
#define FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_TYPES_H_

#include <nlohmann/json.hpp>
#include <string_view>

namespace flywheel::cli {

// Why an assertion of this type, which has no evaluator, has none.
const char* WhyNoEvaluator(std::string_view type);

// A column "__expected" of a CSV file, such as "contains-any: a, b", "similar(0.8): text" or, which
// is "equals", a text alone, as an assertion.
nlohmann::json AssertionOfText(std::string_view text);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_TYPES_H_
