#include "curation_service/domain/row_selection.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "curation_service/domain/tier_budget.h"
#include "shared/hashing/content_hash.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();

bool IsSynthetic(const DraftRow& draft) { return draft.row.provenance == Provenance::kSynthetic; }

// Of a row of the train side, as far as the draw is concerned.
struct Entry {
  // Its place among the rows.
  size_t index = 0;
  Tier tier = Tier::kBronze;
  // Numbered from 0.
  size_t segment = 0;
  // The lowest are drawn first.
  double rank = 0;
};

// In (0, 1).
double FractionOf(const std::string& agent, int64_t seed, const std::string& interaction_id) {
  const std::string hash =
      ContentHash().Add("selection").Add(agent).Add(seed).Add(interaction_id).Bytes();
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(bits); ++i) bits = bits << 8 | static_cast<uint8_t>(hash[i]);
  return std::ldexp(static_cast<double>(bits >> 12) + 0.5, -52);
}

std::string SegmentOf(const DatasetRow& row, const std::string& attribute) {
  if (attribute.empty()) return row.cohort;
  const auto found = row.labels.find(attribute);
  return found == row.labels.end() ? "" : found->second;
}

// Which rows of one kind are taken of entries that are sorted by tier and rank.
struct Taken {
  std::vector<bool> entries;
  int64_t rows = 0;
  int64_t rows_of_largest_segment = 0;
};

// At most so many of each segment, of each tier, and of all.
struct Bounds {
  int64_t segment = kUnbounded;
  TierBudget tiers;
  // What the tiers leave of it is filled up.
  int64_t filled = 0;
};

Taken Take(const std::vector<Entry>& entries, size_t segments, Bounds bounds) {
  Taken taken{std::vector<bool>(entries.size(), false)};
  std::vector<int64_t> of_segment(segments, 0);
  const auto take = [&](size_t i) {
    taken.entries[i] = true;
    ++taken.rows;
    const int64_t rows = ++of_segment[entries[i].segment];
    taken.rows_of_largest_segment = std::max(taken.rows_of_largest_segment, rows);
  };
  for (size_t i = 0; i < entries.size(); ++i) {
    int64_t& left = bounds.tiers[entries[i].tier];
    if (left == 0 || of_segment[entries[i].segment] >= bounds.segment) continue;
    --left;
    take(i);
  }
  for (size_t i = 0; i < entries.size() && taken.rows < bounds.filled; ++i) {
    if (!taken.entries[i] && of_segment[entries[i].segment] < bounds.segment) take(i);
  }
  return taken;
}

// The largest bound of a segment that keeps its share, found by halving: every one that is tried is
// held against the rows that it leaves.
Taken TakeWithShare(const std::vector<Entry>& entries, size_t segments, Bounds bounds,
                    double max_share) {
  const auto holds = [&](const Taken& taken) {
    return static_cast<double>(taken.rows_of_largest_segment) <=
           max_share * static_cast<double>(taken.rows) + 1e-9;
  };
  Taken best = Take(entries, segments, bounds);
  if (holds(best)) return best;
  int64_t low = 0;  // No row of any segment is a share of nothing.
  int64_t high = best.rows_of_largest_segment;
  best = Taken{std::vector<bool>(entries.size(), false)};
  while (high - low > 1) {
    bounds.segment = low + (high - low) / 2;
    Taken taken = Take(entries, segments, bounds);
    if (holds(taken)) {
      low = bounds.segment;
      best = std::move(taken);
    } else {
      high = bounds.segment;
    }
  }
  return best;
}

// The train side, and what decides about it.
class Draw {
 public:
  Draw(const std::vector<DraftRow>& drafts, const DatasetOptions& options, const SegmentUse& use)
      : drafts_(drafts), options_(options), use_(use), stays_(drafts.size(), true) {}

  std::vector<bool> Run(LeftOut& left_out) {
    if (options_.selection.synthetic) LimitSynthetic(*options_.selection.synthetic, left_out);
    if (options_.selection.budget || options_.selection.segments) Choose(left_out);
    return std::move(stays_);
  }

 private:
  bool OnTrainSide(size_t i) const { return stays_[i] && drafts_[i].row.split == Split::kTrain; }

  void LeaveOut(size_t i, RemovalReason reason, LeftOut& left_out) {
    stays_[i] = false;
    left_out.Add(reason, drafts_[i].row);
  }

  double Fraction(size_t i) const {
    const std::optional<RowBudget>& budget = options_.selection.budget;
    return FractionOf(options_.agent, budget ? budget->seed : 0, drafts_[i].row.interaction_id);
  }

  void LimitSynthetic(const SyntheticLimit& limit, LeftOut& left_out) {
    int64_t real = 0;
    std::vector<Entry> synthetic;
    for (size_t i = 0; i < drafts_.size(); ++i) {
      if (!OnTrainSide(i) || !drafts_[i].row.positive()) continue;
      if (IsSynthetic(drafts_[i])) {
        synthetic.push_back({i, drafts_[i].row.tier, 0, Fraction(i)});
      } else {
        ++real;
      }
    }
    const int64_t kept =
        limit.max_rows * std::max<int64_t>(0, limit.real_rows - real) / limit.real_rows;
    Sort(synthetic);
    for (auto i = static_cast<size_t>(kept); i < synthetic.size(); ++i) {
      LeaveOut(synthetic[i].index, RemovalReason::kSynthetic, left_out);
    }
  }

