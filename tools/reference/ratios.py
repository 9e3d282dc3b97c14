"""Ratios of two means over units, by the delta method with mpmath's derivatives."""

import mpmath

from .draw import log_uniform, short

mpmath.mp.dps = 50

UNITS = 8


def delta_method(units, means, covariances):
    """x / y of the means (x, y), and its standard error; `covariances` are those of the units: of
    x, of x with y, of y."""
    x, y = (mpmath.mpf(mean) for mean in means)
    of_x, of_both, of_y = (mpmath.mpf(covariance) / units for covariance in covariances)
    by_x = mpmath.diff(lambda value: value / y, x)
    by_y = mpmath.diff(lambda value: x / value, y)
    return x / y, mpmath.sqrt(by_x ** 2 * of_x + 2 * by_x * by_y * of_both + by_y ** 2 * of_y)


def moments(rng):
    """Units, means and standard deviations of both, and their covariance, as of an arm."""
    units = rng.randint(2, 50) if rng.random() < 0.2 else round(log_uniform(rng, 10, 1e6))
    mean_x = short(rng.choice((-1, 1, 1, 1)) * log_uniform(rng, 0.01, 1e4))
    mean_y = short(log_uniform(rng, 0.1, 1e3))
    deviation_x = short(abs(mean_x) * log_uniform(rng, 0.1, 10))
    deviation_y = short(mean_y * log_uniform(rng, 0.05, 3))
    correlation = rng.choice((rng.uniform(-0.9, 0.9), rng.uniform(0.9, 0.999)))
    return (units, mean_x, deviation_x, mean_y, deviation_y,
            short(correlation * deviation_x * deviation_y, 6))


def ratios_of_moments(rng):
    """Moments of a control and a treatment: the ratio and its standard error of each, the relative
    lift, and the standard error of the difference, by variances of at least the pooled one."""
    control, treatment = moments(rng), moments(rng)
    found, arms = [], []
    for units, mean_x, deviation_x, mean_y, deviation_y, covariance in (control, treatment):
        ratio = delta_method(units, (mean_x, mean_y), (
            mpmath.mpf(deviation_x) ** 2, covariance, mpmath.mpf(deviation_y) ** 2))
        found += ratio
        arms.append((units, ratio[1] ** 2 * units))
    pooled = sum((units - 1) * variance for units, variance in arms) / (
        sum(units for units, _ in arms) - 2)
    error = mpmath.sqrt(sum(max(variance, pooled) / units for units, variance in arms))
    return control + treatment, (*found, (found[2] - found[0]) / abs(found[0]), error)


def ratios_of_units(rng):
    """Numerators and denominators of eight units: the ratio of their sums, its standard error."""
    each = short(log_uniform(rng, 1e-3, 1e3))
    ys = [rng.randint(0, 9) for _ in range(UNITS)]
    ys[0] = rng.randint(1, 9)
    xs = [short(each * y * log_uniform(rng, 0.3, 3) + rng.choice((0, each)) * rng.random())
          for y in ys]
    means = [mpmath.fsum(values) / UNITS for values in (xs, ys)]

    def covariance(one, other):
        return mpmath.fsum(
            (x - mpmath.fsum(one) / UNITS) * (y - mpmath.fsum(other) / UNITS)
            for x, y in zip(one, other)) / (UNITS - 1)

    covariances = covariance(xs, xs), covariance(xs, ys), covariance(ys, ys)
    return tuple(xs + ys), delta_method(UNITS, means, covariances)
