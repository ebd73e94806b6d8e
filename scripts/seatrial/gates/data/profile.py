"""The profile of a data set: what drift is measured against. JSON, versioned, and read strictly.

It holds no row's value, but those that at least `min_count` rows share. A profile may come from anyone, so
whatever `seatrial profile` would not have written is refused.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from seatrial.decision import Record
from seatrial.gates.data.packing import CATEGORIES, LEAST, LONGEST, STEPS, unpack_counts, unpack_floats
from seatrial.text import shown

if TYPE_CHECKING:
    from seatrial.stats.rows import Floats, Ints

VERSION = 1
MOST_COLUMNS = 10_000
MOST_BYTES = 256 * 1024 * 1024
COUNTED = 2**53

Count = Annotated[int, Field(ge=0, le=COUNTED)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Packed = Annotated[str, Field(max_length=12 * STEPS)]
Type = Literal["integer", "number", "date", "timestamp", "string", "boolean", "other"]
MEASURED: tuple[str, ...] = ("integer", "number", "date", "timestamp")  # compared as numbers


class Steps(Record):
    """How the finite values of a column are distributed, as a staircase: exact at every edge.

    edges: ascending, float64, packed; dates in days and times in microseconds since 1970 (UTC). before: rows
    between the edge before and this one; at: rows on the edge. The rest lies beyond the last edge. below,
    above: how far the rows outside the edges lie from the outermost on the average, rounded up to a power of
    2.
    """

    edges: Packed
    before: Packed
    at: Packed
    mean: Finite
    deviation: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    below: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    above: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0


class Others(Record):
    """Categories that too few rows share, or that did not fit: how many, and their rows."""

    categories: Count = 0
    rows: Count = 0


class ColumnProfile(Record):
    """One column. infinite: rows of minus and of plus infinity. hidden: its values are not in the profile."""

    name: Annotated[str, Field(max_length=100_000)]
    type: Type
    nulls: Count = 0
    nan: Count = 0
    infinite: tuple[Count, Count] = (0, 0)
    hidden: bool = False
    steps: Steps | None = None
    categories: Annotated[tuple[tuple[str, Count], ...], Field(max_length=CATEGORIES)] | None = None
    others: Others = Others()

    @field_validator("categories")
    @classmethod
    def _once(cls, found: tuple[tuple[str, int], ...] | None) -> tuple[tuple[str, int], ...] | None:
        names = [name for name, _ in found or ()]
        if len(set(names)) < len(names):
            raise ValueError("a category stands twice")
        if any(len(name) > LONGEST for name in names):
            raise ValueError(f"a category is longer than {LONGEST} characters")
        return found


class Profile(Record):
    """A data set: its rows, and its columns in order."""

    profile: Literal[1] = 1
    tool: Annotated[str, Field(max_length=100)]
    rows: Count
    min_count: Annotated[int, Field(ge=1, le=COUNTED)] = LEAST
    columns: Annotated[tuple[ColumnProfile, ...], Field(max_length=MOST_COLUMNS)]

    def column(self, name: str) -> ColumnProfile | None:
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True, eq=False)
class Staircase:
    """Unpacked steps. below: rows under the edge, upto: rows under it or on it; of `rows` finite values."""

    edges: "Floats"
    below: "Ints"
    upto: "Ints"
    rows: int


def staircase(column: ColumnProfile, rows: int) -> Staircase:
    """The steps of a column of so many rows, checked. Raises ValueError."""
    import numpy as np  # which only a policy with drift needs

    assert column.steps is not None
    edges = np.array(unpack_floats(column.steps.edges, STEPS), np.float64)
    before = np.array(unpack_counts(column.steps.before, STEPS), np.int64)
    at = np.array(unpack_counts(column.steps.at, STEPS), np.int64)
    if not len(edges) == len(before) == len(at):
        raise ValueError("edges, before and at differ in length")
    if not np.isfinite(edges).all() or not (edges[:-1] < edges[1:]).all():
        raise ValueError("edges are not finite and ascending")
    if min(before.min(initial=0), at.min(initial=0)) < 0:
        raise ValueError("a count is negative")
    known = rows - column.nulls - column.nan - sum(column.infinite)
    # As floats first: a stranger's counts may not fit into 64 bits together.
    if float(before.sum(dtype=np.float64) + at.sum(dtype=np.float64)) > 2.0 * COUNTED:
        raise ValueError("more rows are counted than there are")
    upto = np.cumsum(before + at)
    if upto.size and int(upto[-1]) > known:
        raise ValueError("more rows are counted than there are")
    return Staircase(edges, upto - at, upto, known)


def to_json(profile: Profile) -> bytes:
    """As `seatrial profile` writes it: a column a line."""
    whole = profile.model_dump_json(exclude_defaults=True, exclude={"columns", "profile"})
    columns = ",\n".join(column.model_dump_json(exclude_defaults=True) for column in profile.columns)
    return f'{{"profile":{VERSION},{whole[1:-1]},"columns":[\n{columns}\n]}}\n'.encode()


def from_json(data: bytes) -> Profile:
    """Read strictly. Raises ValueError with what is wrong, for people."""
    try:
        found = Profile.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{shown(where) or 'the file'}: {shown(first['msg'], 200)}") from None
    check(found)
    return found


def check(profile: Profile) -> None:
    """That the counts of each column fit each other. Raises ValueError."""
    names = [column.name for column in profile.columns]
    if len(set(names)) < len(names):
        raise ValueError("a column stands twice")
    for column in profile.columns:
        try:
            _consistent(column, profile.rows)
        except ValueError as error:
            raise ValueError(f"column {shown(column.name)}: {error}") from None


def _consistent(column: ColumnProfile, rows: int) -> None:
    gone = column.nulls + column.nan + sum(column.infinite)
    if gone > rows:
        raise ValueError("more values are missing than there are rows")
    if column.hidden and (column.steps is not None or column.categories is not None):
        raise ValueError("it is hidden and has values")
    if column.steps is not None:
        if column.type not in MEASURED or column.categories is not None:
            raise ValueError(f"a {column.type} has no steps")
        staircase(column, rows)
    if column.categories is not None:
        if column.type not in ("string", "boolean"):
            raise ValueError(f"a {column.type} has no categories")
        if sum(count for _, count in column.categories) + column.others.rows + gone != rows:
            raise ValueError("the rows of its categories do not add up")


def json_schema() -> dict[str, Any]:
    """JSON Schema of version 1."""
    return Profile.model_json_schema()
