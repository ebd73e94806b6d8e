"""What is asked of the current data to measure drift against a reference. Pure.

`drift_measure` says what to ask of the source that is compared: one measure `bins` for all columns, since
they are read in one pass. The reference is a profile, or the source `reference` of the same request: the
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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import JsonValue

from seatrial.decision import Check
from seatrial.gates.data.measures import Measure
from seatrial.gates.data.packing import CATEGORIES, LEAST, STEPS, SURE
from seatrial.gates.data.profile import ColumnProfile, Profile

if TYPE_CHECKING:
    from seatrial.policy.model import Policy

SHAPE = "drift"  # of evidence
REFERENCE = "reference"  # the name of the source
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


def drift_measure(policy: "Policy", profile: Profile | None) -> Measure:
    """What to ask of drift.data. profile: None where the reference is data, the source `reference`."""
    drift = policy.data.drift
    assert drift is not None
    if profile is None:
        ks = drift.ks.max if drift.ks is not None else None
        value = {
            "columns": list(drift.columns) or None,
            "ignore": list(ignored(policy)),
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


def compared(policy: "Policy", profile: Profile) -> Iterator[Compared]:
    """Each column of the reference that drift looks at."""
    drift = policy.data.drift
    assert drift is not None
    passed_over = ignored(policy)
    for column in profile.columns:
        named = column.name in drift.columns
        if (drift.columns and not named) or column.name in drift.ignore:
            continue
        why = None if named and comparable(column) else _why_not(policy, column, passed_over)
        yield Compared(column, why)


def ignored(policy: "Policy") -> tuple[str, ...]:
    """Columns that drift passes over."""
    assert policy.data.drift is not None
    return tuple(name for name in (*policy.data.drift.ignore, *policy.data.key))


def comparable(column: ColumnProfile) -> bool:
    """Whether rows enough share values."""
    return column.steps is not None or any(rows >= SURE * LEAST for _, rows in column.categories or ())


def _why_not(policy: "Policy", column: ColumnProfile, passed_over: Sequence[str]) -> str | None:
    drift = policy.data.drift
    assert drift is not None
    if column.name in passed_over:
        return "it is a key, whose values are always new"
    if column.hidden:
        if not hidden(policy, column.name):
            return (
                "its values are not in the profile, and the policy does not hide it; write the profile again"
            )
        return "it is hidden, so its values are not in the profile; name the reference data in drift.against"
    if column.type == "other":
        return "it holds neither numbers nor text"
    if not comparable(column):
        return "too few rows of the reference share a value to compare it"
    if column.type in ("date", "timestamp") and column.name not in drift.columns:
        return "times move on by nature; name it in drift.columns to compare it"
    if not any(getattr(drift, distance) for distance in distances(column)):
        return "no distance of the policy is for such a column"
    return None


def distances(column: ColumnProfile) -> tuple[str, ...]:
    """Those that can be measured of such a column."""
    return NUMBERS if column.steps is not None else NAMES


def hidden(policy: "Policy", name: str) -> bool:
    """Whether the policy hides a column. That a profile does so is no reason to pass over it."""
    return policy.data.hides(name) or name in policy.data.key


def is_drift(check: Check) -> bool:
    """Whether `drift_judging.judged_drift` is to decide it."""
    return check.evidence.get("shape") == SHAPE
