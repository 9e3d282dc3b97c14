"""What experiments make of means and rates: z, intervals and boundaries."""

import math

from scipy import optimize, stats

from .distributions import mixture_log_e, mixture_multiplier, plan_log_p, plan_multiplier
from .distributions import student_quantile
from .draw import log_uniform, ones, short, two_arms
from .means import ratios_within
from .rates import Hypothesis, signed_root

SMALLEST_TAIL = 1e-300


def pooled_floor(control, treatment):
    """Variances of the means, each at least by the pooled variance."""
    (n_c, _, s_c), (n_t, _, s_t) = control, treatment
    pooled = ((n_c - 1) * s_c ** 2 + (n_t - 1) * s_t ** 2) / (n_c + n_t - 2)
    return max(s_c ** 2, pooled) / n_c, max(s_t ** 2, pooled) / n_t


def normal_of(t, dof):
    """Student's t as a standard normal value."""
    return math.copysign(stats.norm.isf(max(stats.t.sf(abs(t), dof), SMALLEST_TAIL)), t)


def contrasts_of_means(rng):
    """Control, treatment, a relative lift, a reach: z of that lift, the ends of the relative
    interval (Fieller) and the upper one of the absolute."""
    while True:
        control, treatment = two_arms(rng)
        lift, reach = short(rng.gauss(0, 0.1), 3), short(rng.uniform(1.5, 5), 3)
        (n_c, m_c, _), (n_t, m_t, _) = control, treatment
        v_c, v_t = pooled_floor(control, treatment)
        dof = (v_c + v_t) ** 2 / (v_c ** 2 / (n_c - 1) + v_t ** 2 / (n_t - 1))
        student = -student_quantile(stats.norm.sf(reach), dof)
        ratios = ratios_within((m_c, v_c), (m_t, v_t), student)
        if not ratios:
            continue
        sign = math.copysign(1, m_c)
        variance = v_t + (1 + sign * lift) ** 2 * v_c
        found = [
            normal_of((m_t - m_c - lift * abs(m_c)) / math.sqrt(variance), dof),
            *sorted(sign * (ratio - 1) for ratio in ratios),
            m_t - m_c + student * math.sqrt(v_t + v_c),
        ]
        return control + treatment + (lift, reach), found


def end_of(z_of, reach, inside, outside):
    """Where |z| is the reach, between a point within and one beyond; None where none is."""

    def beyond(x):
        z = z_of(x)
        return None if z is None else float(abs(z) - reach)

    for _ in range(60):
        far = beyond(outside)
        if far is None:
            # At an end of what is possible z has no root to solve for: come nearer.
            outside = 0.5 * (inside + outside)
        elif far < 0:
            return None
        else:
            return optimize.brentq(beyond, inside, outside, xtol=1e-300, rtol=1e-13, maxiter=300)
    return None


def contrasts_of_rates(rng):
    """Ones and units of both arms, a reach: the ends of the relative and the absolute interval."""
    while True:
        control, treatment = ones(rng)
        reach = short(rng.uniform(1.5, 5), 3)
        if min(control[0], treatment[0], control[1] - control[0], treatment[1] - treatment[0]) < 1:
            continue
        own = [successes / units for successes, units in (control, treatment)]
        ratio, difference = own[1] / own[0], own[1] - own[0]

        def z_of_ratio(log_ratio):
            return signed_root(control, treatment, Hypothesis(math.exp(log_ratio), 0.0))

        def z_of_difference(shift):
            return signed_root(control, treatment, Hypothesis(1.0, shift))

        relative = [end_of(z_of_ratio, reach, math.log(ratio), math.log(ratio) + side * 4)
                    for side in (-1, 1)]
        absolute = [end_of(z_of_difference, reach, difference, end)
                    for end in (-0.999, 0.999)]
        if None not in relative + absolute:
            return control + treatment + (reach,), [
                *(math.expm1(end) for end in relative), *absolute]


def side(alpha, planned, units, mixture_share):
    """One side's boundary, and its mixture's and plan's alphas."""
    mixture_alpha = min(0.99, 2 * alpha * (mixture_share if planned else 1))
    multiplier = mixture_multiplier(mixture_alpha, units)
    plan_alpha = (1 - mixture_share) * alpha
    if planned:
        multiplier = min(multiplier, plan_multiplier(plan_alpha, planned, units))
    return multiplier, mixture_alpha, plan_alpha


def decision_boundaries(rng):
    """alpha, planned units (0: none), units, z: the boundaries of harm, gain and gain alone, and
    ln p."""
    alpha = short(log_uniform(rng, 1e-5, 0.3))
    planned = round(log_uniform(rng, 100, 1e7)) if rng.random() < 0.7 else 0
    units = round(log_uniform(rng, 20, 1e7))
    if planned and rng.random() < 0.8:
        units = max(20, round(planned * rng.random()))
    z = short(rng.choice((-1, 1)) * rng.uniform(0.5, 8))
    harm, gain = side(alpha / 2, planned, units, 0.75), side(alpha / 2, planned, units, 0.5)
    _, mixture_alpha, plan_alpha = gain if z > 0 else harm
    log_part = min(0.0, -mixture_log_e(mixture_alpha, z, units)) - math.log(mixture_alpha)
    if planned:
        log_part = min(log_part, plan_log_p(z, planned, units) - math.log(plan_alpha))
    return (alpha, planned, units, z), (
        harm[0], gain[0], side(alpha, planned, units, 0.5)[0],
        min(0.0, math.log(alpha) + log_part))
