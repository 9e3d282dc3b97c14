#include "statistics/sequential.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "statistics/refusal.h"

namespace flywheel::statistics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// ln(e^x - 1) for x > 0, without overflow.
double LogExpm1(double x) {
  return x > 1.0 ? x + std::log1p(-std::exp(-x)) : std::log(std::expm1(x));
}

}  // namespace

absl::StatusOr<SequentialBoundary> SequentialBoundary::Create(double planned_units, double alpha,
                                                              Sides sides) {
  if (absl::Status status = RequireOpenProbability("alpha", alpha); !status.ok()) return status;
  if (!(planned_units > 0.0) || !std::isfinite(planned_units)) {
    return Refuse(Refusal::kArgumentOutOfRange, "planned_units: want a positive, finite number");
  }
  const double tuning_alpha = sides == Sides::kGreater ? 2.0 * alpha : alpha;
  if (!(tuning_alpha < 1.0)) {
    return Refuse(Refusal::kArgumentOutOfRange,
                  "alpha: want less than 1/2 for a one-sided boundary");
  }
  const double log_term = -2.0 * std::log(tuning_alpha);
  return SequentialBoundary(alpha, (log_term + std::log1p(log_term)) / planned_units, sides);
}

double SequentialBoundary::Multiplier(double units) const {
  const double scaled = units * rho_squared_;
  if (!(scaled > 0.0)) return kInfinity;
  const double shrink = (scaled + 1.0) / scaled;
  if (sides_ == Sides::kGreater) {
    return std::sqrt(2.0 * shrink * std::log1p(std::sqrt(scaled + 1.0) / (2.0 * alpha_)));
  }
  return std::sqrt(shrink * (std::log1p(scaled) - 2.0 * std::log(alpha_)));
}

double SequentialBoundary::LogPValue(double z, double units) const {
  const double scaled = units * rho_squared_;
  if (!(scaled > 0.0) || std::isnan(z)) return 0.0;
  const double exponent = 0.5 * z * z * (scaled / (scaled + 1.0));
  const double log_penalty = 0.5 * std::log1p(scaled);
  if (sides_ == Sides::kTwoSided) return std::min(0.0, log_penalty - exponent);
  if (!(z > 0.0) || !(exponent > 0.0)) return 0.0;
  return std::min(0.0, log_penalty - std::numbers::ln2 - LogExpm1(exponent));
}

SequentialLook SequentialBoundary::Look(const Effect& effect) const {
  SequentialLook look;
  const double half_width = effect.standard_error * Multiplier(effect.units);
  const bool informative =
      effect.standard_error > 0.0 && std::isfinite(half_width) && std::isfinite(effect.estimate);
  if (!informative) return look;
  look.log_p_value = LogPValue(effect.estimate / effect.standard_error, effect.units);
  look.p_value = std::exp(look.log_p_value);
  look.interval.lower = effect.estimate - half_width;
  if (sides_ == Sides::kTwoSided) look.interval.upper = effect.estimate + half_width;
  return look;
}

void SequentialState::Observe(const SequentialLook& look) {
  ++looks;
  min_log_p_value = std::min(min_log_p_value, look.log_p_value);
  interval = interval.Intersect(look.interval);
}

double SequentialState::p_value() const { return std::exp(min_log_p_value); }

}  // namespace flywheel::statistics
