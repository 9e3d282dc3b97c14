#!/usr/bin/env python3
"""Has scipy, statsmodels and mpmath compute 1,000 random cases of each method.

Writes one file a method, which a test recomputes: statistics/*.txt for the library, and
experiment_service/domain/*.txt for what experiments make of it. A line is a case: what is given,
then "|" and what is to be found, to ten digits. The same seeds give the same files, so that a
difference in git is one in a method. Needs Debian's python3-scipy, python3-statsmodels and
python3-mpmath.
"""

import os
import random

from reference import decisions, distributions, means, rates, ratios, sizes

CASES = 1000
DIGITS = 10
TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests")
METHODS = {
    "statistics/reference_cases": (
        distributions.tails,
        distributions.boundaries,
        distributions.holm,
        means.welch,
        rates.signed_roots,
        sizes.sample_ratios,
    ),
    "experiment_service/domain/reference_cases": (
        decisions.contrasts_of_means,
        decisions.contrasts_of_rates,
        decisions.decision_boundaries,
        ratios.ratios_of_moments,
        ratios.ratios_of_units,
        sizes.missing_outcomes,
        sizes.powers,
    ),
}


def text(number):
    # As a double, of which numpy has types of its own.
    number = float(number)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.{DIGITS}g}".replace("0.", ".", 1 if abs(number) < 1 else 0)


def write(folder, method):
    rng = random.Random(method.__name__)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, method.__name__ + ".txt"), "w", encoding="utf-8") as file:
        for _ in range(CASES):
            given, found = method(rng)
            file.write(" ".join(map(text, given)) + " | " + " ".join(map(text, found)) + "\n")


def main():
    for folder, methods in METHODS.items():
        for method in methods:
            write(os.path.join(TESTS, folder), method)


if __name__ == "__main__":
    main()
