"""Random numbers of which a few digits are all that there is."""

import math


def short(number, digits=4):
    """A number with so few digits that text holds all of it."""
    return float(f"{number:.{digits}g}")


def log_uniform(rng, low, high):
    return math.exp(rng.uniform(math.log(low), math.log(high)))


def near(got, want, tolerance):
    return abs(got - want) <= tolerance * max(1.0, abs(want))


def moments(rng):
    """Units, mean and standard deviation of an arm."""
    units = rng.randint(2, 50) if rng.random() < 0.2 else round(log_uniform(rng, 10, 1e6))
    return (
        units,
        short(rng.choice((-1, 1, 1, 1)) * log_uniform(rng, 0.1, 1e4)),
        short(log_uniform(rng, 0.01, 1e3)),
    )


def two_arms(rng):
    """Moments of a control, and of a treatment that is most often nearly like it."""
    control, treatment = moments(rng), moments(rng)
    if rng.random() < 0.7:
        error = control[2] * math.sqrt(1 / control[0] + 1 / treatment[0])
        treatment = (
            treatment[0],
            short(control[1] + rng.gauss(0, 3) * error, 6),
            short(control[2] * math.exp(rng.gauss(0, 0.1))),
        )
    return control, treatment


def ones(rng):
    """Ones and units of a control and a treatment with nearly the same rate."""
    rate = rng.choice((0.005, 0.02, 0.1, 0.4, 0.9, 0.98))
    other = min(0.999, rate * math.exp(rng.gauss(0, 0.2)))
    counted = []
    for p in (rate, other):
        units = round(log_uniform(rng, 10, 1e6))
        noise = rng.gauss(0, math.sqrt(units * p * (1 - p)))
        counted.append((min(units, max(0, round(units * p + noise))), units))
    return counted
