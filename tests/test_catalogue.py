"""docs/bad-input.md against the tests: what it names exists, and no test of bad input is left out.

Where SEATRIAL_NOTES names a folder that holds a catalogue of cases (reliability.md), the page must have
each of them.
"""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "bad-input.md"
NOTES = os.environ.get("SEATRIAL_NOTES", "")
# Kinds of the catalogue that later versions meet; a new kind belongs on the page or here.
ELSEWHERE = {"Image name", "K8s manifest", "PR number, SHA, URLs"}


@dataclass(frozen=True)
class Section:
    """One kind of input: the files of its tests, and for each case the tests that hold it."""

    title: str
    files: tuple[str, ...]
    cases: dict[str, tuple[str, ...]]

    @property
    def tests(self) -> set[str]:
        return {name for names in self.cases.values() for name in names}


def table_cells(line: str) -> list[str]:
    """The cells of a table row; a bar behind a backslash, or between backticks, is none."""
    safe = re.sub(r"`[^`]*`", lambda found: found[0].replace("|", "\0"), line.replace("\\|", "\0"))
    return [cell.strip().replace("\0", "|") for cell in safe.split("|")[1:-1]]


def sections() -> list[Section]:
    found = []
    for part in re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        listed = re.search(r"^Tests: (.*?)\n\n", body, re.DOTALL | re.MULTILINE)
        assert listed, f"{title}: no line that begins with `Tests:`"
        rows = [table_cells(line) for line in body.splitlines() if line.startswith("| ")]
        assert rows[0] == ["case", "what happens", "test"], title
        cases = {case: tuple(re.findall(r"`(test_\w+)`", tests)) for case, _, tests in rows[1:]}
        assert len(cases) == len(rows) - 1, f"{title}: a case stands twice"
        found.append(Section(title.strip(), tuple(re.findall(r"`([^`]+)`", listed[1])), cases))
    return found


def names_in(path: Path) -> set[str]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name for node in module.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"
    }


SECTIONS = sections()


def of_section(section: Section) -> str:
    return section.title


@pytest.mark.parametrize("section", SECTIONS, ids=of_section)
def test_every_test_that_the_page_names_exists(section: Section) -> None:
    existing = {file: names_in(ROOT / file) for file in section.files}
    assert section.tests - set().union(*existing.values()) == set()
    assert {file for file, names in existing.items() if not names & section.tests} == set()


@pytest.mark.parametrize("section", SECTIONS, ids=of_section)
def test_every_case_has_a_test(section: Section) -> None:
    assert [case for case, tests in section.cases.items() if not tests] == []


def bad_input_tests() -> Iterator[tuple[str, str]]:
    """Tests of bad input by where they stand, and tests of hostile strings by what they are called."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        file = path.relative_to(ROOT).as_posix()
        for name in sorted(names_in(path)):
            if path.name.startswith("test_bad_") or "hostile_" in name or "naughty" in name:
                yield file, name


def test_every_test_of_bad_input_is_on_the_page() -> None:
    named = {(file, name) for section in SECTIONS for file in section.files for name in section.tests}
    assert [f"{file}::{name}" for file, name in bad_input_tests() if (file, name) not in named] == []


def plain(case: str) -> str:
    """A case without its marks, so that the two lists can be compared."""
    case = re.sub(r"\[M\]|\s*->.*", "", case).strip()
    return re.sub(r"\s+\([^()]*\)$", "", case).replace("`", "").lower()


def catalogue(text: str) -> dict[str, list[str]]:
    """Per kind of input the cases of the catalogue's table."""
    found: dict[str, list[str]] = {}
    kind = ""
    for line in text.split("Bad-input catalogue", 1)[1].split("\n## ", 1)[0].splitlines():
        if not line.startswith("| ") or line.startswith("| Input "):
            continue
        first, cases, *_ = table_cells(line)
        kind = first.replace("`", "") or kind
        pieces = re.findall(r"(?:`[^`]*`|\([^()]*\)|,(?=\d{3}\b)|[^,;])+", cases)
        found.setdefault(kind, []).extend(piece.strip() for piece in pieces)
    return found


@pytest.mark.skipif(
    not (Path(NOTES) / "reliability.md").is_file(), reason="SEATRIAL_NOTES names no folder with a catalogue"
)
def test_the_page_has_every_case_of_the_catalogue() -> None:
    wanted = catalogue((Path(NOTES) / "reliability.md").read_text(encoding="utf-8"))
    by_title = {section.title: {plain(case) for case in section.cases} for section in SECTIONS}
    missing = []
    for kind, cases in wanted.items():
        if kind in ELSEWHERE:
            continue
        title = next((name for name in by_title if kind.startswith(name)), None)
        assert title, f"no section for {kind}"
        missing += [f"{title}: {case}" for case in cases if plain(case) not in by_title[title]]
    assert missing == []
