"""Places in the output of real tools, and in what no tool would print."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.linters.places import MOST, Place, Places

BIN = Path(sys.executable).parent


def read(*lines: str) -> list[Place]:
    places = Places()
    for line in lines:
        places.take(line)
    return places.found


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("src/a.py:12:5: F401 'os' imported but unused", ("src/a.py", 12, "F401 'os' imported but unused")),
        ("a.py:3:0: C0114: Missing docstring (missing)", ("a.py", 3, "C0114: Missing docstring (missing)")),
        ("a.py:7: error: Bad types  [assignment]", ("a.py", 7, "error: Bad types  [assignment]")),
        ("tests/test_a.py:5: AssertionError", ("tests/test_a.py", 5, "AssertionError")),
        ("main.c:3:9: warning: unused 'x' [-Wunused]", ("main.c", 3, "warning: unused 'x' [-Wunused]")),
        ("In a.sh:3:9: note: Double quote", None),
        ("a.py:7: note: Revealed type is int", None),
        ("::error file=a.py,line=4,col=2,title=x::it is wrong", ("a.py", 4, "it is wrong")),
        ("::error title=x,file=a.py,line=4::it is wrong", ("a.py", 4, "it is wrong")),
        ("::warning file=a.py,line=::it is wrong", None),
        ("::error::it is wrong", None),
        ("::set-output name=x::y", None),
        ("12:34:56 started", None),
        ("https://e.invalid:443/x", None),
        ("a.py:0: at line 0", None),
        ("a.py:99999999: too far", None),
        ("a.py", None),
        (": 3: x", None),
        ("", None),
    ],
)
def test_lines(line: str, place: tuple[str, int, str] | None) -> None:
    if line.startswith("12:34"):
        assert all(found.file == "12" for found in read(line))  # a file that no checkout has
        return
    assert read(line) == ([Place(*place)] if place else [])


def test_the_long_form_of_ruff() -> None:
    found = read("F401 [*] `os` imported but unused", " --> src/a.py:1:8", "  |", "1 | import os")
    assert found == [Place("src/a.py", 1, "F401 [*] `os` imported but unused")]


def test_a_place_counts_once_and_many_are_counted_up_to_a_limit() -> None:
    assert len(read("a.py:1: x", "a.py:1: x", "a.py:1: y")) == 2
    places = Places()
    for number in range(MOST + 5):
        places.take(f"a.py:{number + 1}: x")
    assert len(places.found) == MOST and places.more


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_output_can_be_read(lines: list[str]) -> None:
    for place in read(*lines):
        assert 0 < place.line < 10**7 and place.file


@given(st.sampled_from([":", " ", "-->", "1", "::", "a", "\t"]), st.integers(1, 5000))
def test_long_lines_of_one_sign(sign: str, times: int) -> None:
    read(sign * times, "x" + sign * times)


@pytest.mark.parametrize(
    ("tool", "source", "line"),
    [
        (["ruff", "check", "--isolated", "--no-cache"], "x = 1\nimport os\n", 2),
        (
            ["ruff", "check", "--isolated", "--no-cache", "--output-format", "concise"],
            "x = 1\nimport os\n",
            2,
        ),
        (["ruff", "check", "--isolated", "--no-cache", "--output-format", "github"], "x = 1\nimport os\n", 2),
        (["mypy", "--no-incremental", "--cache-dir=/dev/null"], "x: int = 1\ny: str = x\n", 2),
        (["pytest", "-q", "-p", "no:cacheprovider"], "def test_it():\n    assert 1 == 2\n", 2),
    ],
    ids=lambda value: " ".join(value[:2] + value[-1:]) if isinstance(value, list) else None,
)
def test_what_tools_print_today(tool: list[str], source: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(source)
    done = subprocess.run(
        [str(BIN / tool[0]), *tool[1:], "test_it.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    found = read(*done.stdout.splitlines())
    assert [(Path(place.file).name, place.line) for place in found] == [("test_it.py", line)]
