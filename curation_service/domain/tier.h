// Quality tiers of a score, and the sample weight of each.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TIER_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TIER_H_

#include <array>

namespace flywheel::curation {

// The numbers of flywheel.curation.v1.Tier, the best first.
enum class Tier { kPlatinum = 1, kGold = 2, kSilver = 3, kBronze = 4 };

inline constexpr std::array<Tier, 4> kTiers = {Tier::kPlatinum, Tier::kGold, Tier::kSilver,
                                               Tier::kBronze};

// Scores from here on are platinum, gold, silver; everything below is bronze.
inline constexpr double kPlatinumScore = 0.85;
inline constexpr double kGoldScore = 0.60;
inline constexpr double kSilverScore = 0.30;

// The tier of a score in [-1, 1]; the lower bound of a range belongs to it. The ranges and weights
// are those of DataQualityTier in "Data Flywheel: The Continuous Improvement Feedback Loop",
// section 75.3.
constexpr Tier TierOf(double score) {
  if (score >= kPlatinumScore) return Tier::kPlatinum;
  if (score >= kGoldScore) return Tier::kGold;
  if (score >= kSilverScore) return Tier::kSilver;
  return Tier::kBronze;
}

// How much a row of the tier counts in training: 5, 2, 1, 0.3.
constexpr double WeightOf(Tier tier) {
  switch (tier) {
    case Tier::kPlatinum:
      return 5.0;
    case Tier::kGold:
      return 2.0;
    case Tier::kSilver:
      return 1.0;
    case Tier::kBronze:
      return 0.3;
  }
  return 1.0;
}

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TIER_H_
