"""A distribution in one word of text: ▁▃▇▅, the reference against now on one scale."""

from collections.abc import Sequence

from seatrial.report.data.reading import Bins

MOST_BARS = 12
EMPTY, BARS, ARROW = "▁", "▂▃▄▅▆▇█", "\u00a0→\u00a0"


def pair(bins: Bins) -> str:
    """▄▄▄▄▄ → ▁▂▄▆█: both on one scale, on which even bars are half as high as can be.

    Neighbouring bins are added where there are many.
    """
    before, now = (_merged(shares) for shares in (bins.reference, bins.current))
    top = max(*before, *now, 2 / len(before))
    return f"{_line(before, top)}{ARROW}{_line(now, top)}"


def _merged(shares: Sequence[float]) -> list[float]:
    """At most so many bars, each the sum of as many neighbours as the others, but for rounding."""
    count = min(MOST_BARS, len(shares))
    ends = [round(i * len(shares) / count) for i in range(count + 1)]
    return [sum(shares[ends[i] : ends[i + 1]]) for i in range(count)]


def _line(shares: Sequence[float], top: float) -> str:
    """The lowest sign is for an empty bin alone."""
    return "".join(
        EMPTY if share <= 0 else BARS[min(len(BARS) - 1, int(share / top * len(BARS)))] for share in shares
    )
