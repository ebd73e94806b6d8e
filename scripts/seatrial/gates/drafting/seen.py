"""What was measured of each column of the data, as a policy is drafted from it. Counts, no rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Value = str | int | float | bool


@dataclass(frozen=True)
class Part:
    """A column in one file. extremes: the least and the largest value that is not NaN, times as ISO 8601.

    classes: the most frequent values with their rows, all of them where `distinct` says so; None where they
    were not counted.
    """

    rows: int
    nulls: int = 0
    nan: int = 0
    infinite: int = 0
    extremes: tuple[Any, Any] | None = None
    classes: tuple[tuple[Value, int], ...] | None = None
    distinct: int | None = None

    @property
    def values(self) -> int:
        return self.rows - self.nulls


@dataclass(frozen=True)
class Column:
    """A column in all files that have it. personal: which kinds of personal data were found in it.

    type: as the policy names it; `any` where the files disagree or the type has no name. zone: in which
    times that are written without one were read.
    """

    name: str
    type: str
    parts: Mapping[str, Part]
    personal: tuple[str, ...] = ()
    zone: str | None = None

    def worst(self, what: str) -> tuple[int, int]:
        """Rows that are null, nan or infinite, and of how many, in the file with the largest share."""
        counts = [(getattr(part, what), part.rows) for part in self.parts.values() if part.rows]
        return max(counts, key=lambda c: c[0] / c[1], default=(0, 0))

    @property
    def values(self) -> int:
        return sum(part.values for part in self.parts.values())

    @property
    def extremes(self) -> tuple[Any, Any] | None:
        """Over all files; texts of one form sort as times do."""
        found = [part.extremes for part in self.parts.values() if part.extremes is not None]
        if not found:
            return None
        return min(low for low, _ in found), max(high for _, high in found)

    @property
    def classes(self) -> dict[Value, int] | None:
        """Every value with its rows; None where there are more than were counted."""
        total: dict[tuple[type, Value], int] = {}
        for part in self.parts.values():
            if part.classes is None or part.distinct != len(part.classes):
                return None
            for value, rows in part.classes:
                mark = (type(value), value)
                total[mark] = total.get(mark, 0) + rows
        return {value: rows for (_, value), rows in total.items()}

    @property
    def single(self) -> bool:
        """Whether every value is the same one."""
        if self.values == 0:
            return False
        if self.classes is not None:
            return len(self.classes) == 1
        return self.extremes is not None and self.extremes[0] == self.extremes[1]


@dataclass(frozen=True)
class Seen:
    """All that was measured. files: path by source (train, test); rows: by source.

    task: as the user told it, or as the label says. repeated: rows that stand again as they are, by source.
    shared_keys, shared_rows: rows of test whose key, or which themselves, stand in train too. told: how much
    of the label each column tells, from 0 to 1. csv: how the CSV files are written, if not the usual way.
    """

    files: Mapping[str, str]
    rows: Mapping[str, int]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    label: str | None = None
    task: str | None = None
    repeated: Mapping[str, int] = field(default_factory=dict)
    shared_keys: int | None = None
    shared_rows: int | None = None
    told: Mapping[str, float] = field(default_factory=dict)
    csv: Mapping[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)
