"""What an engine is asked to measure, and what it answers: counts and sums, no rows.

The vocabulary between the gate and the engines. Plain data that goes through JSON, and nothing imported
but the standard library, since an engine's child process may run in another Python environment than ours.

Row conditions count rows. A missing value meets none of them but `null`: whether values may be missing is
for `null` alone to say. NaN meets only `nan`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Json = Any  # what json.loads returns

RowCondition = Literal[
    "null",  # columns[0] has no value
    "unreadable",  # a value of columns[0] that is not of the type that it is read as
    "nan",
    "infinite",
    "below",  # less than `value`
    "above",  # more than `value`
    "outside",  # none of `value`, a list
    "mismatch",  # the text as a whole does not match the pattern `value`
    "shorter",  # fewer characters than `value`
    "longer",  # more characters than `value`
    "breaks",  # the rule `value` (JSON, see seatrial.rules) is false; detail: {"unknown": rows}
    "later",  # columns[0] is later than columns[1]
    "not_before",  # columns[0] is not before the earliest of columns[0] in the source `against`
]
Kind = Literal[
    RowCondition,
    "extremes",  # detail: [least, largest] of what is finite, nulls if none is; times as ISO 8601 in UTC
    "constant",  # count: how many values there are, 0, 1 or 2 for more
    "classes",  # detail: [[value, rows], ...], the `value` largest; count: how many; null and NaN are none
    "repeated",  # count: rows that stand before as they are in `columns` (all columns where empty)
    "shared",  # count: rows whose `columns` (all where empty) stand in the source `against` too
    # detail by column: how much of the label columns[0] it tells, 0 to 1, or {"problem": why not}; nothing
    # where fewer than LEAST_LABELLED rows have a label; count: those that have;
    # value: {"task": of the model, "except": [columns]}
    "told",
    # detail by column that has any: {kind: rows}, or {kind: [rows, more rows that may]} where there are too
    # many different cells to look at all; count: columns of text; value: {"kinds": [], "except": []}
    "personal",
    "bins",  # detail: counts by column against the reference in `value` or `against`; see drift
    "sketch",  # detail by column: what a profile is made of; see drift
]
LEAST_LABELLED = 40
ROW_CONDITIONS: frozenset[str] = frozenset(RowCondition.__args__)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Reading:
    """How a column is read. type: as in the policy; zone: of times that are written without one."""

    column: str
    type: str
    zone: str | None = None


@dataclass(frozen=True)
class Measure:
    """One thing to measure. accepted: the share of rows up to which a row condition is no fault.

    Beyond it, the engine names the first rows.
    """

    kind: Kind
    columns: tuple[str, ...] = ()
    value: Json = None
    accepted: float = 0.0
    against: str | None = None


@dataclass(frozen=True)
class Answer:
    """What was found. at: the first rows that meet the condition, counted from 1.

    values: their values as text, where asked for. problem: why nothing could be measured, in a few words
    for people; everything else is then empty.
    """

    count: int = 0
    at: tuple[int, ...] = ()
    values: tuple[str, ...] = ()
    detail: Json = None
    problem: str | None = None


@dataclass(frozen=True)
class Source:
    """One set of rows: files of one format that have the same columns.

    name: train, test or reference. files: absolute paths in order. format: csv or parquet. partitions: for
    each file the columns that its path gives (hive), as text. csv: delimiter, nulls, encoding, decimal, and
    headers: the names of the columns of each file. names: the files as people know them, from the root.
    """

    name: str
    files: tuple[str, ...]
    format: Literal["csv", "parquet"]
    readings: tuple[Reading, ...] = ()
    partitions: tuple[Mapping[str, str], ...] = ()
    csv: Mapping[str, Json] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def called(self, file: int) -> str:
        """What people call the file of this number."""
        return self.names[file] if self.names else self.files[file]


@dataclass(frozen=True)
class Asked:
    """All that is asked of one source. show: how many rows a fault names; values: also their values.

    hidden: columns whose values are never answered. settle: whether no row need be read where the footers of
    Parquet files tell of a fault beyond what is accepted.
    """

    source: Source
    measures: tuple[Measure, ...]
    show: int = 5
    values: bool = False
    hidden: tuple[str, ...] = ()
    settle: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of one source. columns: name to type, in order; answers: one for each measure.

    unscanned: why the rows were not read, where what the files say of themselves already decided. sha256: of
    the files as they were when they were read.
    """

    rows: int
    columns: Mapping[str, str]
    answers: tuple[Answer, ...]
    unscanned: str | None = None
    notes: tuple[str, ...] = ()
    sha256: str | None = None


def request(asked: Sequence[Asked]) -> dict[str, Json]:
    """What is asked, for json.dumps."""
    return {"asked": [asdict(each) for each in asked]}


def asked_of(request: Mapping[str, Json]) -> tuple[Asked, ...]:
    """What is asked, from json.loads."""
    return tuple(
        Asked(
            _source(each["source"]),
            tuple(Measure(**{**m, "columns": tuple(m["columns"])}) for m in each["measures"]),
            each["show"],
            each["values"],
            tuple(each["hidden"]),
            each["settle"],
        )
        for each in request["asked"]
    )


def _source(found: Mapping[str, Json]) -> Source:
    return Source(
        found["name"],
        tuple(found["files"]),
        found["format"],
        tuple(Reading(**reading) for reading in found["readings"]),
        tuple(found["partitions"]),
        found["csv"],
        tuple(found["names"]),
    )


def reply(facts: Sequence[Facts]) -> dict[str, Json]:
    """What was found, for json.dumps."""
    return {"facts": [asdict(each) for each in facts]}


def facts_of(reply: Mapping[str, Json]) -> tuple[Facts, ...]:
    """What was found, from json.loads."""
    return tuple(
        Facts(
            each["rows"],
            each["columns"],
            tuple(
                Answer(**{**a, "at": tuple(a["at"]), "values": tuple(a["values"])}) for a in each["answers"]
            ),
            each["unscanned"],
            tuple(each["notes"]),
            each["sha256"],
        )
        for each in reply["facts"]
    )
