"""Histograms of a column, the reference against now.

Bins of numbers are the tenths of the reference, unequally wide in the column's own unit, open at both ends.
They are drawn equally wide, with the share of the rows as their height, and say so: no bin looks large for
being wide, and the area between the lines is what moved.
"""

import math
from collections.abc import Sequence

from seatrial.decision import Check
from seatrial.report import numbers, text
from seatrial.report.data import wording
from seatrial.report.data.reading import Bins
from seatrial.report.plots import Figure
from seatrial.report.svg import Frame, drawing, element, label, points, ticks

MOST_CATEGORIES = 12
_MINI = (120, 26)
_BAR, _GAP, _NAMES = 11.0, 8.0, 126
_ALONE = 0.4  # how far the bin of missing values stands from the others, in bins


def figure(check: Check, bins: Bins, key: str) -> Figure:
    """The column's histogram. key: unique on the page."""
    title = text.clean(check.column or check.id, 80)
    caption = "; ".join(part for part in (wording.measured(check), wording.accepted(check)) if part) + "."
    if bins.ordered:
        caption += " The bins are the tenths of the reference, drawn equally wide."
    drawn = _by_number(title, bins, key) if bins.ordered else _by_category(title, bins, key)
    return Figure(title, caption, drawn, _table(bins))


def _table(bins: Bins) -> tuple[tuple[str, ...], ...]:
    rows = [("value", "reference", "now", "rows now")]
    for name, *shares, count in zip(bins.names, bins.reference, bins.current, bins.rows, strict=True):
        before, now = (wording.share(share) for share in shares)
        rows.append((text.clean(name, 60), before, now, numbers.count(int(count))))
    return tuple(rows)


def described(bins: Bins) -> str:
    """The picture in words."""
    each = list(zip(bins.names, bins.reference, bins.current, strict=True))
    each.sort(key=lambda one: -abs(one[2] - one[1]))
    told = (f"{name}: {wording.share(now)} now, {wording.share(was)} before" for name, was, now in each[:4])
    return f"Share of the rows where most changed: {'; '.join(told)}."


def _legend(x: float, reference: str = "reference") -> str:
    return "".join(
        [
            element("rect", class_="solid candidate", x=x, y=7, width=22, height=10),
            label("now", x + 29, 16, class_="key"),
            element("line", class_="curve baseline", x1=x + 80, x2=x + 106, y1=12, y2=12),
            label(reference, x + 113, 16, class_="key"),
        ]
    )


def _by_number(title: str, bins: Bins, key: str) -> str:
    count = len(bins.names)
    top = max(*bins.reference, *bins.current) * 1.06
    wide = count + (_ALONE if bins.missing else 0.0)
    frame = Frame(x=(0.0, wide), y=(0.0, top), height=272, left=48, bottom=38)
    parts = []
    for value in ticks(0.0, top, 5):
        y = frame.py(value)
        parts.append(element("line", class_="grid", x1=frame.left, x2=frame.width - frame.right, y1=y, y2=y))
        parts.append(label(numbers.percent(value), frame.left - 7, y + 4, text_anchor="end"))
    parts += _both(frame, bins)
    at = 0
    for at, end in enumerate(_brief(bins.ends), start=1):
        x = frame.px(at)
        parts.append(element("line", class_="floor", x1=x, x2=x, y1=frame.floor, y2=frame.floor + 5))
        if at % 2 or len(bins.ends) < 6:
            parts.append(label(end, x, frame.floor + 19, text_anchor="middle"))
    if not at:
        parts.append(label("lowest", frame.left, frame.floor + 19))
        parts.append(label("highest", frame.px(count - bins.missing), frame.floor + 19, text_anchor="end"))
    if bins.missing:
        x = frame.px(count - 0.5 + _ALONE)
        parts.append(label("missing", x, frame.floor + 33, text_anchor="middle"))
    return drawing(frame, title, described(bins), key, *parts, _legend(frame.left))


def _brief(ends: Sequence[str]) -> list[str]:
    """Numbers in as many digits as tell them apart; dates and times as they are."""
    try:
        values = [float(end) for end in ends]
    except ValueError:
        return [end[:10] for end in ends]
    if not values or not all(math.isfinite(value) for value in values):
        return list(ends)
    places = numbers.decimals_for_width((values[-1] - values[0]) / len(values)) - 1
    return [numbers.number(value, max(0, places)) for value in values]


def _both(frame: Frame, bins: Bins) -> list[str]:
    """Now as an area, the reference as a line above it; the missing values apart."""
    valued = len(bins.names) - bins.missing
    parts = []
    for shares, arm in ((bins.current, "candidate"), (bins.reference, "baseline")):
        parts.append(_steps(frame, shares[:valued], 0.0, arm))
        if bins.missing:
            parts.append(_steps(frame, shares[valued:], valued + _ALONE, arm))
    return parts


def _steps(frame: Frame, shares: Sequence[float], start: float, arm: str) -> str:
    xs, ys = [frame.px(start)], [float(frame.floor)]
    for i, share in enumerate(shares):
        xs += [frame.px(start + i), frame.px(start + i + 1)]
        ys += [frame.py(share)] * 2
    return element("polyline", class_=f"steps {arm}", points=points([*xs, xs[-1]], [*ys, float(frame.floor)]))


def _by_category(title: str, bins: Bins, key: str) -> str:
    lines = list(zip(bins.names, bins.reference, bins.current, strict=True))
    by_size = sorted(range(len(lines)), key=lambda i: -max(lines[i][1:]))
    shown, rest = sorted(by_size[:MOST_CATEGORIES]), by_size[MOST_CATEGORIES:]
    told = [lines[i] for i in shown]
    if rest:
        told.append((f"{len(rest)} more", sum(lines[i][1] for i in rest), sum(lines[i][2] for i in rest)))
    each = 2 * _BAR + _GAP
    frame = Frame(height=round(30 + each * len(told)), left=_NAMES, right=108)
    scale = (frame.width - frame.left - frame.right) / max(max(was, now) for _, was, now in told)
    parts = []
    for i, (name, was, now) in enumerate(told):
        y, end = 28 + each * i, frame.left + max(was, now) * scale + 6
        parts.append(
            label(text.clean(name, 17), frame.left - 9, y + _BAR + 4, class_="key", text_anchor="end")
        )
        parts.append(_bar("solid candidate", frame.left, y, now * scale))
        parts.append(_bar("hollow baseline", frame.left, y + _BAR, was * scale))
        parts.append(label(f"{wording.share(now)} ({wording.share(was)})", end, y + _BAR + 4))
    return drawing(frame, title, described(bins), key, *parts, _legend(frame.left, "(reference)"))


def _bar(kind: str, x: float, y: float, width: float) -> str:
    return element("rect", class_=kind, x=x, y=y, width=width, height=_BAR - 1.5)


def mini(bins: Bins, name: str) -> str:
    """The same in the height of a line: now filled, the reference as an outline."""
    wide = len(bins.names) + (_ALONE if bins.missing else 0.0)
    top = max(*bins.reference, *bins.current, 2 / len(bins.names))
    frame = Frame((0.0, wide), (0.0, top), *_MINI, left=1, right=1, top=2, bottom=1)
    said = text.html(f"{name}: {described(bins)}", 400)
    box = f"0 0 {_MINI[0]} {_MINI[1]}"
    return element("svg", *_both(frame, bins), class_="mini", viewBox=box, role="img", aria_label=said)
