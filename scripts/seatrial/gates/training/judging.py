"""From evidence to outcomes: the only place where a check of the training gate is decided.

Pure, and from each check's own evidence, so that `seatrial judge` can do it again. The evidence of a check is
what its kind writes, or `skipped` with a reason, or `problem` where nothing could be told.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from seatrial.decision import Check, Interval, Limit, Outcome, Place
from seatrial.gates.training import words
from seatrial.gates.training.asking import CONSTANT, IDS, METRICS, MODEL, REPEAT, RUN, UNREAD, Part, id_of
from seatrial.gates.training.evidence import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_LINES,
    MOST_NAMED,
    MOST_RUNS,
    Limits,
    Made,
    Ran,
    Told,
    count_of,
    keys_of,
    number_of,
    runs_of,
    text_of,
    texts_of,
)
from seatrial.gates.training.metrics import LONGEST_NAME, MOST_METRICS
from seatrial.text import shown

Evidence = Mapping[str, JsonValue]
MOST_BYTES = 8 * 2**30  # of a model; larger ones are neither hashed nor handed on
FILE = "the file was there before, and this run did not write it; delete what an earlier one left"


@dataclass(frozen=True)
class _Judged:
    outcome: Outcome
    reason: str
    value: float | None = None
    limit: Limit | None = None
    interval: Interval | None = None
    level: float | None = None
    n: int | None = None
    needed: int | None = None


def check_of(part: Part, kind: str, evidence: Evidence, place: Place | None = None) -> Check:
    """A check, judged. evidence: as `judged` reads it."""
    name = id_of(part, kind)
    metric = part if kind == RUN else f"{part}/{kind}"
    bare = Check(id=name, metric=metric, outcome=Outcome.ERROR, location=place, evidence=dict(evidence))
    return judged(bare)


def judged(check: Check) -> Check:
    """The check with all that follows from its evidence. Raises ValueError where that is of no known form."""
    if check.id not in IDS:
        raise ValueError(f"{check.id}: the training gate has no such check")
    part, kind = IDS[check.id]
    if check.metric != (part if kind == RUN else f"{part}/{kind}") or check.slice or check.column:
        raise ValueError(f"{check.id}: a check of training is about no slice, column or other metric")
    try:
        found = _found(kind, check.evidence)
    except ValueError as error:
        raise ValueError(f"{check.id}: {error}") from None
    return check.model_copy(
        update={
            "outcome": found.outcome,
            "warn": False,
            "reason": found.reason[:1_500],
            "value": found.value,
            "limit": found.limit,
            "interval": found.interval,
            "level": found.level,
            "n": found.n,
            "needed": found.needed,
            **dict.fromkeys(("baseline", "difference", "resolvable")),
        }
    )


def judged_again(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks of a stored Decision. Raises ValueError where one is excused that nothing excuses."""
    again = tuple(judged(check) for check in checks)
    outcomes = {check.id: check.outcome for check in again}
    for stated, check in zip(checks, again, strict=True):
        part, kind = IDS[check.id]
        run = outcomes.get(id_of(part, RUN))
        if run is None:
            raise ValueError(f"{check.id}: there is no {id_of(part, RUN)} that it belongs to")
        if stated.limit != check.limit:
            raise ValueError(f"{check.id}: the limit is not that of its evidence")
        if check.outcome is not Outcome.SKIPPED:
            continue
        if kind == RUN and not (part == "full" and _troubled(again, "smoke")):
            raise ValueError(f"{check.id}: skipped, and no check says why")
        if kind in (MODEL, METRICS) and run is Outcome.PASSED:
            raise ValueError(f"{check.id}: skipped, although the training ended well")
    return again


def _troubled(checks: Sequence[Check], part: Part) -> bool:
    calm = (Outcome.PASSED, Outcome.SKIPPED)
    return any(IDS[check.id][0] == part and check.outcome not in calm for check in checks)


