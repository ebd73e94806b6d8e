"""The checks of drift, out of the answer to `drift_measure`; `judged_drift` decides them. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from seatrial.decision import Check, Limit, Outcome, Place
from seatrial.gates.data.asking import GATE
from seatrial.gates.data.drift_asking import (
    REFERENCE,
    SHAPE,
    Compared,
    comparable,
    compared,
    distances,
    hidden,
    ignored,
)
from seatrial.gates.data.drift_bins import category_bins, pair_of, step_bins
from seatrial.gates.data.drift_judging import judged_drift
from seatrial.gates.data.evidence import spoken
from seatrial.gates.data.measures import Answer, Facts
from seatrial.gates.data.profile import ColumnProfile, Profile
from seatrial.gates.data.profile_making import profile_of
from seatrial.policy.model import Policy
from seatrial.stats.drift_ranks import Bracket, ks_bracket, transport
from seatrial.stats.profile_steps import Pair
from seatrial.text import shown

NEW = "the reference has no such column; write the profile again to compare it"
UNTYPED = (
    "it is compared as text, since the policy names no type: name one in data.columns, or ignore the column"
)


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
        left = policy.data.columns.keys() - there - set(ignored(policy))
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
        problem = problem or (column.hidden and not hidden(policy, column.name))
        text = column.name in untyped and not column.hidden and not comparable(column)
        text = text and column.name not in ignored(policy)
        why = UNTYPED if text else each.skipped
        yield _check(policy, column.name, "drift", {"problem" if problem or text else "skipped": why})
        return
    part = detail["columns"].get(column.name, {"problem": "the engine did not measure it"})
    yield from (
        _check(policy, column.name, distance, evidence)
        for distance, evidence in _evidence(policy, profile, column, part)
    )


def _same_kind(found: str, was: str) -> bool:
    return found == was or {found, was} <= {"integer", "number"}


def _evidence(
    policy: Policy, profile: Profile, column: ColumnProfile, part: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    drift = policy.data.drift
    wanted = [distance for distance in distances(column) if getattr(drift, distance) is not None]
    if "problem" in part:
        for distance in wanted:
            yield distance, {"problem": str(part["problem"])}
        return
    show = policy.data.show.values and not policy.data.hides(column.name)
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
            yield distance, found if here else {"problem": "no rows"}


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
    name = f"{GATE}/{distance}" if column is None else f"{GATE}/{shown(spoken(column))}/{distance}"
    whole: dict[str, JsonValue] = {"shape": SHAPE, "distance": distance, "alpha": drift.alpha}
    if warn is not None:
        whole["warn"] = warn
    return Check(
        id=name,
        metric=distance,
        column=None if column is None else spoken(column),
        outcome=Outcome.ERROR,
        limit=None if most is None else Limit(kind="max", value=most),
        location=Place.of(where),
        evidence=whole | dict(evidence),
    )
