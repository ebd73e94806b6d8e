"""A table in memory: the columns that a gate needs, with typed and strict access to them."""

import bisect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.files import cells
from seatrial.engines.files.cells import quoted
from seatrial.engines.tables.numbers import parse_numbers
from seatrial.errors import BadInput, Location
from seatrial.text import shown

Kind = Literal["text", "integer", "number", "boolean"]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Column:
    """The cells of one column: a list of str for text, else an array. nulls: True where there is no value."""

    name: str
    kind: Kind
    values: list[str] | NDArray[Any]
    nulls: Bools | None = None


@dataclass(frozen=True)
class Lines:
    """Which line a row begins on: row + first, plus the lines added by quoted line breaks before it."""

    first: int = 2
    rows: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)

    def of(self, row: int) -> int:
        before = bisect.bisect_right(self.rows, row)
        return row + self.first + (self.extra[before - 1] if before else 0)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length read from one file; path is as the user wrote it."""

    path: str
    columns: Mapping[str, Column]
    rows: int
    sha256: str
    format: Literal["csv", "parquet", "onnx"] = "csv"
    header: tuple[str, ...] = ()
    lines: Lines | None = None

    def line_of(self, row: int) -> int | None:
        """Line of the file on which a row begins; None where files have no lines (Parquet)."""
        return None if self.lines is None else self.lines.of(row)

    def fault(self, row: int, message: str) -> BadInput:
        """An error about one row, located by its line, or by its number where there are no lines."""
        line = self.line_of(row)
        where = "" if line is not None else f"row {row + 1}: "
        return BadInput(where + message, location=Location(self.path, line))

    def column(self, name: str) -> Column:
        """The column of that name; it must have been asked for when the table was read."""
        if name not in self.columns and name in self.header and self.format == "parquet":
            raise BadInput(
                f"column {quoted(name)} is nested or binary; expected numbers, text, booleans or dates",
                location=Location(self.path),
            )
        if name not in self.columns:
            raise missing_column(self.path, name, self.header or tuple(self.columns), self.lines is not None)
        return self.columns[name]

    def numbers(self, name: str, *, gaps: bool = False) -> Floats:
        """Finite float64 values; a blank, NaN, or anything that merely resembles a number is an error.

        gaps: a cell without a value is allowed and becomes NaN (features of a model that fills them in).
        """
        column = self.column(name)
        if isinstance(column.values, list):
            return self._parsed(column, column.values, gaps)
        if column.kind == "boolean":
            raise self._cell(column, 0, "expected a number; write 0 and 1")
        values = column.values.astype(np.float64)
        if column.nulls is not None:
            values[column.nulls] = math.nan
        wrong = np.flatnonzero(np.isinf(values) if gaps else ~np.isfinite(values))
        if wrong.size:
            raise self._cell(column, int(wrong[0]), "expected a finite number: fill it in, or remove the row")
        return values

    def texts(self, name: str) -> list[str]:
        """Cells as text: integers in full, true/false for booleans, "" for a cell without a value."""
        column = self.column(name)
        if isinstance(column.values, list):
            return column.values
        texts = _render(column)
        if column.nulls is not None:
            for row in np.flatnonzero(column.nulls):
                texts[row] = ""
        return texts

    def codes(self, name: str) -> tuple[list[str], Ints]:
        """The distinct texts of a column, sorted, and for each row the position of its text among them."""
        texts = self.texts(name)
        names = sorted(set(texts))
        position = {text: number for number, text in enumerate(names)}
        return names, np.fromiter(map(position.__getitem__, texts), np.int64, len(texts))

    def keys(self, names: Sequence[str]) -> "Keys":
        """Row identities as exact text: no id passes through a float. Several columns are kept apart."""
        parts = [self._key_texts(self.column(name)) for name in names]
        kinds = tuple(self.column(name).kind for name in names)
        values: list[Any] = parts[0] if len(parts) == 1 else list(zip(*parts, strict=True))
        return Keys(tuple(names), values, kinds, self.fault, self.path)

    def _key_texts(self, column: Column) -> list[str]:
        if column.kind == "number" and not isinstance(column.values, list):
            known = column.values if column.nulls is None else column.values[~column.nulls]
            if not (np.all(np.abs(known) < 2**53) and np.all(known == np.floor(known))):
                raise BadInput(
                    f"key column {quoted(column.name)} holds floating-point numbers, which do not keep ids "
                    "exact; "
                    "store it as integers or text",
                    location=Location(self.path),
                )
        return self.texts(column.name)

    def _parsed(self, column: Column, texts: list[str], gaps: bool) -> Floats:
        known = [row for row, text in enumerate(texts) if text] if gaps and "" in texts else None
        values = parse_numbers(texts if known is None else [texts[row] for row in known])
        if isinstance(values, int):
            row = values if known is None else known[values]
            raise self._cell(column, row, cells.not_a_number(texts[row]))
        if known is None:
            return values
        spread = np.full(len(texts), math.nan)
        spread[known] = values
        return spread

    def _cell(self, column: Column, row: int, what: str) -> BadInput:
        value = column.values[row]
        null = column.nulls is not None and bool(column.nulls[row])
        text = (
            "nothing"
            if null or value == ""
            else quoted(value)
            if isinstance(value, str)
            else shown(_plain(value))
        )
        return self.fault(row, f"column {quoted(column.name)} holds {text}: {what}")


@dataclass(frozen=True, eq=False)
class Keys:
    """The identity of each row: texts, or tuples of texts for several key columns."""

    names: tuple[str, ...]
    values: list[Any]
    kinds: tuple[str, ...]
    fault: Callable[[int, str], BadInput]
    path: str

    def __len__(self) -> int:
        return len(self.values)


def _render(column: Column) -> list[str]:
    values: list[Any] = column.values.tolist() if not isinstance(column.values, list) else column.values
    if column.kind == "boolean":
        return ["true" if value else "false" for value in values]
    if column.kind == "integer":
        return list(map(str, values))
    return [_float_text(value) for value in values]


def _float_text(value: float) -> str:
    """A whole number without its ".0", so that 1.0 written by a float column is the label 1."""
    if math.isfinite(value) and value == math.floor(value) and abs(value) < 2**53:
        return str(int(value))
    return "NaN" if math.isnan(value) else repr(value)


def _plain(value: Any) -> object:
    return value.item() if isinstance(value, np.generic) else value


def missing_column(path: str, name: str, header: Sequence[str], has_lines: bool) -> BadInput:
    """The error for a column that is not there, with the nearest name that is."""
    near = cells.nearest(name, header)
    hint = (
        f"; did you mean {quoted(near)}?" if near is not None else f"; it has {shown(', '.join(header[:20]))}"
    )
    return BadInput(
        f"there is no column {quoted(name)}{hint}", location=Location(path, 1 if has_lines else None)
    )
