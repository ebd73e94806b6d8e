"""Files that would take a parser or a pattern minutes: refused by what they hold, or read in one pass.

No clock is looked at here: without its bound such a test does not end.
"""

import pytest

from seatrial.linters import installs, notebooks, projects, requirements, workflow_uses, workflows
from seatrial.linters.secrets import redacted, secrets

KEY = b"-----BEGIN RSA PRIVATE KEY-----"


def full(unit: bytes, size: int) -> bytes:
    return (unit * (size // len(unit) + 1))[:size]


FULL = workflow_uses.LARGEST - 100
NESTED = (b"[" * 31 + b"]" * 31 + b",") * (FULL // 63)


@pytest.mark.parametrize(
    "text",
    [
        b"jobs: [" + NESTED + b"]",
        full(b"- " * 30 + b"a\n", FULL),
        b"jobs: {a: {steps: [" + full(b"{uses: a},", FULL) + b"]}}",
        b"- &a x\n" + full(b"- *a\n", FULL),
        full(b"- !a b\n", FULL),
        full(b"---\n", FULL),
    ],
    ids=["brackets", "dashes", "steps", "aliases", "tags", "documents"],
)
def test_workflow_of_little_but_punctuation_is_a_finding(text: bytes) -> None:
    for findings in workflows.unpinned("w.yml", text).values():
        assert [each.what for each in findings] == [
            "is punctuation more than text, so what it uses cannot be told; make it smaller"
        ]


@pytest.mark.parametrize("opened", [b"[", b"{a: ", b"- ", b"? "])
def test_workflow_that_is_nested_too_deep_is_a_finding(opened: bytes) -> None:
    for deep, told in ((30, False), (40, True)):
        text = b"a: 1\n---\n" + opened * deep + b"x" + {b"[": b"]", b"{a: ": b"}"}.get(opened, b"") * deep
        (found, _) = map(list, workflows.unpinned("w.yml", text).values())
        assert bool(found) is told


def test_workflow_as_large_as_github_takes_it_is_read() -> None:
    step = b"      - uses: actions/checkout@v7\n        with: {fetch-depth: 0}\n      - run: make it\n"
    text = b"jobs:\n  a:\n    steps:\n" + full(step, FULL)[: -len(step)]
    found = list(workflows.unpinned("w.yml", text[: text.rindex(b"\n") + 1])["unpinned_actions"])
    assert len(found) == workflows.MOST + 1
    assert "holds more than 1,000" in found[-1].what


@pytest.mark.parametrize("unit", [b"{},", b'{"cells":[]},', b"[],", b'{"a":1},'])
def test_notebook_of_millions_of_parts_is_a_finding(unit: bytes) -> None:
    size = 32 * 1024 * 1024 - 100
    data = b'{"cells": [], "worksheets": [' + unit * (size // len(unit)) + b"{}]}"
    for findings in notebooks.notebook("n.ipynb", data).values():
        (found,) = findings
        assert "holds too many keys, lists and objects" in found.what


def test_notebook_with_a_large_picture_is_read() -> None:
    picture = b'{"data": {"image/png": "' + b"A" * (31 * 1024 * 1024) + b'"}}'
    data = b'{"cells": [{"cell_type": "code", "outputs": [' + picture + b"]}]}"
    (found,) = notebooks.notebook("n.ipynb", data)["notebook_outputs"]
    assert "1 of 1 code cells holds outputs" in found.what


@pytest.mark.parametrize("unit", [b"a\n", b"\n", b"-c c\n", b"#\\\n"])
def test_requirements_of_millions_of_lines_are_a_finding(unit: bytes) -> None:
    says = requirements.requirements_in(full(unit, requirements.LARGEST))
    (found,) = installs.unpinned({"requirements.txt": says}, frozenset())["requirements.txt"]
    assert "has too many lines" in found.what


def test_a_long_lock_with_hashes_is_read() -> None:
    line = b"numpy==2.1 \\\n" + (b"    --hash=sha256:" + b"a" * 64 + b" \\\n") * 20 + b"\n"
    says = requirements.requirements_in(line * (requirements.LARGEST // len(line)))
    assert (says.faults, says.pins) == ([], {"numpy": True})


@pytest.mark.parametrize(
    "text",
    [
        b"a = " + b"[" * 5_000,
        b"a." * 100_000 + b"b = 1\n",
        b"x" * (projects.LARGEST + 1),
        b"a = [" + b"[]," * 50_000 + b"]\n",
        b"[project\n",
        b"\xff",
    ],
    ids=["deep", "dotted", "large", "lists", "broken", "bytes"],
)
def test_project_that_cannot_be_read_is_a_finding(text: bytes) -> None:
    (found,) = projects.unlocked("pyproject.toml", text)
    assert "what it asks for cannot be told" in found.what


@pytest.mark.parametrize(
    "text",
    [
        KEY + b"*>#" * 13 + b"A: " * 1_000,
        KEY + b"\n" * 40 + (b"A:       : " * 18 + b" \n" * 20) * 40,
        (KEY + b"\n" + b"A: " * 60) * 100,
        b'service_account "private_key": "-----BEGIN PRIVATE KEY-----' + b"A: " * 1_000,
    ],
    ids=["one line", "lines", "many", "service account"],
)
def test_header_of_a_key_that_could_be_divided_in_many_ways_is_read_once(text: bytes) -> None:
    assert list(secrets("a.pem", [text])) == []
    assert redacted(text.decode(), 50)


@pytest.mark.parametrize("token", ["glpat-", "ghp_", "pypi-AgE", "sk_live_", "xoxb-"])
def test_beginnings_of_tokens_without_end_are_read(token: str) -> None:
    assert len(list(secrets("a.txt", [full(token.encode(), 1_000_000)]))) <= 1_001
