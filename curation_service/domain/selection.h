// Selection: which of the rows that pass curation a dataset version takes.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_SELECTION_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_SELECTION_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "curation_service/domain/row_source.h"
#include "curation_service/domain/tier.h"

namespace flywheel::curation {

// Which interactions may become rows, of both sides. A list that is empty holds nobody back.
struct CandidateFilter {
  // Sorted, each once; so are the other lists.
  std::vector<std::string> model_versions;
  std::vector<std::string> prompt_versions;
  // Attributes that the interaction must have, all of them.
  std::map<std::string, std::string> labels;
  std::vector<RowSource> sources;
  std::vector<Tier> tiers;
  // When the turn began. One whose time nobody kept is outside of every range.
  absl::Time start_time_from = absl::InfinitePast();
  absl::Time start_time_before = absl::InfiniteFuture();

  bool operator==(const CandidateFilter&) const = default;
};

// How many rows of the train side to take at most; TierBudgets shares them out.
struct RowBudget {
  // target_count of select_training_data, section 75.3 (tier_budget.h).
  static constexpr int64_t kDefaultRows = 5'000;

  int64_t rows = kDefaultRows;
  // Another seed draws other rows.
  int64_t seed = 0;
  // What a tier lacks is filled from others.
  bool fill = false;

  bool operator==(const RowBudget&) const = default;
};

// How rows of the train side are spread over segments: over the values of an attribute.
struct SegmentBalance {
  static constexpr double kDefaultMaxWeight = 10;

  // Empty: the cohort attribute. Rows without it are a segment of their own.
  std::string attribute = {};
  // Of the rows that are taken, at most; 1: no bound.
  double max_share = 1;
  // How much likelier than others a segment's rows are drawn.
  std::map<std::string, double> weights = {};
  // The weight of a segment that `weights` does not name is its share of use over its share of
  // rows; else 1.
  bool weight_by_use = false;
  // No weight is above it, and none below its inverse.
  double max_weight = kDefaultMaxWeight;

  bool operator==(const SegmentBalance&) const = default;
};

// How many synthetic rows a version holds while an agent has few others: max_rows without any, one
// part less for each real row, and none from `real_rows` real rows on.
struct SyntheticLimit {
  // num_samples of generate_cold_start_dataset, section 75.2.
  static constexpr int64_t kDefaultMaxRows = 200;
  // Where Phase 1 of the same section ends.
  static constexpr int64_t kDefaultRealRows = 2'000;

  int64_t max_rows = kDefaultMaxRows;
  int64_t real_rows = kDefaultRealRows;

  bool operator==(const SyntheticLimit&) const = default;
};

// What is not set changes nothing. The section numbers above are those of "Data Flywheel: The
// Continuous Improvement Feedback Loop".
struct Selection {
  std::optional<CandidateFilter> filter;
  std::optional<RowBudget> budget;
  std::optional<SegmentBalance> segments;
  std::optional<SyntheticLimit> synthetic;

  bool operator==(const Selection&) const = default;
  bool empty() const { return *this == Selection(); }
};

// Interactions of an agent that are no noise, by the value of an attribute, whether anybody reacted
// or not; those without it under "".
using SegmentUse = std::map<std::string, int64_t>;

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_SELECTION_H_
