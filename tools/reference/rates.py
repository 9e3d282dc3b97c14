"""Likelihood ratios of two rates."""

import math
import warnings

import mpmath
import numpy
from scipy import optimize
from statsmodels.stats import proportion

from .draw import near, ones, short

mpmath.mp.dps = 50


def log_likelihood(successes, units, rate):
    """0 ln 0 is 0."""
    value = successes * mpmath.log(rate) if successes > 0 else mpmath.mpf(0)
    return value + ((units - successes) * mpmath.log(1 - rate) if units > successes else 0)


def score(successes, units, rate):
    """The derivative of that."""
    value = successes / rate if successes > 0 else 0
    return value - ((units - successes) / (1 - rate) if units > successes else 0)


class Hypothesis:
    """The treatment's rate is `slope` times the control's, and `shift`."""

    def __init__(self, slope, shift):
        self.slope, self.shift = mpmath.mpf(slope), mpmath.mpf(shift)
        # Of the control's rate.
        self.low = max(0.0, -shift / slope)
        self.high = min(1.0, (1 - shift) / slope)

    def treatment(self, rate):
        return self.slope * rate + self.shift


def likeliest(control, treatment, hypothesis):
    """The control's rate that is likeliest; None where it is at an end of what is possible."""

    def gradient(rate):
        return score(*control, rate) + hypothesis.slope * score(
            *treatment, hypothesis.treatment(rate))

    inside = 1e-9 * (hypothesis.high - hypothesis.low)
    low, high = hypothesis.low + inside, hypothesis.high - inside
    if gradient(low) <= 0 or gradient(high) >= 0:
        return None
    # Right to 1e-14, which is enough: where the likelihood is greatest it hardly changes.
    return mpmath.mpf(optimize.brentq(gradient, low, high, xtol=1e-300, rtol=1e-14, maxiter=500))


def signed_root(control, treatment, hypothesis):
    """z of the likelihood ratio, of (ones, units); None as above."""
    rate = likeliest(control, treatment, hypothesis)
    if rate is None:
        return None
    own = [mpmath.mpf(successes) / units for successes, units in (control, treatment)]
    fall = sum(
        log_likelihood(*sample, best) - log_likelihood(*sample, held)
        for sample, best, held in zip(
            (control, treatment), own, (rate, hypothesis.treatment(rate))))
    sign = 1 if own[1] > hypothesis.treatment(own[0]) else -1
    return sign * mpmath.sqrt(2 * abs(fall))


def check_by_statsmodels(control, treatment, ratio, rate):
    """Its restricted rates are Miettinen and Nurminen's. (Those of a difference, in 0.13, have a
    likelihood below that of ours, and are even below 0.)"""
    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        result = proportion.score_test_proportions_2indep(
            *treatment, *control, value=ratio, compare="ratio", return_results=True)
    assert near(float(result.prop2_null), float(rate), 1e-6), (result, rate)


def signed_roots(rng):
    """Ones and units of both arms, a ratio, a difference: z under either."""
    while True:
        control, treatment = ones(rng)
        ratio, difference = short(math.exp(rng.gauss(0, 0.2)), 3), short(rng.gauss(0, 0.05), 3)
        of_ratio = Hypothesis(ratio, 0.0)
        found = [signed_root(control, treatment, hypothesis)
                 for hypothesis in (of_ratio, Hypothesis(1.0, difference))]
        # At an end there is nothing to solve; such cases have tests of their own.
        if None not in found:
            check_by_statsmodels(control, treatment, ratio,
                                 likeliest(control, treatment, of_ratio))
            return control + treatment + (ratio, difference), found
