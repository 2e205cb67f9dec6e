"""At least k of n: how often fewer than k branches hold, from how often each one fails (SEMANTICS §5, "k of n, sharp").

Everything is a failure share: small numbers keep their precision. Sources: Frechet 1935; Rüger 1978 (the
sharp bounds for "at least k of n" from marginals); the independent case is the Poisson binomial law.
"""

from collections.abc import Sequence

from olagraph.metrics.composition import Number, quotient


def worst_failure(k: int, failures: Sequence[Number]) -> Number:
    """The largest share in which fewer than `k` hold, over every dependence."""
    share, _ = worst_failure_branches(k, failures)
    return share


def worst_failure_branches(k: int, failures: Sequence[Number]) -> tuple[Number, tuple[int, ...]]:
    """The largest share in which fewer than `k` hold, and the branches it rests upon.

    The bound is the sum over the m best branches divided by m − k + 1, for the best m; the branches are those
    m.
    """
    order = sorted(range(len(failures)), key=lambda branch: failures[branch])
    total: Number = 0
    best: Number = 1
    relied = order[:k]
    for m, branch in enumerate(order, start=1):
        total += failures[branch]
        if m >= k and total < best * (m - k + 1):
            best = quotient(total, m - k + 1)
            relied = order[:m]
    return best, tuple(relied)


def best_failure(k: int, failures: Sequence[Number]) -> Number:
    """The smallest share in which fewer than `k` hold, over every dependence."""
    n = len(failures)
    total: Number = 0
    best: Number = 0
    for taken, failure in enumerate(sorted(failures, reverse=True), start=1):
        total += failure
        spare = k - (n - taken)
        if spare >= 1:
            short = total - (n - k)
            best = max(best, quotient(short, spare))
    return best


def independent_failure(k: int, failures: Sequence[Number]) -> Number:
    """The share in which fewer than `k` hold if the branches fail independently (Poisson binomial)."""
    allowed = len(failures) - k
    counts: list[Number] = [1]  # counts[j]: exactly j branches failed, j up to `allowed`
    beyond: Number = 0
    for failure in failures:
        if len(counts) > allowed:
            beyond += counts[-1] * failure
            counts = [
                counts[j] * (1 - failure) + (counts[j - 1] * failure if j else 0) for j in range(len(counts))
            ]
        else:
            counts = [
                (counts[j] * (1 - failure) if j < len(counts) else 0) + (counts[j - 1] * failure if j else 0)
                for j in range(len(counts) + 1)
            ]
    return beyond
