"""Small parts of inline SVG: an element, a scale, ticks, a framed plot. Colours live in the page's CSS."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from seatrial.report import numbers, text

Attribute = str | float | int


def _written(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return escape(value, quote=True) if isinstance(value, str) else str(value)


def element(name: str, *inside: str, **attributes: Attribute | None) -> str:
    """One element. `inside` is markup; attribute strings are cleaned before; underscores become hyphens."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_written(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{''.join(inside)}</{name}>" if inside else f"<{name}{told}/>"


def label(words: str, x: Attribute, y: Attribute, **attributes: Attribute | None) -> str:
    """Text at a place, cleaned and escaped."""
    return element("text", escape(text.html(words, 60)), x=x, y=y, **attributes)


def points(xs: Iterable[float], ys: Iterable[float]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True))


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from low to high: steps of 1, 2 or 5 times a power of ten."""
    if not high > low:
        return [low]
    raw = (high - low) / max(1, most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next((power * m for m in (1, 2, 5) if power * m >= raw * 0.999), power * 10)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(i * step, 12) for i in range(first, last + 1)]


def tick_words(values: Sequence[float]) -> list[str]:
    """All ticks of an axis with the same decimals."""
    places = max((min(6, numbers.decimals_of(v)) for v in values), default=0)
    return [numbers.number(v, places) for v in values]


@dataclass(frozen=True)
class Frame:
    """A plot's area inside its viewBox and the domain that it shows."""

    x: tuple[float, float] = (0.0, 1.0)
    y: tuple[float, float] = (0.0, 1.0)
    width: int = 440
    height: int = 356
    left: int = 54
    right: int = 14
    top: int = 34
    bottom: int = 50

    def px(self, value: float) -> float:
        share = (min(max(value, self.x[0]), self.x[1]) - self.x[0]) / (self.x[1] - self.x[0])
        return self.left + share * (self.width - self.left - self.right)

    def py(self, value: float) -> float:
        share = (min(max(value, self.y[0]), self.y[1]) - self.y[0]) / (self.y[1] - self.y[0])
        return self.height - self.bottom - share * (self.height - self.top - self.bottom)

    @property
    def floor(self) -> int:
        return self.height - self.bottom


def axes(frame: Frame, x_label: str, y_label: str | None) -> str:
    """Hairline grid, tick labels and axis titles."""
    parts = []
    x_ticks, y_ticks = ticks(*frame.x), ticks(*frame.y)
    for value, words in zip(x_ticks, tick_words(x_ticks), strict=True):
        x = frame.px(value)
        parts.append(element("line", class_="grid", x1=x, x2=x, y1=frame.top, y2=frame.floor))
        parts.append(label(words, x, frame.floor + 18, class_="tick", text_anchor="middle"))
    if y_label is not None:
        for value, words in zip(y_ticks, tick_words(y_ticks), strict=True):
            y = frame.py(value)
            parts.append(
                element("line", class_="grid", x1=frame.left, x2=frame.width - frame.right, y1=y, y2=y)
            )
            parts.append(label(words, frame.left - 8, y + 4, class_="tick", text_anchor="end"))
        middle = (frame.top + frame.floor) / 2
        turned = f"translate(13 {middle:.0f}) rotate(-90)"
        parts.append(label(y_label, 0, 0, class_="axis", text_anchor="middle", transform=turned))
    middle = (frame.left + frame.width - frame.right) / 2
    parts.append(label(x_label, middle, frame.height - 8, class_="axis", text_anchor="middle"))
    return "".join(parts)


def drawing(frame: Frame, title: str, description: str, key: str, *inside: str) -> str:
    """The <svg>: scales with the page, named and described for those who do not see it."""
    return element(
        "svg",
        element("title", escape(text.html(title)), id=f"{key}-t"),
        element("desc", escape(text.html(description, 600)), id=f"{key}-d"),
        *inside,
        viewBox=f"0 0 {frame.width} {frame.height}",
        role="img",
        aria_labelledby=f"{key}-t {key}-d",
        class_="plot",
    )
