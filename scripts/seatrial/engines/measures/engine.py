"""What an engine is: it opens sources as typed frames, and answers what one expression cannot.

The engine of a process is Polars' streaming engine (`polars.engine`) or Spark (`spark.engine`). Everything
that a narwhals expression can say is written once, in `conditions` and `measuring`, and runs on both.
Imported in child processes only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import narwhals as nw

from seatrial.gates.data.measures import Source

# Types of columns, as the policy names them; OTHER is everything else: nested, binary, durations.
INTEGER, NUMBER, STRING = "integer", "number", "string"
BOOLEAN, DATE, TIMESTAMP, OTHER = "boolean", "date", "timestamp", "other"
NOTHING = "nothing"  # of a column without any value, until another file or the policy says more


class Unreadable(Exception):
    """A file is not what it claims to be. The message says what is wrong, for people; file: with which."""

    def __init__(self, message: str, file: str | None = None) -> None:
        super().__init__(message)
        self.file = file


@dataclass(frozen=True)
class Opened:
    """A source, ready to be measured.

    frame: the columns as their types say, times in UTC; rows in the order of the files. types: every column
    of the files by name, in order. floating: those that can hold NaN. unreadable: for columns that are read
    as a type, an expression that is true where a cell holds something else; the cell itself is then null.
    inside: what columns are called in the frame, where an engine cannot take their names ("a.b" on Spark).
    large: whether a look at the first rows costs next to nothing beside one at all of them.
    """

    source: Source
    frame: "nw.LazyFrame[Any]"
    types: Mapping[str, str]
    floating: frozenset[str]
    unreadable: Mapping[str, nw.Expr]
    inside: Mapping[str, str] = field(default_factory=dict)
    large: bool = False

    def column(self, name: str) -> nw.Expr:
        """A column of the frame by the name that it has in the files."""
        return nw.col(self.inside.get(name, name))


@dataclass(frozen=True)
class Hits:
    """Rows that were counted. at: the numbers of the first of them, from 1, ascending.

    problem: why they could not be, in a few words for people.
    """

    count: int
    at: tuple[int, ...] = ()
    problem: str | None = None


class Engine(Protocol):
    """What differs from engine to engine. Nothing here may hold more than a bounded part of the rows."""

    def open(self, source: Source) -> Opened:
        """Raises Unreadable."""

    def rows_of(self, frame: "nw.LazyFrame[Any]") -> list[dict[str, Any]]:
        """The rows of a small result: aggregates, or a few groups."""

    def held(self, opened: Opened, columns: Sequence[str]) -> Opened:
        """The same rows with these columns alone, in memory where an engine would read the files again."""

    def first(
        self, opened: Opened, condition: nw.Expr, columns: Sequence[str], most: int
    ) -> list[tuple[int, dict[str, Any]]]:
        """The first rows that meet a condition: their numbers from 1, and the values of these columns."""

    def repeated(self, opened: Opened, columns: Sequence[str], most: int) -> Hits:
        """Rows that stand earlier as they are in these columns, all where `columns` is empty.

        Null equals null, NaN equals NaN, -0.0 equals 0.0. A row with an unreadable cell equals no other.
        """

    def shared(self, opened: Opened, other: Opened, columns: Sequence[str], most: int) -> Hits:
        """Rows whose values in these columns stand in the other source too; a row with a null in them never.

        Where `columns` is empty all columns that both have are compared, and null equals null.
        """

    def bins(self, opened: Opened, reference: Opened | None, asked: Mapping[str, Any]) -> Any:
        """Counts of all columns against a profile or a reference source, in one pass; see gates/data/drift"""

    def sketch(self, opened: Opened, asked: Mapping[str, Any]) -> Any:
        """What a profile is made of, by column; see gates/data/drift."""
