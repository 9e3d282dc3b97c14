"""Sizes of arms and of experiments: sample ratios, missing outcomes, and power."""

import math

import mpmath
from scipy import special, stats

from .distributions import mixture_multiplier
from .draw import log_uniform, near, short
from .rates import Hypothesis, likeliest, signed_root

CONCENTRATIONS = (30.0, 95.59, 304.6, 970.3, 3092.0, 9851.0, 31390.0, 100000.0)
WEIGHTS = ((0.5, 0.5), (0.9, 0.1), (0.99, 0.01), (0.4, 0.3, 0.3), (0.8, 0.1, 0.1))


def counts_by(rng, weights, low, high):
    """Of about the weights' shares."""
    total = log_uniform(rng, low, high)
    lost = 1 + rng.gauss(0, 2 / math.sqrt(total))
    return [round(max(0.0, total * w * (lost if i == 0 else 1))) for i, w in enumerate(weights)]


def padded(numbers):
    return [*numbers, 0, 0][:3]


def log_e_value(counts, weights, concentration):
    """By mpmath: of doubles the difference of log-gammas leaves too few digits."""

    def by(lgamma, log, c):
        return lgamma(c) - lgamma(c + sum(counts)) + sum(
            lgamma(c * w + x) - lgamma(c * w) - x * log(w) for x, w in zip(counts, weights))

    exact = by(mpmath.loggamma, mpmath.log, mpmath.mpf(concentration))
    assert near(by(special.gammaln, math.log, concentration), float(exact), 1e-6)
    return exact


def log_mixture(counts, weights):
    e_values = [mpmath.exp(log_e_value(counts, weights, c)) for c in CONCENTRATIONS]
    return mpmath.log(mpmath.fsum(e_values) / len(e_values))


def sample_ratios(rng):
    """Three weights and counts, 0 for no arm: chi-square p, ln E at 2 and of the mixture."""
    weights = rng.choice(WEIGHTS)
    counts = counts_by(rng, weights, 20, 1e6)
    p_value = stats.chisquare(counts, [sum(counts) * w for w in weights]).pvalue
    return padded(weights) + padded(counts), (
        p_value, log_e_value(counts, weights, 2.0), log_mixture(counts, weights))


def missing_outcomes(rng):
    """Three weights, units with an outcome and matured ones without: the always-valid p."""
    while True:
        weights = rng.choice(WEIGHTS)
        with_outcome = counts_by(rng, weights, 20, 1e5)
        without = counts_by(rng, weights, 2, 1e4)
        e_values = [mpmath.exp(log_e) for log_e in (
            log_mixture(with_outcome, weights), log_mixture(without, weights),
            log_e_value(without, weights, 2.0))]
        mean = mpmath.fsum(e_values) / 3
        # Else it is cut at 1, mostly.
        if mean > 1 or rng.random() < 0.003:
            return padded(weights) + padded(with_outcome) + padded(without), (min(1, 1 / mean),)


def log_odds(rate):
    return mpmath.log(rate / (1 - rate))


def drift_and_noise_of_rates(rate, lift, min_lift, share):
    """Of the likelihood ratio of the counts that are expected, of a unit."""
    rates = (mpmath.mpf(rate), mpmath.mpf(rate) * (1 + mpmath.mpf(lift)))
    shares = (1 - mpmath.mpf(share), mpmath.mpf(share))
    control, treatment = ((p * s, s) for p, s in zip(rates, shares))
    hypothesis = Hypothesis(1 + min_lift, 0.0)
    held = likeliest(control, treatment, hypothesis)
    if held is None:
        return None
    drift = signed_root(control, treatment, hypothesis)
    variance = sum(s * p * (1 - p) * (log_odds(p) - log_odds(q)) ** 2
                   for s, p, q in zip(shares, rates, (held, hypothesis.treatment(held))))
    return float(drift), float(mpmath.sqrt(variance) / drift)


def powers(rng):
    """Rate or mean, standard deviation (0 for rates), lift, min_lift, share, alpha, units: power of
    the plan for a relative gain."""
    while True:
        alpha, share = rng.choice((0.01, 0.05, 0.1)), rng.choice((0.5, 0.3, 0.1))
        min_lift = rng.choice((0.0, 0.01, 0.02))
        lift = short(min_lift + rng.uniform(0.01, 0.2), 3)
        deviation = short(log_uniform(rng, 0.5, 20)) if rng.random() < 0.5 else 0
        if deviation:
            mean = short(log_uniform(rng, 5, 50))
            error = deviation * math.sqrt(1 / share + (1 + min_lift) ** 2 / (1 - share))
            drift, noise = (lift - min_lift) * mean / error, 1.0
        else:
            mean = short(rng.uniform(0.02, 0.8), 3)
            if mean * (1 + max(lift, min_lift)) > 0.98:
                continue
            drift, noise = drift_and_noise_of_rates(mean, lift, min_lift, share)
        # So many that the power is neither 0 nor 1.
        units = round((rng.uniform(1.5, 4.5) / drift) ** 2)
        if units * share * (mean if not deviation else 1) < 100:
            continue
        boundary = min(stats.norm.isf(alpha / 8), mixture_multiplier(alpha / 2, 10_000))
        ahead = drift * math.sqrt(units)
        power = stats.norm.cdf((ahead - boundary) / noise) + math.exp(
            2 * boundary * ahead / noise ** 2
            + stats.norm.logcdf(-(ahead + boundary) / noise))
        return (mean, deviation, lift, min_lift, share, alpha, units), (power,)
