// Likeliest rates of two binomial samples under a hypothesis (constrained maximum likelihood).
#ifndef FLYWHEEL_STATISTICS_BINOMIAL_RATES_H_
#define FLYWHEEL_STATISTICS_BINOMIAL_RATES_H_

namespace flywheel::statistics {

// One arm of an experiment with 0/1 outcomes. The counts need not be whole.
struct BinomialSample {
  double successes = 0.0;  // in [0, units]
  double units = 0.0;      // in [1e-6, 1e15]

  double failures() const { return units - successes; }
};

// A rate and what is left of 1, each with all its digits however small it is.
struct BinomialRate {
  double success;
  double failure;
};

struct BinomialRates {
  BinomialRate control;
  BinomialRate treatment;
};

// The rates under which the samples are likeliest while pT = ratio * pC, 0 <= ratio <= infinity.
// `excess` is ratio - 1, which next to 1 has digits that the ratio has not. In closed form.
// Source: Miettinen and Nurminen 1985. Neither function checks its arguments.
BinomialRates LikeliestAtRatio(const BinomialSample& control, const BinomialSample& treatment,
                               double ratio, double excess);

// The same while pT = pC + difference, -1 <= difference <= 1: a cubic, solved as a secular equation
// because its closed form loses the digits of a rate next to 0 or 1.
BinomialRates LikeliestAtDifference(const BinomialSample& control, const BinomialSample& treatment,
                                    double difference);

}  // namespace flywheel::statistics

#endif  // FLYWHEEL_STATISTICS_BINOMIAL_RATES_H_
