"""One check as a line of picture, the interval against its limit; in percent, so it fits any width."""

from collections.abc import Sequence

from seatrial.decision import Outcome
from seatrial.report import text
from seatrial.report.forest import Scale, point
from seatrial.report.rows import Row, better, bound, compares
from seatrial.report.svg import element

HEIGHT = 24
_MIDDLE = HEIGHT / 2
_EDGE = 3.0  # percent kept free at both ends, for the markers


def own_scale(entry: Row) -> Scale | None:
    """The limit in the middle; as wide as the interval reaches."""
    ends, middle, edge = entry.check.interval, point(entry), bound(entry.check)
    if edge is None:
        return None
    reached = (ends.low, ends.high) if ends else ()
    known = [v for v in (middle, *reached) if v is not None]
    if compares(entry.check):
        known.append(0.0)
    reach = max((abs(v - edge) for v in known), default=0.0) * 1.12
    return Scale(edge - reach, edge + reach) if reach > 0 else None


def shared_scale(entries: Sequence[Row]) -> Scale | None:
    """One scale for a family of slices; of many, the middle 90 % decide, not one wild slice."""
    known: list[float] = []
    fixed: list[float] = []
    for entry in entries:
        ends, middle = entry.check.interval, point(entry)
        if ends is None or middle is None:
            continue
        known += [v for v in (ends.low, ends.high, middle) if v is not None]
        fixed += [v for v in (bound(entry.check), 0.0 if compares(entry.check) else None) if v is not None]
    if not known:
        return None
    known.sort()
    cut = len(known) // 20 if len(known) >= 60 else 0
    low, high = min([known[cut], *fixed]), max([known[-1 - cut], *fixed])
    pad = (high - low) * 0.04
    return Scale(low - pad, high + pad) if high > low else None


def _percent(on: Scale, value: float) -> float:
    share = (value - on.low) / (on.high - on.low)
    return _EDGE + min(max(share, 0.0), 1.0) * (100 - 2 * _EDGE)


def _at(on: Scale, value: float) -> str:
    return f"{_percent(on, value):.2f}%"


def good_side(entry: Row) -> str | None:
    """`right` where larger values keep the limit, `left` where smaller do."""
    limit = entry.check.limit
    if limit is None:
        return None
    if limit.kind in ("min", "max"):
        return "right" if limit.kind == "min" else "left"
    side = better(entry.check)
    return None if side is None else "right" if side == "higher" else "left"


def glyph(entry: Row, on: Scale | None, words: str) -> str:
    """The interval as a bar with its estimate, the limit as a dashed line, the kept side tinted."""
    edge, middle, ends = bound(entry.check), point(entry), entry.check.interval
    if on is None or middle is None:
        return ""
    parts = []
    if edge is not None:
        at, side = _percent(on, edge), good_side(entry)
        if side:
            start, width = (at, 100 - at) if side == "right" else (0.0, at)
            parts.append(
                element("rect", class_="kept", x=f"{start:.2f}%", width=f"{width:.2f}%", y=0, height=HEIGHT)
            )
        parts.append(element("line", class_="limit", x1=f"{at:.2f}%", x2=f"{at:.2f}%", y1=0, y2=HEIGHT))
    if compares(entry.check):
        parts.append(element("line", class_="zero", x1=_at(on, 0.0), x2=_at(on, 0.0), y1=0, y2=HEIGHT))
    outcome = f"is-{entry.check.outcome.value}"
    if ends is not None:
        left = "0%" if ends.low is None else _at(on, ends.low)
        right = "100%" if ends.high is None else _at(on, ends.high)
        parts.append(element("line", class_=f"span {outcome}", x1=left, x2=right, y1=_MIDDLE, y2=_MIDDLE))
    parts.append(_marker(entry, _at(on, middle), outcome))
    return element("svg", *parts, class_="glyph", height=HEIGHT, role="img", aria_label=text.html(words, 600))


def _marker(entry: Row, x: str, outcome: str) -> str:
    """A disc when passed, a ring when undecided, a cross when failed: told apart without colour."""
    if entry.check.outcome is Outcome.FAILED:
        inner = element("path", class_=f"cross {outcome}", d="M-5 -5L5 5M-5 5L5 -5")
        return element("svg", inner, x=x, y=_MIDDLE, overflow="visible", width=1, height=1)
    ring = entry.check.outcome is not Outcome.PASSED
    return element("circle", class_=f"{'ring' if ring else 'disc'} {outcome}", cx=x, cy=_MIDDLE, r=4.5)
