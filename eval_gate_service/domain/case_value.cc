#include "eval_gate_service/domain/case_value.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "statistics/pass_at_k.h"
#include "statistics/proportion.h"

namespace flywheel::evalgate {

double CaseValue(const Bar& bar, const JudgedCase& one) {
  if (one.attempts <= 1) return one.passed() ? 1 : 0;
  const statistics::Proportion attempts{one.passed_attempts, one.attempts};
  switch (bar.repeat_rule) {
    case RepeatRule::kAll:
      return statistics::ChanceThatAllPass(attempts, bar.least_attempts).value_or(0);
    case RepeatRule::kAny:
      return statistics::ChanceThatAnyPasses(attempts, bar.least_attempts).value_or(0);
    case RepeatRule::kMean:
      break;
  }
  return attempts.rate();
}

bool Passes(const Bar& bar, const JudgedCase& one) {
  // Any k of its attempts would have a pass among them: more attempts buy nothing.
  constexpr double kRounding = 1e-9;
  return bar.repeat_rule == RepeatRule::kAny ? CaseValue(bar, one) >= 1 - kRounding : one.passed();
}

PassRatesOfAttempts RatesOfAttempts(const std::vector<JudgedCase>& cases) {
  // Many cases have the same counts, most often those of the case before.
  std::map<std::pair<int, int>, int64_t> counts;
  int64_t* last = nullptr;
  std::pair<int, int> last_attempts;
  int fewest = cases.empty() ? 0 : cases.front().attempts;
  for (const JudgedCase& one : cases) {
    const std::pair<int, int> attempts{one.attempts, one.passed_attempts};
    if (last == nullptr || attempts != last_attempts) last = &counts[attempts];
    last_attempts = attempts;
    ++*last;
    fewest = std::min(fewest, one.attempts);
  }
  PassRatesOfAttempts rates;
  for (int k = 1; k <= fewest; ++k) {
    double all = 0;
    double any = 0;
    for (const auto& [attempts, count] : counts) {
      const statistics::Proportion passed{attempts.second, attempts.first};
      const double share = static_cast<double>(count) / static_cast<double>(cases.size());
      all += share * statistics::ChanceThatAllPass(passed, k).value_or(0);
      any += share * statistics::ChanceThatAnyPasses(passed, k).value_or(0);
    }
    rates.all_of.push_back(all);
    rates.any_of.push_back(any);
  }
  return rates;
}

}  // namespace flywheel::evalgate
