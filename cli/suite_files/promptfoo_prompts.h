// Prompts of a promptfoo configuration.
#ifndef FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_PROMPTS_H_
#define FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_PROMPTS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/suite_files/nearby_files.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"

namespace flywheel::cli {

struct PromptfooPrompt {
  std::string label;
  // A template: a text, or messages in OpenAI's form.
  nlohmann::json content;
};

struct PromptfooPrompts {
  std::vector<PromptfooPrompt> prompts;
  // Those that a program makes.
  std::vector<std::string> programs;
};

// Of the member "prompts". INVALID_ARGUMENT for what nobody can read.
absl::StatusOr<PromptfooPrompts> ReadPromptfooPrompts(const nlohmann::json& prompts,
                                                      const NearbyFiles& files);

// Asks the prompt with these variables; without a prompt, the variables themselves: a lone text as
// it is, else all of them as JSON. The message of an error says only what is wrong.
absl::Status AskPrompt(const PromptfooPrompt* prompt, const nlohmann::json& variables,
                       evalgate::v1::UploadedCase& one);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_PROMPTS_H_
