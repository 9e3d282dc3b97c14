// Tests of a promptfoo configuration, wherever they stand.
#ifndef FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_TESTS_H_
#define FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_TESTS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "cli/suite_files/nearby_files.h"
#include "cli/suite_files/suite_file.h"
#include "cli/suite_files/yaml_json.h"

namespace flywheel::cli {

// A test as it is written, and where.
struct PromptfooTest {
  nlohmann::json test;
  std::string place;
};

// The tests of "tests" and "scenarios", in order, with those of the files that they name. Faults
// and what is left out are told to `file`.
std::vector<PromptfooTest> ReadPromptfooTests(const YamlDocument& document, const std::string& name,
                                              const NearbyFiles& files, SuiteFile& file);

// The test with what it does not say itself taken from the default test, whose assertions come
// first.
nlohmann::json WithDefaults(const nlohmann::json& test, const nlohmann::json& default_test);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_PROMPTFOO_TESTS_H_
