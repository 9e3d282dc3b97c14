"""Tails and quantiles, boundaries, and Holm's correction."""

import math

from scipy import optimize, special, stats
from statsmodels.stats import multitest

from .draw import log_uniform, short

PLANS = (1e2, 1e3, 1e4, 1e5, 1e6)


def student_quantile(p, dof):
    """The root of scipy's tail: its own quantile loses digits where p is tiny."""
    if p > 0.5:
        return -student_quantile(1 - p, dof)

    def above(t):
        return stats.t.logsf(t, dof) - math.log(p)

    high = 1.0
    while above(high) > 0:
        high *= 2
    return -optimize.brentq(above, 0, high, xtol=1e-300, rtol=1e-14, maxiter=1000)


def tails(rng):
    """z, p, t, dof: P(Z > z), the normal p-quantile; P(T > t), the t p-quantile."""
    z, p = short(rng.uniform(-3, 37)), short(log_uniform(rng, 1e-200, 0.49))
    if rng.random() < 0.3:
        p = short(rng.uniform(0.51, 0.9999))
    t, dof = short(rng.uniform(-4, 12)), short(log_uniform(rng, 1, 1e6))
    if -math.log10(p) > 100 * dof:
        p = 0.025  # Beyond 1e100 scipy's tail of t has no digits.
    found = (stats.norm.sf(z), stats.norm.ppf(p), stats.t.sf(t, dof), student_quantile(p, dof))
    return (z, p, t, dof), found


def mixture_log_e(alpha, z, units):
    log_term = -2 * math.log(alpha)
    scaled = [units * (log_term + math.log1p(log_term)) / plan for plan in PLANS]
    log_e = [s * z * z / (2 * (s + 1)) - 0.5 * math.log1p(s) for s in scaled]
    return special.logsumexp(log_e) - math.log(len(PLANS))


def mixture_multiplier(alpha, units):
    high = 1.0
    while mixture_log_e(alpha, high, units) < -math.log(alpha):
        high *= 2
    return optimize.brentq(lambda z: mixture_log_e(alpha, z, units) + math.log(alpha), 0, high,
                           xtol=1e-300, rtol=1e-14, maxiter=500)


def plan_multiplier(alpha, planned, units):
    """Infinite after the plan."""
    return stats.norm.isf(alpha / 2) * math.sqrt(planned / units) if units <= planned else math.inf


def plan_log_p(z, planned, units):
    if units > planned:
        return 0.0
    return min(0.0, math.log(2) + stats.norm.logsf(abs(z) * math.sqrt(units / planned)))


def boundaries(rng):
    """alpha, planned units, units, z: ln E of the mixture, ln p of the plan."""
    alpha, planned = short(log_uniform(rng, 1e-9, 0.5)), round(log_uniform(rng, 20, 1e8))
    units = max(1, round(planned * rng.random()))
    z = short(rng.uniform(0.1, 60) if rng.random() < 0.2 else rng.uniform(0.1, 6))
    return (alpha, planned, units, z), (
        mixture_log_e(alpha, z, units), plan_log_p(z, planned, units))


def holm(rng):
    """Four p-values: the adjusted ones."""
    p_values = [short(log_uniform(rng, 1e-4, 1), 2) for _ in range(4)]
    return p_values, multitest.multipletests(p_values, method="holm")[1]
