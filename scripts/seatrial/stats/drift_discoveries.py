"""The share of false alarms among many columns."""

from collections.abc import Sequence


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Adjusted p-values: those at most alpha are rejected with a false discovery rate of alpha at most.

    Benjamini & Hochberg (1995), for columns that are independent or rise and fall together (Benjamini &
    Yekutieli 2001); correlated columns of one table are mostly such, but this is not proven for all.
    """
    if any(not 0 <= value <= 1 for value in p):
        raise ValueError("a p-value is outside 0 to 1")
    order = sorted(range(len(p)), key=lambda i: -p[i])
    adjusted = [1.0] * len(p)
    lowest = 1.0
    for place, i in enumerate(order):
        lowest = min(lowest, p[i] * len(p) / (len(p) - place))
        adjusted[i] = lowest
    return adjusted
