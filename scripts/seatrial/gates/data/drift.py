"""Drift: what is asked of the current data against a reference, and the checks that come of it. Pure.

`drift_measure` says what to ask of the source that is compared (one measure `bins` for all columns, since
they are read in one pass); `drift_checks` makes the checks out of its answer, and `judged_drift` (in
`drift_judging`) decides them. The reference is a profile, or the source `reference` of the same request: the
engine then sketches that first, and answers with it.

The measure `sketch`: value = {"steps", "least", "categories": the most of each, "hidden": [names]}. Its
detail = {"columns": {name: as in a profile}}, where nothing need be pooled yet.

The measure `bins`: value = {"columns": {name: {"edges": packed} or {"categories": [names]}}, "moments":
whether mean and deviation are wanted}; or, against "reference", {"columns": [names] or None, "ignore":
[names], "moments", "ks": limit or None, "sketch": as above}. Its
detail = {"columns": {name: part}} and, of a reference source, "rows" and "reference": as of `sketch`. A part
is {"rows": with a value, "nulls", "nan", "infinite": [minus, plus], "below": packed counts of rows under each
edge, "upto": under it or on it, "mean", "deviation", "outside": [mean distance of the finite rows below and
above all edges from the outermost]} and, where it was measured, "ks": the exact distance; or {"nulls",
"counts": of the categories in order, "unlisted": {"categories", "rows"}}; or {"problem": in a few words}.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from seatrial.decision import Check, Limit, Outcome, Place
from seatrial.gates.data.asking import GATE
from seatrial.gates.data.drift_bins import SURE, category_bins, pair_of, step_bins
from seatrial.gates.data.drift_judging import SHAPE, is_drift, judged_drift
from seatrial.gates.data.evidence import LONGEST
from seatrial.gates.data.measures import Answer, Facts, Measure
from seatrial.gates.data.packing import CATEGORIES, LEAST, STEPS
from seatrial.gates.data.profile import ColumnProfile, Profile
from seatrial.gates.data.profile_making import profile_of
from seatrial.policy.model import Policy
from seatrial.stats.drift_ranks import Bracket, ks_bracket, transport
from seatrial.stats.profile_steps import Pair
from seatrial.text import shown

__all__ = ["REFERENCE", "drift_checks", "drift_measure", "is_drift", "judged_drift", "sketch_measure"]

REFERENCE = "reference"  # the name of the source
NEW = "the reference has no such column; write the profile again to compare it"
UNTYPED = (
    "it is compared as text, since the policy names no type: name one in data.columns, or ignore the column"
)
RARE = "no category has rows enough on both sides to be compared"
NUMBERS = ("psi", "ks", "js", "wasserstein")
NAMES = ("psi", "js", "new_categories")


@dataclass(frozen=True)
class Compared:
    """A column of the reference: compared, or why not."""

    column: ColumnProfile
    skipped: str | None = None


def sketch_measure(hidden: Sequence[str] = (), steps: int = STEPS, least: int = LEAST) -> Measure:
    """What to ask of data of which a profile is made."""
    value = {"steps": steps, "least": least, "categories": CATEGORIES, "hidden": list(hidden)}
    return Measure("sketch", value=value)


def drift_measure(policy: Policy, profile: Profile | None) -> Measure:
    """What to ask of drift.data. profile: None where the reference is data, the source `reference`."""
    drift = policy.data.drift
    assert drift is not None
    if profile is None:
        ks = drift.ks.max if drift.ks is not None else None
        value = {
            "columns": list(drift.columns) or None,
            "ignore": list(_ignored(policy)),
            "moments": drift.wasserstein is not None,
            "ks": ks,
            "sketch": sketch_measure(steps=STEPS, least=1).value,
        }
        return Measure("bins", value=value, against=REFERENCE)
    asked: dict[str, JsonValue] = {}
    for each in compared(policy, profile):
        if each.skipped is None:
            asked[each.column.name] = (
                {"edges": each.column.steps.edges}
                if each.column.steps is not None
                else {"categories": [name for name, _ in each.column.categories or ()]}
            )
    return Measure("bins", value={"columns": asked, "moments": drift.wasserstein is not None})


def compared(policy: Policy, profile: Profile) -> Iterator[Compared]:
    """Each column of the reference that drift looks at."""
    drift = policy.data.drift
    assert drift is not None
    ignored = _ignored(policy)
    for column in profile.columns:
        named = column.name in drift.columns
        if (drift.columns and not named) or column.name in drift.ignore:
            continue
        yield Compared(column, None if named and _comparable(column) else _why_not(policy, column, ignored))


def _ignored(policy: Policy) -> tuple[str, ...]:
    assert policy.data.drift is not None
    return tuple(name for name in (*policy.data.drift.ignore, *policy.data.key))


def _comparable(column: ColumnProfile) -> bool:
    return column.steps is not None or any(rows >= SURE * LEAST for _, rows in column.categories or ())


def _why_not(policy: Policy, column: ColumnProfile, ignored: Sequence[str]) -> str | None:
    drift = policy.data.drift
    assert drift is not None
    if column.name in ignored:
        return "it is a key, whose values are always new"
    if column.hidden:
        if not _hidden(policy, column.name):
            return (
                "its values are not in the profile, and the policy does not hide it; write the profile again"
            )
        return "it is hidden, so its values are not in the profile; name the reference data in drift.against"
    if column.type == "other":
        return "it holds neither numbers nor text"
    if not _comparable(column):
        return "too few rows of the reference share a value to compare it"
    if column.type in ("date", "timestamp") and column.name not in drift.columns:
        return "times move on by nature; name it in drift.columns to compare it"
    if not any(getattr(drift, distance) for distance in _distances(column)):
        return "no distance of the policy is for such a column"
    return None


def _distances(column: ColumnProfile) -> tuple[str, ...]:
    return NUMBERS if column.steps is not None else NAMES


def drift_checks(
    policy: Policy,
    profile: Profile | None,
    facts: Facts,
    answer: Answer,
    untyped: Collection[str] = (),
) -> tuple[Check, ...]:
    """The checks of drift, decided. facts, answer: of drift.data, to `drift_measure`.

    untyped: columns that are read as text only because the policy names no type.
    """
    drift = policy.data.drift
    assert drift is not None
    detail: Mapping[str, Any] = answer.detail if isinstance(answer.detail, dict) else {}
    if answer.problem is not None or "columns" not in detail:
        problem = answer.problem or "the engine did not measure it"
        return judged_drift([_check(policy, None, "drift", {"problem": problem})])
    if profile is None:
        profile = profile_of(detail["rows"], detail[REFERENCE]["columns"], "data", 1, set())
    made = [
        check
        for each in compared(policy, profile)
        for check in _of_column(policy, profile, each, facts, detail, untyped)
    ]
    there = {column.name for column in profile.columns}
    for name in drift.columns:
        if name not in there:
            made.append(_check(policy, name, "drift", {"problem": "the reference has no such column"}))
    if not drift.columns:
        left = policy.data.columns.keys() - there - set(_ignored(policy))
        made += [_check(policy, name, "drift", {"skipped": NEW}) for name in sorted(left)]
    if not made:
        made = [_check(policy, None, "drift", {"problem": "the reference has no column to compare"})]
    return judged_drift(made)


def _of_column(
    policy: Policy,
    profile: Profile,
    each: Compared,
    facts: Facts,
    detail: Mapping[str, Any],
    untyped: Collection[str],
) -> Iterator[Check]:
    column, drift = each.column, policy.data.drift
    found = facts.columns.get(column.name)
    rule = policy.data.columns.get(column.name)
    if found is None and rule is not None and not rule.required:
        yield _check(policy, column.name, "drift", {"skipped": "the column is not there, and need not be"})
        return
    if found is None:
        yield _check(
            policy, column.name, "drift", {"changed": "the reference has the column, the data do not"}
        )
        return
    if not _same_kind(found, column.type):
        yield _check(policy, column.name, "drift", {"changed": f"it is {found}, and was {column.type}"})
        return
    if each.skipped is not None:
        problem = drift is not None and column.name in drift.columns
        problem = problem or (column.hidden and not _hidden(policy, column.name))
        text = column.name in untyped and not column.hidden and not _comparable(column)
        text = text and column.name not in _ignored(policy)
        why = UNTYPED if text else each.skipped
        yield _check(policy, column.name, "drift", {"problem" if problem or text else "skipped": why})
        return
    part = detail["columns"].get(column.name, {"problem": "the engine did not measure it"})
    yield from (
        _check(policy, column.name, distance, evidence)
        for distance, evidence in _evidence(policy, profile, column, part)
    )


def _hidden(policy: Policy, name: str) -> bool:
    """Whether the policy hides a column. That a profile does so is no reason to pass over it."""
    rule = policy.data.columns.get(name)
    return (rule is not None and rule.hide) or name in policy.data.key


def _same_kind(found: str, was: str) -> bool:
    return found == was or {found, was} <= {"integer", "number"}


def _evidence(
    policy: Policy, profile: Profile, column: ColumnProfile, part: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    drift = policy.data.drift
    wanted = [distance for distance in _distances(column) if getattr(drift, distance) is not None]
    if "problem" in part:
        for distance in wanted:
            yield distance, {"problem": str(part["problem"])}
        return
    rule = policy.data.columns.get(column.name)
    show = policy.data.show.values and not (rule is not None and rule.hide)
    if column.steps is not None:
        pair = pair_of(column, profile.rows, part)
        bins = step_bins(pair, column.type, show)
        for distance in wanted:
            yield distance, bins | _of_steps(distance, pair, column, part)
        return
    found, new = category_bins(column, profile.rows, part, show, profile.min_count)
    here = sum(part["counts"]) + int(part["unlisted"]["rows"]) + int(part["nulls"])
    for distance in wanted:
        if distance == "new_categories":
            yield distance, {"rows": [profile.rows, here], **new}
        else:
            yield distance, {"skipped": RARE} if found is None else found


def _of_steps(
    distance: str, pair: Pair, column: ColumnProfile, part: Mapping[str, Any]
) -> dict[str, JsonValue]:
    """What else a distance of numbers is decided from."""
    if not pair.current.rows + pair.current.missing:
        return {"problem": "no rows"}
    if distance == "ks":
        exact = part.get("ks")
        found = ks_bracket(pair) if exact is None else Bracket(float(exact), float(exact))
        return {"lower": found.lower, "upper": found.upper}
    if distance != "wasserstein":
        return {}
    if any(column.infinite) or any(part["infinite"]):
        return {"problem": "there are infinite values, which lie infinitely far"}
    if not pair.current.rows:
        return {"problem": "no row has a value"}
    moved = transport(pair)
    if moved is None:
        return {"problem": "the reference's values are all equal: they have no standard deviation"}
    return {
        "rows": [pair.reference.rows, pair.current.rows],
        "lower": moved.lower,
        "upper": moved.upper,
        "estimate": moved.estimate,
        "noise": moved.noise,
        "ratio": moved.ratio,
    }


def _check(policy: Policy, column: str | None, distance: str, evidence: Mapping[str, JsonValue]) -> Check:
    drift = policy.data.drift
    assert drift is not None
    found = getattr(drift, distance, None)
    most = getattr(found, "max", None)
    warn = getattr(found, "warn", None)
    where = policy.place("data", "drift", *([distance] if found is not None else []))
    name = f"{GATE}/{distance}" if column is None else f"{GATE}/{shown(column)}/{distance}"
    whole: dict[str, JsonValue] = {"shape": SHAPE, "distance": distance, "alpha": drift.alpha}
    if warn is not None:
        whole["warn"] = warn
    return Check(
        id=name,
        metric=distance,
        column=None if column is None else column[:LONGEST],
        outcome=Outcome.ERROR,
        limit=None if most is None else Limit(kind="max", value=most),
        location=Place(file=where.file, line=where.line or 1, column=where.column or 1),
        evidence=whole | dict(evidence),
    )
