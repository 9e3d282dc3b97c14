#include "eval_gate_service/domain/cohort_tally.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "eval_gate_service/domain/case_value.h"

namespace flywheel::evalgate {
namespace {

// A case of the candidate, beside the baseline's where there is one.
struct Pair {
  const JudgedCase& candidate;
  const JudgedCase* baseline = nullptr;
  // Equal for the cases of a group, and kAlone.
  size_t group = 0;
  double value = 0;
  double baseline_value = 0;
};

constexpr size_t kAlone = std::numeric_limits<size_t>::max();

// Values that are means of other numbers of attempts differ by rounding where they are equal.
constexpr double kRounding = 1e-9;

// A tally that grows.
class TallyBuilder {
 public:
  // `clustered`: cases may share a group, or count a share.
  explicit TallyBuilder(bool clustered) : clustered_(clustered) {}

  void Add(const Bar& bar, const Pair& pair) {
    ++tally_.cases;
    if (Passes(bar, pair.candidate)) ++tally_.passed;
    if (pair.baseline != nullptr) AddBaseline(bar, pair);
    if (clustered_) AddToCluster(bar, pair);
  }

  CohortTally Take(std::string_view cohort) {
    tally_.cohort = std::string(cohort);
    if (!shares_ && tally_.clusters.size() == static_cast<size_t>(tally_.cases)) {
      tally_.clusters.clear();
    }
    return std::move(tally_);
  }

 private:
  void AddBaseline(const Bar& bar, const Pair& pair) {
    if (pair.baseline->outcome == CaseOutcome::kErrored) ++tally_.baseline_errors;
    if (Passes(bar, *pair.baseline)) ++tally_.baseline_passed;
    if (pair.value < pair.baseline_value - kRounding) ++tally_.regressed;
    if (pair.value > pair.baseline_value + kRounding) ++tally_.improved;
  }

  void AddToCluster(const Bar& bar, const Pair& pair) {
    ClusterTally& cluster = ClusterOf(pair.group);
    ++cluster.cases;
    cluster.passed += pair.value;
    int attempts = pair.candidate.attempts;
    tally_.attempts = tally_.cases == 1 ? attempts : std::min(tally_.attempts, attempts);
    shares_ = shares_ || IsShare(pair.value);
    if (pair.baseline != nullptr) {
      attempts = std::min(attempts, pair.baseline->attempts);
      const double difference = pair.value - pair.baseline_value;
      if (difference < -kRounding) cluster.regressed -= difference;
      if (difference > kRounding) cluster.improved += difference;
      shares_ = shares_ || IsShare(pair.baseline_value);
    }
    if (bar.repeat_rule != RepeatRule::kMean) attempts = 1;
    tally_.attempts_counted =
        tally_.cases == 1 ? attempts : std::min(tally_.attempts_counted, attempts);
  }

  ClusterTally& ClusterOf(size_t group) {
    if (group == kAlone) return tally_.clusters.emplace_back();
    const auto [found, added] = groups_.try_emplace(group, tally_.clusters.size());
    return added ? tally_.clusters.emplace_back() : tally_.clusters[found->second];
  }

  static bool IsShare(double value) { return value > 0 && value < 1; }

  bool clustered_;
  CohortTally tally_;
  bool shares_ = false;
  absl::flat_hash_map<size_t, size_t> groups_;
};

// Numbers names in the order in which they come. The names of cases are views of few texts, most of
// which are known by their address, without a look at the text.
class NameNumbers {
 public:
  // The number, and whether it is new.
  std::pair<size_t, bool> Of(std::string_view name) {
    const auto [known, is_new] = by_address_.try_emplace({name.data(), name.size()}, 0);
    if (!is_new) return {known->second, false};
    const auto [found, added] = by_name_.try_emplace(name, by_name_.size());
    known->second = found->second;
    return {found->second, added};
  }

 private:
  absl::flat_hash_map<std::pair<const char*, size_t>, size_t> by_address_;
  absl::flat_hash_map<std::string_view, size_t> by_name_;
};

bool IsClustered(std::span<const JudgedCase> cases) {
  return std::any_of(cases.begin(), cases.end(),
                     [](const JudgedCase& one) { return !one.group.empty() || one.attempts > 1; });
}

}  // namespace

double CohortTally::rate() const {
  auto sum = static_cast<double>(passed);
  if (!clusters.empty()) sum = 0;
  for (const ClusterTally& one : clusters) sum += one.passed;
  return sum / static_cast<double>(cases);
}

double CohortTally::groups() const {
  const auto all = static_cast<double>(cases);
  if (clusters.empty()) return all;
  double squares = 0;
  for (const ClusterTally& one : clusters) squares += one.cases * one.cases;
  return all * all / squares;
}

std::vector<CohortTally> TallyCohorts(const Bar& bar, const std::vector<JudgedCase>& candidate,
                                      std::span<const JudgedCase> baseline) {
  const bool clustered = IsClustered(candidate) || IsClustered(baseline);
  TallyBuilder whole(clustered);
  // A hundred thousand cases are counted in some milliseconds: names are looked up once a case.
  std::vector<std::pair<std::string_view, TallyBuilder>> cohorts;
  NameNumbers places;
  const auto builder_of = [&](std::string_view cohort) -> TallyBuilder& {
    const auto [place, added] = places.Of(cohort);
    if (added) cohorts.emplace_back(cohort, clustered);
    return cohorts[place].second;
  };
  absl::flat_hash_map<std::string_view, size_t> groups;
  for (size_t i = 0; i < candidate.size(); ++i) {
    const JudgedCase& one = candidate[i];
    Pair pair{one};
    pair.value = CaseValue(bar, one);
    pair.group =
        one.group.empty() ? kAlone : groups.try_emplace(one.group, groups.size()).first->second;
    if (!baseline.empty()) {
      pair.baseline = &baseline[i];
      pair.baseline_value = CaseValue(bar, *pair.baseline);
    }
    whole.Add(bar, pair);
    if (!one.cohort.empty()) builder_of(one.cohort).Add(bar, pair);
    for (const std::string_view cohort : one.label_cohorts) {
      if (cohort != one.cohort && IsByLabel(bar, cohort)) builder_of(cohort).Add(bar, pair);
    }
  }
  std::sort(cohorts.begin(), cohorts.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<CohortTally> tallies = {whole.Take("")};
  for (auto& [name, builder] : cohorts) tallies.push_back(builder.Take(name));
  return tallies;
}

}  // namespace flywheel::evalgate
