// Templates of prompts, as far as they only put variables in.
#ifndef FLYWHEEL_CLI_SUITE_FILES_PROMPT_TEMPLATE_H_
#define FLYWHEEL_CLI_SUITE_FILES_PROMPT_TEMPLATE_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace flywheel::cli {

// The text with each "{{ name }}" replaced by that member of `variables`: a text as it is, all else
// as JSON. Paths ("{{ user.name }}", "{{ list[0] }}") and the filters dump, safe, trim, upper and
// lower are understood. INVALID_ARGUMENT, whose message says only what it is, for all else that
// Nunjucks knows ("{% if %}", "{{ a + b }}"), and for a name that is no variable.
absl::StatusOr<std::string> RenderTemplate(std::string_view text, const nlohmann::json& variables);

// The same of every text within a value.
absl::StatusOr<nlohmann::json> RenderTexts(const nlohmann::json& value,
                                           const nlohmann::json& variables);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_PROMPT_TEMPLATE_H_
