// One assertion of promptfoo as checks of a case.
#ifndef FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_CHECKS_H_
#define FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_CHECKS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite_files/nearby_files.h"
#include "flywheel/evalgate/v1/suite_upload.pb.h"

namespace flywheel::cli {

// What assertions stand in and are rendered with.
struct AssertionPlace {
  const NearbyFiles* files = nullptr;
  // Of the test.
  const nlohmann::json* variables = nullptr;
  // The document's "assertionTemplates"; null where it has none.
  const nlohmann::json* templates = nullptr;
  std::string place;
};

// Whether it has weight 0.
bool DecidesNothing(const nlohmann::json& assertion);

// The checks that stand for an assertion of a type; else why there are none. Gives `one` what they
// compare with.
absl::StatusOr<std::vector<evalgate::v1::EvaluatorSpec>> ChecksOf(const nlohmann::json& assertion,
                                                                  const std::string& type,
                                                                  const AssertionPlace& where,
                                                                  evalgate::v1::UploadedCase& one);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_CHECKS_H_
