#include "cli/bar_flags.h"

#include <cstdint>

namespace flywheel::cli {

void AddBarFlags(CLI::App& command, evalgate::v1::Bar& bar, CLI::Option* file) {
  const auto add = [&](const char* name, const char* meaning, auto set) {
    CLI::Option* const option = command.add_option_function<double>(name, set, meaning);
    if (file != nullptr) option->excludes(file);
  };
  add("--floor",
      "the pass rate that must be shown, 0 to 1; 0: none, the comparisons decide alone.\n"
      "Default: 0.92",
      [&bar](double value) { bar.set_pass_rate_floor(value); });
  add("--margin",
      "how much worse than the baseline and the reference it may be, in pass rate.\n"
      "Default: 0.03",
      [&bar](double value) { bar.set_non_inferiority_margin(value); });
  add("--cohort-margin", "the same in a cohort of at least 150 cases. Default: 0.1",
      [&bar](double value) { bar.set_cohort_margin(value); });
  add("--alpha", "the chance of a wrong PASS, and of a wrong BLOCK. Default: 0.05",
      [&bar](double value) { bar.set_alpha(value); });
  CLI::Option* const least = command.add_option_function<int64_t>(
      "--least-cases", [&bar](int64_t value) { bar.set_least_cases(value); },
      "no verdict is given on fewer. Default: 1");
  if (file != nullptr) least->excludes(file);
}

}  // namespace flywheel::cli
