"""docs/faults.md against the tests: what it names exists; every test of a fault stands by its number."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
LAST = 40


def table() -> dict[str, tuple[str, ...]]:
    """The tests of each fault."""
    lines = [line for line in TEXT.splitlines() if line.startswith("| ")]
    assert lines[0] == "| fault | what happens | promise | tests |"
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[1:]]
    assert all(len(row) == 4 and all(row) for row in rows)
    found = {number: tuple(re.findall(r"`(test_\w+)`", tests)) for number, _, _, tests in rows}
    assert len(found) == len(rows), "a fault stands twice"
    return found


TABLE = table()


def names_in(path: Path) -> set[str]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name for node in module.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"
    }


def files() -> dict[str, set[str]]:
    """All tests that there are, by their files."""
    paths = sorted((ROOT / "tests").rglob("test_*.py"))
    return {
        path.relative_to(ROOT).as_posix(): names_in(path)
        for path in paths
        if "node_modules" not in path.parts
    }


FILES = files()
LISTED = re.findall(r"`(tests/[\w/]+\.py)`", TEXT.partition("Tests that bear no number:")[2])


def numbers(test: str) -> list[str]:
    """The faults that a test bears the numbers of."""
    return [
        f"F{number}" for number in re.findall(r"(?<=_)f(\d\d)(?=_)", re.match(r"test(_f\d\d)*_", test)[0])
    ]  # type: ignore[index]


@pytest.mark.parametrize("fault", TABLE)
def test_every_test_that_the_page_names_exists(fault: str) -> None:
    assert TABLE[fault], "no test"
    bearing = {test for tests in FILES.values() for test in tests if numbers(test)}
    without = {test for file in LISTED for test in FILES[file]}
    assert [test for test in TABLE[fault] if test not in bearing | without] == []


def test_every_file_that_the_page_names_holds_one_of_its_tests() -> None:
    named = {test for tests in TABLE.values() for test in tests}
    assert [file for file in LISTED if not FILES[file] & named] == []


def test_every_test_that_bears_a_number_stands_beside_it() -> None:
    missing = [
        f"{file}::{test} ({fault})"
        for file, tests in FILES.items()
        for test in sorted(tests)
        for fault in numbers(test)
        if test not in TABLE.get(fault, ())
    ]
    assert missing == []


def test_every_fault_is_here_or_of_releases() -> None:
    (later,) = re.findall(r"Faults of releases, [^:]+: ([^.]+)\.", TEXT)
    of_releases = re.findall(r"F\d\d", later)
    assert sorted([*TABLE, *of_releases]) == [f"F{number:02}" for number in range(1, LAST + 1)]
