#include "eval_gate_service/domain/verdict_difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/hashing/sha256.h"

namespace flywheel::evalgate {
namespace {

// Keeps the first field that differs.
class Differences {
 public:
  void Text(std::string_view field, const std::string& stored, const std::string& replayed) {
    if (stored != replayed) Note(field, stored, replayed);
  }
  void Hash(std::string_view field, const std::string& stored, const std::string& replayed) {
    if (stored != replayed) Note(field, ToHex(stored), ToHex(replayed));
  }
  void Count(std::string_view field, int64_t stored, int64_t replayed) {
    if (stored != replayed) {
      Note(field, fmt::format("{}", stored), fmt::format("{}", replayed));
    }
  }
  void Number(std::string_view field, double stored, double replayed) {
    const bool same = stored == replayed || (std::isnan(stored) && std::isnan(replayed));
    // As many digits as tell it from every other number.
    if (!same) Note(field, fmt::format("{}", stored), fmt::format("{}", replayed));
  }
  void Numbers(std::string_view field, const std::vector<double>& stored,
               const std::vector<double>& replayed) {
    Count(fmt::format("{}.size", field), static_cast<int64_t>(stored.size()),
          static_cast<int64_t>(replayed.size()));
    for (size_t i = 0; i < std::min(stored.size(), replayed.size()); ++i) {
      Number(fmt::format("{}[{}]", field, i), stored[i], replayed[i]);
    }
  }

  std::optional<VerdictDifference> first() && { return std::move(first_); }

 private:
  void Note(std::string_view field, std::string stored, std::string replayed) {
    if (first_) return;
    first_ = {std::string(field), std::move(stored), std::move(replayed)};
  }

  std::optional<VerdictDifference> first_;
};

void CompareFinding(const std::string& place, const Finding& stored, const Finding& replayed,
                    Differences& differences) {
  const auto field = [&place](const char* name) { return place + name; };
  differences.Count(field("kind"), static_cast<int64_t>(stored.kind),
                    static_cast<int64_t>(replayed.kind));
  differences.Text(field("cohort"), stored.cohort, replayed.cohort);
  differences.Text(field("baseline_model_version"), stored.baseline_model_version,
                   replayed.baseline_model_version);
  differences.Count(field("cases"), stored.cases, replayed.cases);
  differences.Count(field("passed"), stored.passed, replayed.passed);
  differences.Count(field("regressed"), stored.regressed, replayed.regressed);
  differences.Count(field("improved"), stored.improved, replayed.improved);
  differences.Number(field("estimate"), stored.estimate, replayed.estimate);
  differences.Number(field("lower"), stored.lower, replayed.lower);
  differences.Number(field("upper"), stored.upper, replayed.upper);
  differences.Number(field("bar"), stored.bar, replayed.bar);
  differences.Number(field("p_value"), stored.p_value, replayed.p_value);
  differences.Count(field("cases_needed"), stored.cases_needed, replayed.cases_needed);
  differences.Number(field("detectable_drop"), stored.detectable_drop, replayed.detectable_drop);
}

}  // namespace

std::optional<VerdictDifference> FirstDifference(const Verdict& stored, const Verdict& replayed) {
  Differences differences;
  // Step 1: what was asked, and on what.
  differences.Hash("bar_hash", stored.bar_hash, replayed.bar_hash);
  differences.Count("erased_cases", stored.erased_cases, replayed.erased_cases);
  differences.Text("run_id", stored.run_id, replayed.run_id);
  differences.Count("attempts_per_case", stored.attempts_per_case, replayed.attempts_per_case);
  if (!stored.evidence_hash.empty()) {
    differences.Hash("evidence_hash", stored.evidence_hash, replayed.evidence_hash);
  }
  // Step 2: what was answered.
  differences.Text("decision", DecisionName(stored.decision), DecisionName(replayed.decision));
  for (size_t i = 0; i < std::min(stored.findings.size(), replayed.findings.size()); ++i) {
    CompareFinding(fmt::format("findings[{}].", i), stored.findings[i], replayed.findings[i],
                   differences);
  }
  differences.Count("findings.size", static_cast<int64_t>(stored.findings.size()),
                    static_cast<int64_t>(replayed.findings.size()));
  // Words are those of the code that wrote them.
  if (stored.code_version == replayed.code_version) {
    for (size_t i = 0; i < std::min(stored.findings.size(), replayed.findings.size()); ++i) {
      differences.Text(fmt::format("findings[{}].message", i), stored.findings[i].message,
                       replayed.findings[i].message);
    }
  }
  // Verdicts of before have none.
  if (!stored.pass_all_of.empty() || !stored.pass_any_of.empty()) {
    differences.Numbers("pass_all_of", stored.pass_all_of, replayed.pass_all_of);
    differences.Numbers("pass_any_of", stored.pass_any_of, replayed.pass_any_of);
  }
  return std::move(differences).first();
}

}  // namespace flywheel::evalgate