def _found(kind: str, evidence: Evidence) -> _Judged:
    if "skipped" in evidence:
        return _Judged(Outcome.SKIPPED, text_of(keys_of(evidence, {"skipped"}, "what is skipped")["skipped"]))
    if "problem" in evidence:
        return _Judged(Outcome.ERROR, text_of(keys_of(evidence, {"problem"}, "a problem")["problem"]))
    return _KINDS[kind](evidence)


def _run(evidence: Evidence) -> _Judged:
    found = keys_of(evidence, {"runs", "asked", "limits"} | ({"log"} & evidence.keys()), "a training")
    runs = [Ran.from_json(each) for each in runs_of(found["runs"])]
    limits, asked = Limits.from_json(found["limits"]), count_of(found["asked"])
    texts_of(found.get("log", []), MOST_LINES, LONGEST_LINE)
    if not len(runs) <= asked <= MOST_RUNS:
        raise ValueError("a training runs as often as it is asked to")
    bad = [number for number, run in enumerate(runs) if run.code != 0 or run.stopped]
    if bad and bad != [len(runs) - 1]:
        raise ValueError("nothing runs after a run that failed")
    if not bad and len(runs) != asked:
        raise ValueError("it ran less often than it was asked to")
    over = any(run.seconds > limits.time + OVER for run in runs)
    heavy = any(limits.memory is not None and run.peak > limits.memory for run in runs)
    outcome, reason = Outcome.PASSED, ""
    if bad:
        outcome, reason = Outcome.FAILED, words.ended(runs[-1], len(runs), asked, limits)
    elif over or heavy:
        outcome, reason = Outcome.FAILED, f"{words.ran(runs)}: beyond {words.within(limits)}"
    else:
        reason = words.ran(runs)
    limit = Limit(kind="max", value=limits.time)
    return _Judged(outcome, reason, max(run.seconds for run in runs), limit)


OVER = 5.0  # seconds that ending the descendants may add to a run


def _model(evidence: Evidence) -> _Judged:
    runs = [Made.from_json(each) for each in runs_of(keys_of(evidence, {"runs"}, "a model")["runs"])]
    for made in runs:
        reason = made_in_vain(made)
        if reason is not None:
            return _Judged(Outcome.FAILED, reason)
    last = runs[-1].after
    assert last is not None
    return _Judged(Outcome.PASSED, f"written, {words.size(last.size)}", float(last.size))


def made_in_vain(made: Made) -> str | None:
    """Why a file is not what this run wrote; None where it is."""
    if made.problem is not None:
        return made.problem
    if made.after is None:
        return "there is no such file after the run; let the command write it, or correct the policy"
    if made.after == made.before:
        return FILE
    if made.after.size > MOST_BYTES:
        found, most = words.size(made.after.size), words.size(MOST_BYTES)
        return f"the file has {found}, more than {most}; write a smaller one"
    return None if made.after.size else "the file is empty"


def _metrics(evidence: Evidence) -> _Judged:
    runs = _told(evidence, {"runs"})
    problem = next((told.problem for told in runs if told.problem is not None), None)
    if problem is not None:
        return _Judged(Outcome.FAILED, problem)
    last = runs[-1].metrics
    assert last is not None
    named = [f"{shown(name)} {value:.4g}" for name, value in sorted(last.items())[:5]]
    more = f" and {len(last) - 5} more" if len(last) > 5 else ""
    return _Judged(Outcome.PASSED, ", ".join(named) + more)


def _told(evidence: Evidence, keys: set[str]) -> list[Told]:
    return [Told.from_json(each) for each in runs_of(keys_of(evidence, keys, "metrics")["runs"])]


