// Heterogeneity of effects between groups: Cochran's Q, and an always-valid e-value of the same.
#ifndef FLYWHEEL_STATISTICS_HETEROGENEITY_H_
#define FLYWHEEL_STATISTICS_HETEROGENEITY_H_

#include <span>

#include "absl/status/statusor.h"

namespace flywheel::statistics {

// The effect in one group, such as the lift among its users.
struct GroupEffect {
  double estimate = 0.0;
  double standard_error = 0.0;  // > 0
  double units = 0.0;           // that it was estimated from; > 0
};

struct Heterogeneity {
  double q = 0.0;
  double degrees_of_freedom = 0.0;  // groups, less one
  double p_value = 1.0;             // of q, for one look
  double log_e_value = 0.0;         // for any number of looks
};

// Do the effects d of independent groups differ by more than their standard errors s explain? With
// w = 1/s^2 and d' the mean of the effects weighted by w:
//
//   Q = sum of w (d - d')^2,                                    chi-square with (groups - 1)
//   degrees
//
// of freedom under one effect for all: for ONE look. The e-value is the likelihood ratio of the
// effects' differences, which do not depend on the effect that all have, under normal effects with
// a variance of tau^2 around it, w_t = 1/(s^2 + tau^2), against one effect for all:
//
//   ln E_tau = ( sum of ln(w_t/w) - ln(sum of w_t / sum of w) + Q - Q_t ) / 2
//   tau^2    = rho^2 v,   v = sum of s^2 units^2 / sum of units, the variance of a unit,
//   rho^2    = (-2 ln .05 + ln(1 - 2 ln .05)) / N*,  and E is their mean over N* = 1e2, ..., 1e6
//
// as in mixture_boundary.h, of which this is the case of several groups: for two of them it is that
// e-value of their difference, its variance measured in units. If all effects are one, E exceeds
// 1/alpha at any look with probability at most alpha (Ville), whatever that one is, as the groups'
// estimates become normal; groups may join later. Source: Cochran 1954; the e-value is Robbins'
// normal mixture (1970) of the maximal invariant, the grid of N* is ours.
//
// Pure and thread-safe. Refuses with kTooFewUnits for fewer than two groups, and with
// kArgumentOutOfRange where a number is not finite, or a standard error or units not above 0.
absl::StatusOr<Heterogeneity> EstimateHeterogeneity(std::span<const GroupEffect> groups);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_HETEROGENEITY_H_
