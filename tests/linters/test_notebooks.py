"""Notebooks: outputs, and the order in which cells were run."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.linters import notebooks
from seatrial.linters.findings import Finding

Cell = dict[str, Any]


def code(count: int | None, *outputs: Any, source: Any = "x = 1") -> Cell:
    return {"cell_type": "code", "execution_count": count, "outputs": list(outputs), "source": source}


def book(*cells: Cell) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, "metadata": {}}, indent=1).encode()


def outputs(data: bytes) -> list[Finding]:
    return list(notebooks.notebook("n.ipynb", data)["notebook_outputs"])


def order(data: bytes) -> list[Finding]:
    return list(notebooks.notebook("n.ipynb", data)["notebook_order"])


TEXT = {"output_type": "stream", "text": ["1\n"]}
MARKDOWN = {"cell_type": "markdown", "source": '"outputs": [ {"a": 1} ]'}


def test_a_cleared_notebook_is_fine() -> None:
    data = book(MARKDOWN, code(None), code(None, source=['"outputs": [1]']))
    assert outputs(data) == order(data) == []


def test_outputs_are_counted_and_the_first_is_pointed_at() -> None:
    data = book(MARKDOWN, code(1), code(2, TEXT), code(3, TEXT))
    (found,) = outputs(data)
    assert found.what.startswith("2 of 3 code cells hold outputs")
    assert b'"outputs"' in data.split(b"\n")[found.line - 1]  # type: ignore[operator]
    assert data.split(b"\n")[found.line].strip() == b"{"  # type: ignore[index]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((1, 2, 3), None),
        ((2, 5, 9), None),  # run once more, from top to bottom
        ((None, None), None),
        ((1, 3, 2), "code cell 3 was run as number 2, the one above it as number 3"),
        ((1, 1), "code cell 2 was run as number 1, the one above it as number 1"),
        ((1, None, 2), "code cell 2 was not run while others were"),
        ((None, 1), "code cell 1 was not run while others were"),
        ((5, 0), "code cell 2 was not run"),
        ((True, 2), "code cell 1 was not run"),
        (("1", 2), "code cell 1 was not run"),
        ((-1, 2), "code cell 1 was not run"),
    ],
)
def test_order(counts: tuple[Any, ...], told: str | None) -> None:
    found = order(book(*(code(count) for count in counts)))
    assert [finding.what[: len(told or "")] for finding in found] == ([told] if told else [])


def test_empty_cells_need_no_count() -> None:
    assert order(book(code(1), code(None, source=[" \n"]), code(None, source=""), code(2))) == []


def test_notebooks_of_version_3() -> None:
    cell = {"cell_type": "code", "prompt_number": 2, "input": ["x"], "outputs": [TEXT]}
    sheet = {"cells": [cell, {**cell, "prompt_number": 1}]}
    data = json.dumps({"worksheets": [sheet], "nbformat": 3}).encode()
    assert "2 of 2" in outputs(data)[0].what
    assert "code cell 2 was run as number 1" in order(data)[0].what


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"cells": 3}',
        b'{"cells": [3]}',
        b'{"cells": null}',
        b'{"worksheets": [{"cells": {}}]}',
        b"\xff\xfe{\0}\0",
        b"[" * 100_000,
        b'{"cells":' * 50_000,
        b'{"cells": [], "x": ' + b"9" * 10_000 + b"}",
        b"version https://git-lfs.github.com/spec/v1\n",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_notebook_is_a_finding_and_no_crash(data: bytes) -> None:
    for found in (outputs(data), order(data)):
        assert len(found) == 1 and "this is no" in found[0].what


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["cells", "worksheets", "cell_type", "outputs", "source", "execution_count", "x"]
            ),
            inner | st.just("code"),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(JSON)
def test_any_json_can_be_read(value: Any) -> None:
    data = json.dumps(value).encode()
    assert len(outputs(data)) <= 1
    assert len(order(data)) <= 1


@given(st.lists(st.integers(1, 30) | st.none(), max_size=9))
def test_only_strictly_ascending_counts_are_in_order(counts: list[int | None]) -> None:
    ran = [count for count in counts if count is not None]
    in_order = not ran or (len(ran) == len(counts) and ran == sorted(set(ran)))
    assert (order(book(*map(code, counts))) == []) is in_order
