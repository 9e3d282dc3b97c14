#include "statistics/kappa.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

double Weight(std::size_t i, std::size_t j, std::size_t categories, KappaWeights weights) {
  if (i == j) return 1.0;
  if (weights == KappaWeights::kNominal) return 0.0;
  const double distance =
      static_cast<double>(i > j ? i - j : j - i) / static_cast<double>(categories - 1);
  return weights == KappaWeights::kLinear ? 1.0 - distance : 1.0 - distance * distance;
}

// The number of items, or a refusal of the table.
absl::StatusOr<double> CountItems(std::span<const std::int64_t> table, std::size_t categories) {
  if (categories < 2) {
    return Refuse(Refusal::kArgumentOutOfRange, "categories: want at least 2");
  }
  if (table.size() / categories != categories || table.size() % categories != 0) {
    return Refuse(Refusal::kSizeMismatch, "want a square table of counts");
  }
  double items = 0.0;
  for (const std::int64_t count : table) {
    if (count < 0) return Refuse(Refusal::kArgumentOutOfRange, "a count is negative");
    items += static_cast<double>(count);
  }
  if (items == 0.0) return Refuse(Refusal::kTooFewUnits, "no item was rated by both raters");
  return items;
}

}  // namespace

absl::StatusOr<KappaResult> CohenKappa(std::span<const std::int64_t> table, std::size_t categories,
                                       KappaWeights weights, double alpha) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  absl::StatusOr<double> items = CountItems(table, categories);
  if (!items.ok()) return items.status();

  const auto share = [&](std::size_t i, std::size_t j) {
    return static_cast<double>(table[i * categories + j]) / *items;
  };
  const auto weight = [&](std::size_t i, std::size_t j) {
    return Weight(i, j, categories, weights);
  };
  std::vector<double> row_share(categories), column_share(categories);
  for (std::size_t i = 0; i < categories; ++i) {
    for (std::size_t j = 0; j < categories; ++j) {
      row_share[i] += share(i, j);
      column_share[j] += share(i, j);
    }
  }
  // Mean weight of a row under the second rater's shares, and of a column under the first's.
  std::vector<double> row_weight(categories), column_weight(categories);
  KappaResult result;
  for (std::size_t i = 0; i < categories; ++i) {
    for (std::size_t j = 0; j < categories; ++j) {
      row_weight[i] += column_share[j] * weight(i, j);
      column_weight[j] += row_share[i] * weight(i, j);
      result.observed_agreement += weight(i, j) * share(i, j);
      result.chance_agreement += weight(i, j) * row_share[i] * column_share[j];
    }
  }
  const double room = 1.0 - result.chance_agreement;
  if (!(room > 1e-12)) {
    return Refuse(Refusal::kCompleteChanceAgreement, "both raters used one category only");
  }

  result.kappa = (result.observed_agreement - result.chance_agreement) / room;
  const double doubt = 1.0 - result.kappa;
  double variance = -std::pow(result.kappa - result.chance_agreement * doubt, 2);
  for (std::size_t i = 0; i < categories; ++i) {
    for (std::size_t j = 0; j < categories; ++j) {
      const double term = weight(i, j) - (row_weight[i] + column_weight[j]) * doubt;
      variance += share(i, j) * term * term;
    }
  }
  result.standard_error = std::sqrt(std::max(0.0, variance) / *items) / room;
  const double half_width = -NormalQuantile(alpha / 2.0) * result.standard_error;
  result.interval = {result.kappa - half_width, std::min(1.0, result.kappa + half_width)};
  return result;
}

}  // namespace flywheel::statistics
