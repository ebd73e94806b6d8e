"""Class labels: one spelling for each, and codes for the metrics."""

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from seatrial.engines.files.cells import nearest, quoted
from seatrial.engines.tables.table import Table
from seatrial.errors import BadInput

Scalar = str | int | float | bool
Codes = NDArray[np.int64]

_WHOLE = re.compile(r"(-?\d+)\.0+")
_BLANK = frozenset({"", "nan", "null", "none", "na", "n/a"})


def spelled(label: Scalar) -> str:
    """A label as text, so that 1, 1.0 and "1" are one, and True and true; "007" stays as it is."""
    if isinstance(label, bool):
        return "true" if label else "false"
    text = label if isinstance(label, str) else repr(label)
    if text in ("True", "TRUE", "False", "FALSE"):
        return text.lower()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def binary(table: Table, column: str, positive: Scalar | None, *, predicted: bool = False) -> Codes:
    """1 where the label is the positive one. Without `positive` labels must be 0 and 1, or false and true.

    predicted: these are a model's answers, which need not hold every class.
    """
    texts = table.texts(column)
    found = sorted({spelled(text) for text in set(texts)})
    if positive is None:
        known = {"0": 0, "1": 1, "false": 0, "true": 1}
        mend = (
            "if these are scores, call the column `score`"
            if predicted
            else "name the positive one under `positive`"
        )

        def code(label: str) -> int | str:
            return known.get(label, f"expected 0 or 1, or false or true; {mend}")

    else:
        wanted = spelled(positive)
        others = [label for label in found if label != wanted and label.casefold() not in _BLANK]
        if len(others) == len(found) and found and not predicted:
            raise BadInput(
                f"column {quoted(column)} never holds the positive label {quoted(wanted)}; it holds "
                f"{_listed(found)}: correct `positive`, or take rows that have both classes",
                location=table.fault(0, "").location,
            )

        def code(label: str) -> int | str:
            if label == wanted:
                return 1
            if len(others) > 1:
                return f"expected two classes, found {_listed(found)}; set `task: multiclass`, or map them"
            return 0

    return _coded(table, column, texts, code)


def multiclass(table: Table, column: str, classes: Sequence[str]) -> Codes:
    """The position of each label among the classes."""
    position = {name: number for number, name in enumerate(classes)}

    def code(label: str) -> int | str:
        if label in position:
            return position[label]
        near = nearest(label, classes)
        hint = f"did you mean {quoted(near)}?" if near else f"known: {_listed(classes)}"
        return f"this is not one of the {len(classes)} classes; {hint}"

    return _coded(table, column, table.texts(column), code)


def classes_of(
    data: Table, label: str, predictions: Sequence[Table], declared: Sequence[Scalar] | None
) -> tuple[str, ...]:
    """The classes of a task: those declared, else those with a p_ column, else all labels and predictions "
    "seen."""
    if declared:
        return tuple(spelled(name) for name in declared)
    for table in predictions:
        named = tuple(spelled(name.removeprefix("p_")) for name in table.columns if name.startswith("p_"))
        if named:
            return named
    seen = {spelled(text) for text in set(data.texts(label))}
    for table in predictions:
        if "prediction" in table.columns:
            seen |= {spelled(text) for text in set(table.texts("prediction"))}
    return tuple(sorted((name for name in seen if name.casefold() not in _BLANK), key=_order))


def _order(name: str) -> tuple[int, int, str]:
    return (0, int(name), "") if re.fullmatch(r"-?\d{1,18}", name) else (1, 0, name)


def _coded(table: Table, column: str, texts: list[str], code: Callable[[str], int | str]) -> Codes:
    """Each distinct text is looked at once; the first row with a faulty one is named."""
    codes: dict[str, int] = {}
    faults: dict[str, str] = {}
    for text in set(texts):
        if text.strip().casefold() in _BLANK:
            faults[text] = "a label is missing; fill it in, or leave the row out"
            continue
        found = code(spelled(text))
        if isinstance(found, str):
            faults[text] = found
        else:
            codes[text] = found
    if faults:
        row = next(row for row, text in enumerate(texts) if text in faults)
        said = quoted(texts[row]) if texts[row] else "nothing"
        raise table.fault(row, f"column {quoted(column)} holds {said}: {faults[texts[row]]}")
    return np.fromiter(map(codes.__getitem__, texts), np.int64, len(texts))


def _listed(names: Sequence[str]) -> str:
    some = ", ".join(quoted(name) for name in names[:5])
    return some if len(names) <= 5 else f"{some} and {len(names) - 5:,} more"
