"""Columns of the data as inputs of an ONNX model: by name, or several stacked into one tensor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from seatrial.engines.files.cells import nearest, quoted
from seatrial.engines.tables.table import Column, Table
from seatrial.errors import BadInput, Location

if TYPE_CHECKING:
    from pydantic import JsonValue

TIMED_ROWS = 256

_FLOATS = {"float": "float32", "double": "float64", "float16": "float16"}
_INTEGERS = {
    name: name for name in ("int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8")
}
_TRUE, _FALSE = frozenset({"true", "True", "1", "1.0"}), frozenset({"false", "False", "0", "0.0"})


@dataclass(frozen=True)
class Port:
    """An input or output of a model; a free dimension is a name or None."""

    name: str
    type: str
    shape: tuple[int | str | None, ...]

    @property
    def element(self) -> str:
        """float of tensor(float); empty for what is not a tensor."""
        return self.type.removeprefix("tensor(").removesuffix(")") if self.type.startswith("tensor(") else ""


@dataclass(frozen=True)
class Feed:
    """One column for one input. dtype: of numpy, or str. stacked: one of several in a tensor [rows, "
    "columns]."""

    column: str
    port: str
    dtype: str
    rank: int
    stacked: bool


def plan(model: str, inputs: Sequence[Port], features: Sequence[str] | None) -> list[Feed]:
    """Which columns go where. One input per column by its name, or `features` for a single input."""
    place = Location(model)
    if not inputs:
        raise BadInput("the model has no input; export it with its inputs", location=place)
    for port in inputs:
        if _dtype(port) is None:
            raise BadInput(
                f"input {quoted(port.name)} has type {port.type}; expected a tensor of numbers, booleans or "
                "text",
                location=place,
            )
        if len(port.shape) not in (1, 2):
            raise BadInput(
                f"input {quoted(port.name)} has {len(port.shape)} dimensions; expected [rows] or [rows, "
                "columns]: "
                "give `predict` or `predictions` instead",
                location=place,
            )
    if features:
        return _stacked(inputs, features, place)
    wide = next((port for port in inputs if len(port.shape) == 2 and port.shape[1] != 1), None)
    if wide is not None:
        raise BadInput(
            f"input {quoted(wide.name)} takes {wide.shape[1] or 'several'} columns at once; list them in "
            "order under "
            "`features`",
            location=place,
        )
    return [Feed(port.name, port.name, str(_dtype(port)), len(port.shape), False) for port in inputs]


def _stacked(inputs: Sequence[Port], features: Sequence[str], place: Location) -> list[Feed]:
    if len(inputs) > 1:
        raise BadInput(
            f"`features` feeds a single input, but the model has {len(inputs)}; remove `features`: inputs "
            "are found "
            "by column name",
            location=place,
        )
    port = inputs[0]
    if len(port.shape) != 2:
        raise BadInput(
            f"`features` needs an input [rows, columns], but {quoted(port.name)} has one dimension; remove "
            "it",
            location=place,
        )
    if isinstance(port.shape[1], int) and port.shape[1] != len(features):
        raise BadInput(
            f"input {quoted(port.name)} takes {port.shape[1]} columns, but `features` lists "
            f"{len(features)}; list "
            "exactly those that the model was trained on",
            location=place,
        )
    return [Feed(name, port.name, str(_dtype(port)), 2, True) for name in features]


def described(feeds: Sequence[Feed]) -> "list[JsonValue]":
    """For the child."""
    return [{"port": f.port, "dtype": f.dtype, "rank": f.rank, "stacked": f.stacked} for f in feeds]


def columns(data: Table, feeds: Sequence[Feed], rows: int | None = None) -> list[Column]:
    """The cells for each feed, in its type; only the first rows, if so asked."""
    found: list[Column] = []
    for number, feed in enumerate(feeds):
        if feed.column not in data.columns:
            near = nearest(feed.column, tuple(data.columns))
            hint = (
                f"; did you mean {quoted(near)}?"
                if near
                else "; add it, or export the model for these columns"
            )
            raise BadInput(
                f"the model needs a column {quoted(feed.column)}, which the data does not have{hint}",
                location=Location(data.path, 1 if data.lines is not None else None),
            )
        values = _values(data, feed)
        found.append(Column(str(number), "text" if isinstance(values, list) else "number", values[:rows]))
    return found


def _values(data: Table, feed: Feed) -> Any:
    if feed.dtype == "str":
        return data.texts(feed.column)
    if feed.dtype == "bool":
        return _booleans(data, feed.column)
    column = data.column(feed.column)
    if feed.dtype in _INTEGERS:
        return _integers(data, feed)
    if column.kind == "boolean":
        return _booleans(data, feed.column).astype(feed.dtype)
    return data.numbers(feed.column, gaps=True).astype(feed.dtype)


def _integers(data: Table, feed: Feed) -> Any:
    column = data.column(feed.column)
    if column.kind == "boolean":
        return _booleans(data, feed.column).astype(feed.dtype)
    bounds = np.iinfo(feed.dtype)
    if column.kind == "integer" and column.nulls is None and not isinstance(column.values, list):
        whole = column.values
        wrong = np.flatnonzero((whole < bounds.min) | (whole > bounds.max))
    else:
        whole = data.numbers(feed.column)
        exact = min(bounds.max, 2**53)
        wrong = np.flatnonzero(
            (whole != np.floor(whole)) | (whole < max(bounds.min, -(2**53))) | (whole > exact)
        )
    if wrong.size:
        row = int(wrong[0])
        raise data.fault(
            row,
            f"column {quoted(feed.column)} holds {quoted(data.texts(feed.column)[row])}; the model takes "
            f"{feed.dtype} "
            "here: write a whole number in its range",
        )
    return whole.astype(feed.dtype)


def _booleans(data: Table, name: str) -> Any:
    column = data.column(name)
    if column.kind == "boolean" and column.nulls is None:
        return column.values
    texts = data.texts(name)
    for row, text in enumerate(texts):
        if text not in _TRUE and text not in _FALSE:
            raise data.fault(
                row,
                f"column {quoted(name)} holds {quoted(text)}; the model takes a boolean: write true or false",
            )
    return np.fromiter((text in _TRUE for text in texts), np.bool_, len(texts))


def _dtype(port: Port) -> str | None:
    if port.element == "string":
        return "str"
    if port.element == "bool":
        return "bool"
    return _FLOATS.get(port.element) or _INTEGERS.get(port.element)
