"""Differences and ratios of means."""

from scipy import optimize, stats
from statsmodels.stats import weightstats

from .draw import near, two_arms


def welch(rng):
    """Control and treatment: standard error, degrees of freedom and P(T > |t|)."""
    control, treatment = two_arms(rng)
    described = []
    for units, mean, deviation in (treatment, control):
        # Three values with weights that make up for the units.
        outer = 0.5 * (units - 1)
        described.append(weightstats.DescrStatsW(
            [mean - deviation, mean, mean + deviation], weights=[outer, 1, outer]))
    compared = weightstats.CompareMeans(*described)
    dof = compared.dof_satt()
    result = stats.ttest_ind_from_stats(treatment[1], treatment[2], treatment[0], control[1],
                                        control[2], control[0], equal_var=False)
    tail = stats.t.sf(abs(result.statistic), dof)
    assert near(2 * tail, result.pvalue, 1e-9)
    return control + treatment, (compared.std_meandiff_separatevar, dof, tail)


def ratios_within(control, treatment, multiplier):
    """The ratios that lie `multiplier` standard errors from the data, of (mean, variance of the
    mean): the roots of Fieller's statistic, or None where they are no interval."""
    mean_c, variance_c = control
    mean_t, variance_t = treatment
    if not multiplier ** 2 * variance_c < 0.98 * mean_c ** 2:
        return None

    def beyond(ratio):
        return (mean_t - ratio * mean_c) ** 2 - multiplier ** 2 * (
            variance_t + ratio ** 2 * variance_c)

    middle, step = mean_t / mean_c, 1e-6
    while beyond(middle - step) < 0 or beyond(middle + step) < 0:
        step *= 2
    return [optimize.brentq(beyond, middle, end, xtol=1e-300, rtol=1e-14, maxiter=1000)
            for end in (middle - step, middle + step)]