def _repeat(evidence: Evidence) -> _Judged:
    runs = [told.metrics for told in _told(evidence, {"runs", "tolerance", "ignore"})]
    tolerance = number_of(evidence["tolerance"])
    ignored = texts_of(evidence["ignore"], MOST_METRICS, LONGEST_NAME)
    if len(runs) < 2:
        raise ValueError("what is repeated runs twice")
    first, *others = runs
    if first is None or any(other is None for other in others):
        raise ValueError("runs are compared by their metrics")
    differing: dict[str, str] = {}
    worst = 0.0
    for other in others:
        assert other is not None
        for name, said, share in _differences(first, other, tolerance):
            if name not in ignored:
                worst = max(worst, share)
                if said:
                    differing.setdefault(name, said)
    limit = Limit(kind="max", value=tolerance)
    if differing:
        listed = list(differing.values())
        more = f"; {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
        reason = (
            f"{words.times(len(runs))} the same seed, and other metrics: {'; '.join(listed[:MOST_NAMED])}"
        )
        return _Judged(Outcome.FAILED, f"{reason}{more}", worst, limit)
    aside = f", {len(ignored)} left aside" if ignored else ""
    compared = len(first.keys() - set(ignored))
    if not compared:
        return _Judged(Outcome.INCONCLUSIVE, "every metric is ignored, so nothing was compared", None, limit)
    return _Judged(
        Outcome.PASSED,
        f"{compared} metric{'s' if compared > 1 else ''} alike in {len(runs)} runs{aside}",
        worst,
        limit,
        n=len(runs),
    )


def _differences(
    first: Mapping[str, float], other: Mapping[str, float], tolerance: float
) -> Iterator[tuple[str, str, float]]:
    """Name, what differs (nothing where it does not), and by how much of the larger."""
    for name in dict.fromkeys((*first, *other)):
        if name not in first or name not in other:
            yield name, f"{shown(name)} is not in every run", 1.0
            continue
        a, b = first[name], other[name]
        larger = max(abs(a), abs(b))
        share = 0.0
        if larger:
            gap = abs(a - b)
            share = gap / larger if math.isfinite(gap) else abs(a / larger - b / larger)
        yield name, f"{shown(name)} {a:.9g} and {b:.9g}" if share > tolerance else "", share


def _constant(evidence: Evidence) -> _Judged:
    from seatrial.gates.training.constant import ALPHA, beaten  # with numpy

    found = keys_of(evidence, {"metric", "arm"}, "a comparison with a constant")
    said, arm = beaten(found["metric"], found["arm"])
    return _Judged(
        said.outcome,
        said.reason,
        said.value,
        None if said.bound is None else Limit(kind="min", value=said.bound),
        None if said.low is None and said.high is None else Interval(low=said.low, high=said.high),
        1 - 2 * ALPHA,
        arm.n,
        said.needed,
    )


def _unread(evidence: Evidence) -> _Judged:
    found = keys_of(evidence, {"files", "read", "changed"}, "what was read")
    files = count_of(found["files"])
    read, changed = (texts_of(found[name], files, LONGEST_TEXT) for name in ("read", "changed"))
    if not files:
        raise ValueError("there were no files to look at")
    if read or changed:
        named = [
            f"{_listed(names)} {was}"
            for names, was in ((read, "was read"), (changed, "was changed"))
            if names
        ]
        return _Judged(Outcome.FAILED, f"test data in the training: {'; '.join(named)}", float(len(read)))
    what = "the file of the test data was" if files == 1 else f"{files:,} files of the test data were"
    return _Judged(Outcome.PASSED, f"{what} not read", 0.0)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return ", ".join(shown(name) for name in names[:5]) + more


_KINDS: dict[str, Callable[[Evidence], _Judged]] = {
    RUN: _run,
    MODEL: _model,
    METRICS: _metrics,
    UNREAD: _unread,
    REPEAT: _repeat,
    CONSTANT: _constant,
}


def accepted(check: Check) -> str:
    """What the policy accepts, for a cell of a table; empty where the check was skipped."""
    kind = IDS[check.id][1] if check.id in IDS else ""
    if check.outcome is Outcome.SKIPPED:
        return ""
    if kind == RUN:
        try:
            return words.within(Limits.from_json(check.evidence.get("limits")))
        except ValueError:
            return ""
    if kind == REPEAT:
        return "" if check.limit is None else f"alike to {check.limit.value:.3g} of the larger"
    if kind == CONSTANT:
        return "" if check.limit is None else f"over {check.limit.value:.4g}, which a constant scores"
    return {
        MODEL: "a file that this run wrote, not empty",
        METRICS: "an object of finite numbers",
        UNREAD: "not read, not changed",
    }.get(kind, "")
