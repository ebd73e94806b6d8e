"""Jupyter notebooks: outputs that were committed, and cells that were not run from top to bottom."""

import json
import re
from collections.abc import Iterable, Iterator

from seatrial.linters.findings import Finding, line_of
from seatrial.linters.weights import weight

HEAVIEST = 128 * 1024 * 1024  # of text; two million keys, lists and objects

# A quote inside a string of JSON has a backslash before it, so only a key can match.
_FILLED = re.compile(rb'"outputs"\s{0,64}:\s{0,64}\[\s{0,4096}[^\]\s]')
_CLEAR = "clear them before you commit (jupyter nbconvert --clear-output --inplace FILE)"
_RERUN = "restart the kernel and run all cells, or clear the outputs"
Cell = dict[str, object]


def is_notebook(path: str) -> bool:
    return path.lower().endswith(".ipynb")


def heft(data: bytes) -> int:
    """What it costs to read this file."""
    return weight(data, b"[{:", 64)


def notebook(path: str, data: bytes) -> dict[str, Iterable[Finding]]:
    """By check: what is wrong with a notebook. One that cannot be read is a finding of both."""
    cells = _cells(data)
    if isinstance(cells, str):
        mend = "clear its outputs, and save it again from Jupyter"
        lost = f"{cells}, so its outputs cannot be told; {mend}"
        unknown = f"{cells}, so the order of its cells cannot be told; {mend}"
        return {
            "notebook_outputs": [Finding(path, None, lost)],
            "notebook_order": [Finding(path, None, unknown)],
        }
    return {"notebook_outputs": _outputs(path, data, cells), "notebook_order": _order(path, cells)}


def _outputs(path: str, data: bytes, cells: list[Cell]) -> Iterator[Finding]:
    """One finding for a notebook whose code cells hold outputs."""
    filled = sum(bool(cell.get("outputs")) for cell in cells)
    if filled:
        at = _FILLED.search(data)
        told = f"{filled:,} of {len(cells):,} code cells {_hold(filled)} outputs; {_CLEAR}"
        yield Finding(path, line_of(data, at.start()) if at else None, told)


def _order(path: str, cells: list[Cell]) -> Iterator[Finding]:
    """One finding for a notebook whose execution counts do not ascend, or are missing in some cells."""
    counts = [_count(cell) for cell in cells if _has_source(cell)]
    if all(count is None for count in counts):
        return
    before = 0
    for number, count in enumerate(counts, 1):
        if count is None:
            yield Finding(path, None, f"code cell {number:,} was not run while others were; {_RERUN}")
            return
        if count <= before:
            yield Finding(
                path,
                None,
                f"code cell {number:,} was run as number {min(count, 10**9):,}, the one above it as number "
                f"{min(before, 10**9):,}; {_RERUN}",
            )
            return
        before = count


def _hold(count: int) -> str:
    return "holds" if count == 1 else "hold"


def _cells(data: bytes) -> list[Cell] | str:
    """The code cells, or what is wrong with the file as a whole."""
    if heft(data) > HEAVIEST:
        return "this holds too many keys, lists and objects"
    try:
        book = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return "this is no JSON"
    if not isinstance(book, dict):
        return "this is no notebook"
    sheets = book.get("worksheets")
    homes = [sheet for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else [book]
    found: list[Cell] = []
    for home in homes:
        cells = home.get("cells", [])
        if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
            return "this is no notebook"
        found += [cell for cell in cells if cell.get("cell_type") == "code"]
    if "cells" not in book and not isinstance(sheets, list):
        return "this is no notebook"
    return found


def _has_source(cell: Cell) -> bool:
    source = cell.get("source", cell.get("input", ""))
    parts = source if isinstance(source, list) else [source]
    return any(isinstance(part, str) and part.strip() for part in parts)


def _count(cell: Cell) -> int | None:
    """execution_count; prompt_number in notebooks of version 3."""
    found = cell.get("execution_count", cell.get("prompt_number"))
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None
