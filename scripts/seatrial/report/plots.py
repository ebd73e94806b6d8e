"""The pictures of an evaluation as figures: curves with bands, calibration, histograms of scores."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TypeVar

from seatrial.report import numbers
from seatrial.report.svg import Frame, axes, drawing, element, label, points
from seatrial.stats.pictures import Band, Calibration, Histogram, Pictures

ARMS = ("baseline", "candidate")  # drawn in this order, so that the candidate lies on top
MOST_GROUPS = 6
_ROWS_OF_NUMBERS = 11
Picture = TypeVar("Picture")


@dataclass(frozen=True)
class Figure:
    """One plot with its words. `numbers` repeats it as a table: a header row, then rows."""

    title: str
    caption: str
    svg: str
    numbers: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Words:
    """What the axes of a task are called."""

    predicted: str
    observed: str
    spread: str
    spread_caption: str
    score: str


WORDS: Mapping[str, Words] = {
    "binary": Words(
        "predicted probability",
        "observed share",
        "Scores",
        "Share of each group's rows per bin of the score; further apart is better.",
        "score",
    ),
    "multiclass": Words(
        "probability of the chosen class",
        "share that was right",
        "Confidence",
        "Share of the right and of the wrong rows per bin of the highest probability.",
        "probability",
    ),
    "regression": Words(
        "predicted",
        "observed mean",
        "Residuals",
        "Share of the rows per bin of the residual; narrower and around 0 is better.",
        "residual",
    ),
}


def figures(pictures: Pictures) -> list[Figure]:
    """Every picture that there is, in reading order."""
    task = pictures.task if pictures.task in WORDS else "binary"
    makers: list[tuple[Callable[..., Figure], Mapping[str, object]]] = [
        (_roc, pictures.roc),
        (_precision_recall, pictures.precision_recall),
        (partial(_calibration, WORDS[task]), pictures.calibration),
        (partial(_histogram, WORDS[task]), pictures.histogram),
    ]
    return [make(arms) for make, arms in makers if any(arm in arms for arm in ARMS)]


def _arms(found: Mapping[str, Picture]) -> list[tuple[str, Picture]]:
    return [(arm, found[arm]) for arm in ARMS if arm in found]


def _band(frame: Frame, arm: str, band: Band) -> str:
    xs = [frame.px(x) for x in band.x]
    area = points(
        [*xs, *reversed(xs)],
        [*(frame.py(y) for y in band.high), *(frame.py(y) for y in reversed(band.low))],
    )
    curve = points(xs, [frame.py(y) for y in band.y])
    return element("polygon", class_=f"band {arm}", points=area) + element(
        "polyline", class_=f"curve {arm}", points=curve
    )


def _legend(frame: Frame, arms: Sequence[str], *, dots: bool = False) -> str:
    """Sample and word per arm in a row above the plot, where no curve can cross it; the candidate first."""
    parts = []
    for i, arm in enumerate(reversed(arms)):
        x = frame.left + 130 * i
        if dots:
            parts += [_dot(arm, x + 5, 13), label(arm, x + 16, 17, class_="key")]
        else:
            parts.append(element("line", class_=f"curve {arm}", x1=x, x2=x + 26, y1=13, y2=13))
            parts.append(label(arm, x + 33, 17, class_="key"))
    return "".join(parts)


def _diagonal(frame: Frame, top: float = 1.0) -> str:
    return element("line", class_="even", x1=frame.px(0), y1=frame.py(0), x2=frame.px(top), y2=frame.py(top))


def _sampled(found: Mapping[str, Band], x_name: str, y_name: str) -> tuple[tuple[str, ...], ...]:
    """A few points of each curve, with the band."""
    rows = [("arm", x_name, y_name, "band")]
    for arm, band in reversed(_arms(found)):
        step = max(1, len(band.x) // (_ROWS_OF_NUMBERS - 1))
        for i in sorted({*range(0, len(band.x), step), len(band.x) - 1} if band.x else set()):
            rows.append(
                (
                    arm,
                    numbers.number(band.x[i], 2),
                    numbers.number(band.y[i], 3),
                    numbers.interval(band.low[i], band.high[i], 3),
                )
            )
    return tuple(rows)


def _curves(
    found: Mapping[str, Band], key: str, title: str, caption: str, names: tuple[str, str], *, even: bool
) -> Figure:
    frame = Frame()
    arms = _arms(found)
    svg = drawing(
        frame,
        title,
        f"{caption} Arms: {', '.join(arm for arm, _ in reversed(arms))}. The numbers are in the table below.",
        key,
        axes(frame, *names),
        _diagonal(frame) if even else "",
        *(_band(frame, arm, band) for arm, band in arms),
        _legend(frame, [arm for arm, _ in arms]),
    )
    return Figure(title, caption, svg, _sampled(found, *names))


def _roc(found: Mapping[str, Band]) -> Figure:
    return _curves(
        found,
        "roc",
        "ROC curve",
        "Higher and further left is better; the diagonal is chance.",
        ("false positive rate", "true positive rate"),
        even=True,
    )


def _precision_recall(found: Mapping[str, Band]) -> Figure:
    return _curves(
        found,
        "pr",
        "Precision and recall",
        "Higher is better at every recall; bands are pointwise.",
        ("recall", "precision"),
        even=False,
    )


def _calibration(words: Words, found: Mapping[str, Calibration]) -> Figure:
    arms = _arms(found)
    title, caption = "Calibration", "On the diagonal, what is predicted is what happens; bars are intervals."
    highest = max((v for _, c in arms for v in (*c.predicted, *c.high)), default=1.0)
    lowest = min((v for _, c in arms for v in (*c.predicted, *c.low)), default=0.0)
    top = 1.0 if 0.6 < highest <= 1 else max(highest * 1.05, 1e-6)
    frame = Frame(x=(min(0.0, lowest), top), y=(min(0.0, lowest), top))
    parts = []
    for arm, bins in arms:
        shift = 2.5 if arm == "candidate" else -2.5
        for i in range(len(bins.predicted)):
            x, y = frame.px(bins.predicted[i]) + shift, frame.py(bins.observed[i])
            low, high = frame.py(bins.low[i]), frame.py(bins.high[i])
            parts.append(element("line", class_=f"bar {arm}", x1=x, x2=x, y1=low, y2=high))
            parts.append(_dot(arm, x, y))
    parts.append(_legend(frame, [arm for arm, _ in arms], dots=True))
    rows = [("arm", "predicted", "observed", "interval", "rows")]
    for arm, bins in reversed(arms):
        for i in range(len(bins.predicted)):
            rows.append(
                (
                    arm,
                    numbers.number(bins.predicted[i], 3),
                    numbers.number(bins.observed[i], 3),
                    numbers.interval(bins.low[i], bins.high[i], 3),
                    numbers.count(bins.rows[i]),
                )
            )
    svg = drawing(
        frame, title, f"{caption} The numbers are in the table below.", "cal",
        axes(frame, words.predicted, words.observed), _diagonal(frame, top), *parts,
    )  # fmt: skip
    return Figure(title, caption, svg, tuple(rows))


def _dot(arm: str, x: float, y: float) -> str:
    """A disc for the candidate, a hollow square for the baseline: told apart without colour."""
    if arm == "candidate":
        return element("circle", class_="dot candidate", cx=x, cy=y, r=3.6)
    return element("rect", class_="dot baseline", x=x - 3.2, y=y - 3.2, width=6.4, height=6.4)


def _histogram(words: Words, found: Mapping[str, Histogram]) -> Figure:
    """A strip per group of rows; each strip has its own height, since groups differ in size."""
    title, caption = words.spread, words.spread_caption
    arms = _arms(found)
    groups = list(dict.fromkeys(name for _, h in arms for name in h.counts))
    edges = [e for _, h in arms for e in h.edges]
    low, high = (min(edges), max(edges)) if edges else (0.0, 1.0)
    frame = Frame(x=(low, high if high > low else low + 1), left=18)
    shown = groups[:MOST_GROUPS]
    height = (frame.floor - frame.top) / max(1, len(shown))
    parts = []
    for i, group in enumerate(shown):
        base = frame.top + height * (i + 1)
        shares = [(arm, h.edges, _shares(h.counts[group])) for arm, h in arms if group in h.counts]
        peak = max((s for _, _, values in shares for s in values), default=0.0) or 1.0
        scale = (height - 24) / peak
        for arm, bins, values in shares:
            parts.append(_steps(frame, arm, bins, [base - v * scale for v in values], base))
        parts.append(
            element("line", class_="floor", x1=frame.left, x2=frame.width - frame.right, y1=base, y2=base)
        )
        parts.append(
            label(group, frame.width - frame.right, base - height + 15, class_="key", text_anchor="end")
        )
    parts.append(_legend(frame, [arm for arm, _ in arms]))
    rows = [("arm", "group", "rows", f"mean {words.score}")]
    for arm, h in reversed(arms):
        for group in shown:
            counts = h.counts.get(group, ())
            middles = [(a + b) / 2 for a, b in pairwise(h.edges)]
            total = sum(counts)
            mean = sum(m * c for m, c in zip(middles, counts, strict=False)) / total if total else None
            rows.append((arm, group, numbers.count(total), numbers.number(mean, 3)))
    more = f" {len(groups) - len(shown)} more groups are not drawn." if len(groups) > len(shown) else ""
    svg = drawing(
        frame, title, f"{caption}{more} The numbers are in the table below.", "hist",
        axes(frame, words.score, None), *parts,
    )  # fmt: skip
    return Figure(title, caption + more, svg, tuple(rows))


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [c / total if total else 0.0 for c in counts]


def _steps(frame: Frame, arm: str, edges: Sequence[float], heights: Sequence[float], base: float) -> str:
    xs: list[float] = [frame.px(edges[0])]
    ys: list[float] = [base]
    for (left, right), y in zip(pairwise(edges), heights, strict=True):
        xs += [frame.px(left), frame.px(right)]
        ys += [y, y]
    xs.append(frame.px(edges[-1]))
    ys.append(base)
    return element("polyline", class_=f"steps {arm}", points=points(xs, ys))
