"""Faults of the conditions on metrics: the wrong metric, the wrong side, the wrong scale."""

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.policy import units
from seatrial.policy.findings import Finding, dotted
from seatrial.policy.limits import LIMITS
from seatrial.policy.metrics import METRICS, Direction, MetricInfo, Task, of_task, user_defined
from seatrial.policy.shape import nearest
from seatrial.policy.units import BadUnit
from seatrial.policy.yaml import Path
from seatrial.text import shown

SETTINGS = ("cut", "k", "quantile", "bins")
NAME_LENGTH = 60
RESERVED = ("latency_p50", "latency_p95", "size")


def metric_findings(
    section: Mapping[str, Any], path: Path, task: Task | None, overall: Mapping[str, Any] | None = None
) -> Iterator[Finding]:
    """Faults of a mapping of metrics to limits. overall: the metrics whose settings these take over."""
    metrics = section.get("metrics")
    for name, metric in metrics.items() if isinstance(metrics, dict) else ():
        if not isinstance(metric, dict):
            continue
        here = (*path, name)
        inherited = (overall or {}).get(name)
        settings = {**inherited, **metric} if isinstance(inherited, dict) else metric
        info, faults = _identify(name, metric, settings, here, task)
        yield from faults
        if not any(key in metric for key in LIMITS):
            message = f"{dotted(here)} sets no limit; add {_wanted(info)}"
            yield Finding(here, message, on_key=True)
        if info is not None:
            yield from _limits(metric, info, here)


def gap_findings(fairness: Mapping[str, Any], task: Task | None) -> Iterator[Finding]:
    """Faults of a mapping of metrics to the largest gap."""
    gaps = fairness.get("gaps")
    for name, gap in gaps.items() if isinstance(gaps, dict) else ():
        here = ("evaluate", "fairness", "gaps", name)
        if not isinstance(gap, dict):
            continue
        info = METRICS.get(name)
        if info is None:
            yield _unknown(name, here, task, "only metrics that Seatrial knows are compared between groups")
            continue
        yield from _of_task(info, gap, here, task)
        limit = _number(gap.get("max"))
        if limit is None:
            continue
        width = None if info.low is None or info.high is None else info.high - info.low
        yield from _difference(limit, width, (*here, "max"), info)


def _identify(
    name: str, metric: dict[str, Any], settings: dict[str, Any], here: Path, task: Task | None
) -> tuple[MetricInfo | None, list[Finding]]:
    """The metric that is meant, and what is wrong with how it is named and set."""
    info = METRICS.get(name)
    if info is not None:
        faults = list(_of_task(info, metric, here, task))
        faults += [
            Finding(
                (*here, key),
                f"{dotted(here)} is built in and takes no {key}; choose another name for your own "
                "metric, or remove the key",
                on_key=True,
            )
            for key in ("column", "direction")
            if key in metric
        ]
        return info, faults
    if "column" not in settings and "direction" not in settings:
        return None, [_unknown(name, here, task, "for a metric of your own, give its column and direction")]
    faults = []
    if not (name.isascii() and name.isidentifier() and len(name) <= NAME_LENGTH):
        message = (
            f"{dotted(here)}: a metric's name has up to {NAME_LENGTH} letters, digits and "
            "underscores; rename it"
        )
        faults.append(Finding((*here, "name"), message, on_key=True))
    if name in RESERVED or name.endswith("_gap"):
        message = f"{dotted(here)}: {shown(name)} is the name of a check of ours; choose another"
        faults.append(Finding((*here, "name"), message, on_key=True))
    for key, sense in (
        ("column", "column: NAME of the predictions"),
        ("direction", "direction: higher or lower"),
    ):
        if key not in settings:
            message = f"{dotted(here)} is a metric of your own and lacks its {key}; add {sense}"
            faults.append(Finding((*here, key), message, on_key=True))
    faults += [
        Finding(
            (*here, key), f"{dotted(here)} is the mean of a column and takes no {key}; remove it", on_key=True
        )
        for key in SETTINGS
        if key in metric
    ]
    direction = settings.get("direction")
    known: dict[object, Direction] = {"higher": "higher", "lower": "lower"}
    return (
        user_defined(name, known[direction]) if isinstance(direction, str) and direction in known else None
    ), faults