  static void Sort(std::vector<Entry>& entries) {
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::tie(a.tier, a.rank, a.index) < std::tie(b.tier, b.rank, b.index);
    });
  }

  // By its number.
  std::vector<double> WeightsOfSegments(const std::vector<int64_t>& rows_of_segment) const {
    std::vector<double> weights(names_.size(), 1);
    if (!options_.selection.segments) return weights;
    const SegmentBalance& segments = *options_.selection.segments;
    double all_use = 0;
    for (const auto& [name, use] : use_) all_use += static_cast<double>(use);
    double all_rows = 0;
    for (const int64_t rows : rows_of_segment) all_rows += static_cast<double>(rows);
    for (size_t i = 0; i < names_.size(); ++i) {
      if (const auto named = segments.weights.find(names_[i]); named != segments.weights.end()) {
        weights[i] = named->second;
      } else if (segments.weight_by_use && all_use > 0) {
        const auto found = use_.find(names_[i]);
        const double use = found == use_.end() ? 0 : static_cast<double>(found->second);
        weights[i] = (use / all_use) / (static_cast<double>(rows_of_segment[i]) / all_rows);
      }
      weights[i] = std::clamp(weights[i], 1 / segments.max_weight, segments.max_weight);
    }
    return weights;
  }

  std::vector<Entry> TrainSide() {
    const std::optional<SegmentBalance>& segments = options_.selection.segments;
    absl::flat_hash_map<std::string, size_t> number_of;
    std::vector<int64_t> rows_of_segment;
    std::vector<Entry> entries;
    for (size_t i = 0; i < drafts_.size(); ++i) {
      if (!OnTrainSide(i)) continue;
      const std::string name = SegmentOf(drafts_[i].row, segments ? segments->attribute : "");
      const auto [found, is_new] = number_of.emplace(name, names_.size());
      if (is_new) {
        names_.push_back(name);
        rows_of_segment.push_back(0);
      }
      ++rows_of_segment[found->second];
      entries.push_back({i, drafts_[i].row.tier, found->second, Fraction(i)});
    }
    const std::vector<double> weights = WeightsOfSegments(rows_of_segment);
    for (Entry& entry : entries) entry.rank = -std::log(entry.rank) / weights[entry.segment];
    Sort(entries);
    return entries;
  }

  void Choose(LeftOut& left_out) {
    const std::vector<Entry> all = TrainSide();
    const auto negative = std::find_if(
        all.begin(), all.end(), [](const Entry& entry) { return entry.tier == Tier::kBronze; });
    Bounds bounds;
    for (const Tier tier : kTiers) bounds.tiers[tier] = kUnbounded;
    const std::optional<RowBudget>& budget = options_.selection.budget;
    if (budget) bounds.tiers = TierBudgetOf(budget->rows);
    const int64_t negatives = ChooseOf({negative, all.end()}, bounds, left_out);
    if (budget && budget->fill) bounds.filled = budget->rows - negatives;
    ChooseOf({all.begin(), negative}, bounds, left_out);
  }

  // The rows that are taken.
  int64_t ChooseOf(const std::vector<Entry>& entries, const Bounds& bounds, LeftOut& left_out) {
    const std::optional<SegmentBalance>& segments = options_.selection.segments;
    const Taken in_budget = Take(entries, names_.size(), bounds);
    const Taken taken =
        TakeWithShare(entries, names_.size(), bounds, segments ? segments->max_share : 1);
    for (size_t i = 0; i < entries.size(); ++i) {
      if (taken.entries[i]) continue;
      LeaveOut(entries[i].index,
               in_budget.entries[i] ? RemovalReason::kOverSegmentShare : RemovalReason::kOverBudget,
               left_out);
    }
    return taken.rows;
  }

  const std::vector<DraftRow>& drafts_;
  const DatasetOptions& options_;
  const SegmentUse& use_;
  std::vector<bool> stays_;
  // Of the segments, by their numbers.
  std::vector<std::string> names_;
};

}  // namespace

std::vector<DraftRow> WithSyntheticHeldDown(std::vector<DraftRow> drafts, LeftOut& left_out) {
  for (DraftRow& draft : drafts) {
    if (!IsSynthetic(draft)) continue;
    draft.row.score = std::min(draft.row.score, kSyntheticScore);
    draft.row.tier = TierOf(draft.row.score);
  }
  std::erase_if(drafts, [&](const DraftRow& draft) {
    if (!IsSynthetic(draft) || draft.row.split != Split::kEval) return false;
    left_out.Add(RemovalReason::kSynthetic, draft.row);
    return true;
  });
  return drafts;
}

std::vector<DraftRow> SelectRows(std::vector<DraftRow> drafts, const DatasetOptions& options,
                                 const SegmentUse& use, LeftOut& left_out) {
  const std::vector<bool> stays = Draw(drafts, options, use).Run(left_out);
  std::vector<DraftRow> selected;
  for (size_t i = 0; i < drafts.size(); ++i) {
    if (stays[i]) selected.push_back(std::move(drafts[i]));
  }
  return selected;
}

}  // namespace flywheel::curation
