"""How improbable a count is: tails of distributions that are wider than chance alone, because news is."""

import math
from collections.abc import Sequence
from statistics import median

_MOST = 400
"""A share of more pages than these is judged as if it were of so many: it is sure enough, and the sum stays short."""


def share_tail(hits: int, of: int, share: float, correlation: float) -> float:
    """Return the probability of at least so many hits where each page is one with a share that itself varies.

    The beta-binomial distribution with mean `share`; `correlation` is that of two pages of one crawl (0 would be the
    binomial distribution): the pages of a day share a desk, a template and a machine.
    """
    if hits <= 0:
        return 1.0
    if of > _MOST:
        hits, of = round(hits * _MOST / of), _MOST
    spread = (1 - correlation) / correlation
    a, b = share * spread, (1 - share) * spread
    start = math.lgamma(of + 1) - _log_beta(a, b)
    logs = (
        start - math.lgamma(k + 1) - math.lgamma(of - k + 1) + _log_beta(k + a, of - k + b)
        for k in range(hits, of + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def few_tail(count: int, mean: float, dispersion: float) -> float:
    """Return the probability of at most `count` arrivals where `mean` is usual.

    The negative binomial distribution with variance `dispersion` times the mean (more than 1: Poisson is too narrow).
    """
    if mean <= 0:
        return 1.0
    size, log_share, rest = mean / (dispersion - 1), -math.log(dispersion), math.log1p(-1 / dispersion)
    logs = (
        math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + size * log_share + k * rest
        for k in range(count + 1)
    )
    return min(1.0, math.fsum(map(math.exp, logs)))


def together_tail(hits: int, probabilities: Sequence[float]) -> float:
    """Return the probability that at least so many of independent events happen (Poisson binomial, exactly)."""
    chances = [1.0] + [0.0] * len(probabilities)
    for p in probabilities:
        for k in range(len(chances) - 1, 0, -1):
            chances[k] = chances[k] * (1 - p) + chances[k - 1] * p
        chances[0] *= 1 - p
    return min(1.0, math.fsum(chances[hits:]))


def correlation_of(shares: Sequence[tuple[float, float]], pooled: float) -> float:
    """Return the correlation of two pages of one crawl, from the crawls before: (hits, of) each.

    By moments: what the shares of the crawls vary by, beyond what chance makes of so few pages. Between 0.02, because
    no past is long enough to rule it out, and 0.5.
    """
    usual = pooled * (1 - pooled)
    if len(shares) < 3 or usual <= 0:
        return 0.02
    weight = sum(of for _, of in shares)
    seen = sum(of * (hits / of - pooled) ** 2 for hits, of in shares) / weight
    by_chance = usual * len(shares) / weight
    return min(0.5, max(0.02, (seen - by_chance) / usual))


def dispersion_of(residuals: Sequence[tuple[int, float]]) -> float:
    """Return variance over mean of counts, from pairs of count and what was expected; at least 1.2.

    Robust: the median of the squared deviations over the median of chi-squared with one degree of freedom.
    """
    ratios = [(count - mean) ** 2 / mean for count, mean in residuals if mean > 0]
    return max(1.2, median(ratios) / 0.4549) if ratios else 1.2