def _of_task(info: MetricInfo, metric: dict[str, Any], here: Path, task: Task | None) -> Iterator[Finding]:
    if task is not None and task not in info.tasks:
        names = ", ".join(other.name for other in of_task(task))
        message = (
            f"{dotted(here)} is a metric of {' and '.join(info.tasks)} tasks, and this "
            f"model's task is {task}; choose from {names}"
        )
        yield Finding(here, message, on_key=True, hides_inside=True)
        return
    taken = info.parameters_of(task) if task else info.parameters
    for key in SETTINGS:
        if key in metric and key not in taken:
            why = f"a {task} task" if key in info.parameters else info.label
            yield Finding((*here, key), f"{dotted(here)}: {why} takes no {key}; remove it", on_key=True)


def _unknown(name: str, here: Path, task: Task | None, otherwise: str) -> Finding:
    known = [info.name for info in (of_task(task) if task else METRICS.values())]
    close = nearest(name, known)
    hint = f"did you mean {close}?" if close else f"known metrics: {', '.join(known)}"
    return Finding(
        here, f"unknown metric {shown(name)} in {dotted(here[:-1])}; {hint}; {otherwise}", on_key=True
    )


def _wanted(info: MetricInfo | None) -> str:
    if info is None:
        return "min, max, margin or min_gain"
    if info.two_sided:
        return "min, max or both"
    return f"{'min' if info.direction == 'higher' else 'max'}, margin or min_gain"


def _limits(metric: dict[str, Any], info: MetricInfo, here: Path) -> Iterator[Finding]:
    limits = {kind: _number(metric[kind]) for kind in LIMITS if kind in metric}
    for kind in limits:
        wrong = _wrong_side(kind, info)
        if wrong:
            yield Finding((*here, kind), f"{dotted((*here, kind))}: {wrong}", on_key=True)
        elif units.is_percentage(metric[kind]) and not info.percent:
            message = (
                f"{dotted((*here, kind))}: {info.label} is no share, so "
                f"{shown(metric[kind])} of it means nothing; write a plain number"
            )
            yield Finding((*here, kind), message)
    low, high = limits.get("min"), limits.get("max")
    if low is not None and high is not None and low > high:
        message = (
            f"{dotted(here)}: min {shown(low)} is above max {shown(high)}, so nothing can pass; swap them"
        )
        yield Finding((*here, "max"), message)
    for kind in ("min", "max"):
        value = limits.get(kind)
        if value is not None and not _wrong_side(kind, info):
            yield from _on_scale(value, (*here, kind), info)
    width = None if info.low is None or info.high is None else info.high - info.low
    for kind in ("margin", "min_gain"):
        value = limits.get(kind)
        if value is not None:
            yield from _difference(value, width, (*here, kind), info)


def _wrong_side(kind: str, info: MetricInfo) -> str | None:
    if info.two_sided:
        if kind in {"min", "max"}:
            return None
        return f"neither way is better for {info.label}, so it has no {kind}; use min and max"
    if kind == "max" and info.direction == "higher":
        return f"higher is better for {info.label}, so a max would stop improvements; use min"
    if kind == "min" and info.direction == "lower":
        return f"lower is better for {info.label}, so a min would stop improvements; use max"
    return None


def _on_scale(value: float, path: Path, info: MetricInfo) -> Iterator[Finding]:
    low, high = info.low, info.high
    if (low is None or value >= low) and (high is None or value <= high):
        return
    scale = (
        f"runs from {shown(low)} to {shown(high)}"
        if low is not None and high is not None
        else (f"is at least {shown(low)}" if high is None else f"is at most {shown(high)}")
    )
    yield Finding(path, f"{dotted(path)}: {info.label} {scale}, found {shown(value)}{_as_share(value, info)}")


def _difference(value: float, width: float | None, path: Path, info: MetricInfo) -> Iterator[Finding]:
    if value < 0:
        other = "margin" if path[-1] == "min_gain" else "min_gain"
        hint = f"write {shown(-value)}" if path[-1] == "max" else f"write {shown(-value)}, or use {other}"
        yield Finding(path, f"{dotted(path)}: a difference is not negative, found {shown(value)}; {hint}")
    elif (width is not None and value >= width) or (info.high == 1 and value >= 1):
        message = (
            f"{dotted(path)}: {shown(value)} is the whole scale of {info.label}, so the limit decides nothing"
        )
        yield Finding(path, message + (_as_share(value, info) or "; write a smaller number"))


def _as_share(value: float, info: MetricInfo) -> str:
    """What was meant where a percentage is written without its sign."""
    if not info.percent or info.high is None or not info.high < value <= 100:
        return "; write a number on that scale" if info.high != 1 or value <= 1 else ""
    return f"; write {shown(value / 100)} or {shown(value)}%"


def _number(value: object) -> float | None:
    try:
        return units.percentage(value)
    except BadUnit:
        return None
