"""From the policy to questions: what is measured of which source, and which check it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue

from seatrial.decision import DATA, Limit, Place
from seatrial.gates.data.measures import Measure, Reading

if TYPE_CHECKING:
    from seatrial.policy.data import Data
    from seatrial.policy.model import Policy

GATE = DATA
Shape = Literal[
    "faults",  # rows that meet a condition, against the share that is accepted
    "required",  # whether the column is there
    "unwanted",  # whether the column is not there
    "extra",  # columns that the policy does not name
    "constant",  # how many values a column has: 0, 1, or 2 for more
    "rows",  # how many rows there are
    "fresh",  # how old the newest row is
    "balance",  # rows by class of the label
    "told",  # how much of the label a column tells
    "personal",  # rows by kind of personal data
    "drift",  # how far a column has moved from the reference
]


@dataclass(frozen=True)
class Question:
    """What the policy asks; it is answered by one check, or by one for each column that it is found in.

    rule: the word of the policy. asks: what to measure of each source that is judged. column: the column
    that it is a rule of; needs: the columns without which nothing can be measured. wanted: what the policy
    wrote, for the words of the reason. action: `warn` where a fault is only told. told: what else the
    outcome is computed from. path: the entry of the policy.
    """

    id: str
    rule: str
    shape: Shape
    asks: Mapping[str, tuple[Measure, ...]]
    limit: Limit | None = None
    column: str | None = None
    needs: tuple[str, ...] = ()
    place: Place | None = None
    action: Literal["fail", "warn"] = "fail"
    wanted: JsonValue = None
    told: Mapping[str, JsonValue] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Desk:
    """Where questions are written. of: the sources that there are, train and test."""

    policy: "Policy"
    of: tuple[str, ...]

    @property
    def data(self) -> "Data":
        return self.policy.data

    def place(self, *path: str | int) -> Place:
        where = self.policy.place("data", *path)
        return Place.of(where)

    def each(self, *measures: Measure) -> dict[str, tuple[Measure, ...]]:
        """The same of every source."""
        return dict.fromkeys(self.of, measures)


def readings(data: "Data") -> tuple[Reading, ...]:
    """How each named column is read; the columns of times that have no rule of their own as timestamps."""
    zones = {data.fresh.column: data.fresh.zone} if data.fresh is not None else {}
    named = {
        name: Reading(name, rule.type, rule.zone or zones.get(name)) for name, rule in data.columns.items()
    }
    for name in times(data):
        named.setdefault(name, Reading(name, "timestamp", zones.get(name)))
    return tuple(named.values())


def times(data: "Data") -> tuple[str, ...]:
    """The columns that are compared as times."""
    found: list[str] = [data.fresh.column] if data.fresh is not None else []
    found += [data.split.time] if data.split is not None else []
    if data.leakage is not None and data.leakage.known_by is not None:
        found += [data.leakage.known_by.event, *data.leakage.known_by.columns]
    return tuple(dict.fromkeys(found))


def at_most(value: float) -> Limit:
    return Limit(kind="max", value=value)


def at_least(value: float) -> Limit:
    return Limit(kind="min", value=value)
