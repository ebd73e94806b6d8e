"""How far a drafted limit stands from what was measured, so that the next delivery of data passes too."""

import math
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

PART = 10  # a bound lies a tenth of the range beyond the extreme

# Whole numbers that fill such a range exactly are what the name says, and end where it ends.
NATURAL = {
    (1, 4): "quarters",
    (1, 7): "days of the week",
    (0, 6): "days of the week",
    (1, 12): "months",
    (0, 23): "hours",
    (1, 24): "hours",
    (1, 31): "days of the month",
    (1, 52): "weeks",
    (1, 53): "weeks",
    (0, 59): "minutes",
    (1, 365): "days of the year",
    (1, 366): "days of the year",
}
NAMED = {"hour": (0, 23), "minute": (0, 59), "second": (0, 59), "month": (1, 12)}
"""The ends of whole numbers that are called so and lie between them."""

_TOPS = (1, 100)  # shares and percentages
_DAYS = (2, 7, 14, 30, 60, 90, 180, 365)

Number = int | float


def bounds(least: Number, largest: Number) -> tuple[Number, Number] | None:
    """Lower and upper bound with room, rounded outwards; None where one value, or no finite one, was seen.

    What is never negative keeps 0 as its lower bound, what never exceeds 1 or 100 but reaches it keeps that.
    """
    if not (math.isfinite(least) and math.isfinite(largest)) or least >= largest:
        return None
    return lower(least, largest), upper(least, largest)


def lower(least: Number, largest: Number) -> Number:
    """The lower bound alone: at most `least`."""
    bound = _rounded(least, largest, -1)
    return type(bound)(0) if bound < 0 <= least else bound


def upper(least: Number, largest: Number) -> Number:
    """The upper bound alone: at least `largest`."""
    bound = _rounded(least, largest, 1)
    if bound > 0 >= largest:
        return type(bound)(0)
    return largest if least >= 0 and largest in _TOPS else bound


def _rounded(least: Number, largest: Number, sign: int) -> Number:
    """The extreme on this side and a tenth of the range, outwards to one digit of that tenth."""
    with localcontext(prec=700):  # the largest number less the smallest, without loss
        low, high = _exact(least), _exact(largest)
        room = (high - low) / PART or max(abs(high) / PART, Decimal(1))
        whole = isinstance(least, int) and isinstance(largest, int)
        step = Decimal(1).scaleb(room.adjusted())
        step = max(step, Decimal(1)) if whole else step
        edge = high + room if sign > 0 else low - room
        turned = ROUND_CEILING if sign > 0 else ROUND_FLOOR
        found = (edge / step).to_integral_value(turned) * step
    return int(found) if whole else _outwards(found, least if sign < 0 else largest, sign)


def _outwards(found: Decimal, extreme: Number, sign: int) -> Number:
    """As a float that is not inside the extreme, though rounding may have brought it there."""
    number = float(found)
    if not math.isfinite(number):
        return float(extreme)
    return max(number, float(extreme)) if sign > 0 else min(number, float(extreme))


def _exact(number: Number) -> Decimal:
    return Decimal(number) if isinstance(number, int) else Decimal(repr(number))


def tolerated(count: int, rows: int) -> float:
    """The share of rows to accept where `count` of them were seen; 0 stays 0, and all stays all.

    Half as much again, but never more than half way to all; rounded up to one digit.
    """
    if count == 0 or rows == 0:
        return 0.0
    seen = Decimal(count) / Decimal(rows)
    wanted = seen + min(seen, 1 - seen) / 2
    step = Decimal(1).scaleb(wanted.adjusted() - (1 if wanted >= Decimal("0.1") else 0))
    found = (wanted / step).to_integral_value(ROUND_CEILING) * step
    if found >= 1 and seen < 1:
        found = (seen / step).to_integral_value(ROUND_CEILING) * step
    return float(min(found, Decimal(1)))


def fewest(rows: int) -> int:
    """The fewest rows to accept where `rows` were seen: four fifths, rounded down to two digits."""
    wanted = rows * 4 // 5
    step = _step(wanted)
    return max(wanted // step * step, min(rows, 1))


def most(rows: int) -> int:
    """The most rows to accept where `rows` were seen: a quarter more, rounded up to two digits."""
    wanted = -(-rows * 5 // 4)
    step = _step(wanted)
    return -(-wanted // step) * step


def _step(count: int) -> int:
    """What the second digit of a count is worth."""
    return int(10 ** max(len(str(count)) - 2, 0))


def rarest(share: float) -> float:
    """The smallest share of a class to accept: half of what was seen, rounded down."""
    wanted = Decimal(repr(share)) / 2
    step = Decimal(1).scaleb(wanted.adjusted() - (1 if wanted >= Decimal("0.1") else 0))
    return float((wanted / step).to_integral_value(ROUND_FLOOR) * step)


def within(age: timedelta) -> int | None:
    """How old the newest row may become, in days, where it is this old now; None where it is not recent.

    Twice its age and a day, at the least.
    """
    wanted = 2 * max(age, timedelta(0)) + timedelta(days=1)
    return next((days for days in _DAYS if timedelta(days=days) >= wanted), None)
