#include "cli/bar_flags.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace flywheel::cli {
namespace {

const std::map<std::string, evalgate::v1::RepeatRule>& RepeatRules() {
  static const auto* const kRules =
      new std::map<std::string, evalgate::v1::RepeatRule>{{"mean", evalgate::v1::REPEAT_RULE_MEAN},
                                                          {"all", evalgate::v1::REPEAT_RULE_ALL},
                                                          {"any", evalgate::v1::REPEAT_RULE_ANY}};
  return *kRules;
}

}  // namespace

void AddBarFlags(CLI::App& command, evalgate::v1::Bar& bar, CLI::Option* file) {
  const auto add = [&](const char* name, const char* meaning, auto set) {
    CLI::Option* const option = command.add_option_function<double>(name, set, meaning);
    if (file != nullptr) option->excludes(file);
  };
  add("--floor",
      "the pass rate that must be shown, 0 to 1; 0: none, the comparisons decide alone.\n"
      "Default: 0.92",
      [&bar](double value) { bar.set_pass_rate_floor(value); });
  add("--point-floor",
      "a rate, of the suite or of a cohort, that was seen below it blocks, whatever chance had\n"
      "to do with it. Default: none",
      [&bar](double value) { bar.set_point_floor(value); });
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
  CLI::Option* const attempts = command.add_option_function<int32_t>(
      "--least-attempts", [&bar](int32_t value) { bar.set_least_attempts(value); },
      "no verdict is given on a run that tries each case less often, 1 to 32. Default: 1");
  CLI::Option* const repeats =
      command
          .add_option_function<std::string>(
              "--repeat-rule",
              [&bar](const std::string& value) { bar.set_repeat_rule(RepeatRules().at(value)); },
              "what a case that was tried several times counts: the 'mean' of its attempts, or "
              "the\n"
              "chance that 'all' or 'any' of as many pass as --least-attempts says. Default: mean")
          ->check(CLI::IsMember(RepeatRules()));
  CLI::Option* const labels =
      command
          .add_option_function<std::vector<std::string>>(
              "--cohort-label",
              [&bar](const std::vector<std::string>& names) {
                bar.mutable_cohort_labels()->Assign(names.begin(), names.end());
              },
              "a label of cases whose values are cohorts as well, such as tier; may be repeated")
          ->allow_extra_args(false);
  for (CLI::Option* const option : {least, attempts, repeats, labels}) {
    if (file != nullptr) option->excludes(file);
  }
}

}  // namespace flywheel::cli
