"""`uses:` in workflows and actions, some of them hostile."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seatrial.linters.workflow_uses import LARGEST
from seatrial.linters.workflows import is_workflow, unpinned

SHA = "0123456789abcdef" * 2 + "01234567"


def found(text: str | bytes) -> list[tuple[int | None, str]]:
    data = text.encode() if isinstance(text, str) else text
    return [(finding.line, finding.what) for finding in unpinned("w.yml", data)["unpinned_actions"]]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (".github/workflows/ci.yml", True),
        (".github/workflows/ci.YAML", True),
        ("action.yml", True),
        ("actions/lint/action.yaml", True),
        (".github/actions/x/action.yml", True),
        (".github/workflows/old/ci.yml", False),
        ("examples/a/.github/workflows/ci.yml", False),
        (".github/dependabot.yml", False),
        ("reaction.yml", False),
        ("action.yml.bak", False),
    ],
)
def test_which_files_are_read(path: str, told: bool) -> None:
    assert is_workflow(path) is told


@pytest.mark.parametrize(
    "used",
    [
        f"actions/checkout@{SHA}",
        f"o/r/path/deep@{SHA.upper()}",
        "./local",
        "./.github/workflows/x.yml",
        "$/actions/lint",
        f"docker://alpine@sha256:{'0' * 64}",
        f"docker://ghcr.io/a/b:1@sha256:{'a' * 64}",
    ],
)
def test_pinned(used: str) -> None:
    assert found(f"jobs: {{a: {{steps: [{{uses: '{used}'}}]}}}}") == []


@pytest.mark.parametrize(
    "used",
    [
        "actions/checkout@v7",
        "actions/checkout@main",
        "actions/checkout",
        f"a/b@{SHA[:39]}",
        f"a/b@{SHA}0",
        f"a/b@v{SHA}",
        f"a/b@{SHA} ",
        "docker://alpine",
        "docker://alpine:3.20",
        f"docker://alpine@sha256:{'0' * 63}",
        "",
        f"docker://alpine@{SHA}",
        f"docker://alpine:{SHA}",
        "${{ inputs.action }}",
        f"a/b@{SHA}\\nx",
        "../a",
        "/a",
    ],
)
def test_not_pinned(used: str) -> None:
    ((line, told),) = found(f'jobs:\n  a:\n    steps:\n      - uses: "{used}"\n')
    assert line == 4
    assert "is not pinned" in told


def test_every_place_of_a_workflow() -> None:
    text = """on: push
jobs:
  called:
    uses: a/b/.github/workflows/x.yml@v1
  env:
    uses: a/job-named-env@v1
  steps:
    env: {uses: data}
    strategy: {matrix: {uses: [x]}}
    steps:
      - uses: a/c@v2   # a comment
        with: {uses: not-this@v1}
      - {name: x, "uses": a/d@v3}
      - ? uses
        : a/e@v4
      - parallel:
          - uses: a/f@v5
"""
    assert [line for line, _ in found(text)] == [4, 6, 11, 13, 15, 17]


def test_a_composite_action() -> None:
    text = "inputs: {uses: {default: x@v1}}\nruns:\n  using: composite\n  steps:\n    - uses: a/b@v1\n"
    assert [line for line, _ in found(text)] == [5]


def test_aliases_hide_nothing() -> None:
    text = """env:
  A: &used a/b@v1
  B: &steps
    - uses: a/c@v1
jobs:
  a:
    steps: [{uses: *used}]
  b:
    steps: *steps
  c: &job
    uses: a/d@v1
  d: *job
"""
    assert [(line, "alias" in told) for line, told in found(text)] == [(7, False), (9, True), (11, False)]


def test_an_alias_that_contains_itself_ends() -> None:
    assert [line for line, _ in found("jobs: &a\n  b: *a\n  c: {uses: x/y@v1}\n")] == [3]


def test_every_document_of_a_file_is_read() -> None:
    assert [line for line, _ in found("a: 1\n---\njobs: {a: {uses: x/y@v1}}\n")] == [3]


BOMB = "a: &a [x, x]\n" + "".join(
    f"{c}: &{c} [*{p}, *{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        "jobs: [",
        "jobs:\n\t- x",
        "\x00",
        "jobs: *nowhere\nx: [",
        b"\xff\xfe\x00",
        b"\x80",
        "[" * 5_000,
        "- " * 5_000,
        "{a: " * 3_000,
        "x: !!python/object:os.system [ls",
        "%YAML 9.9\n---\n[",
        "'",
        "a: |\n b\n  \x07",
        "x" * (LARGEST + 1),
    ],
    ids=lambda text: repr(text[:20]),
)
def test_workflows_that_cannot_be_read_are_findings(text: str | bytes) -> None:
    assert any("cannot be" in told for _, told in found(text))


def test_what_stands_before_a_fault_is_found_all_the_same() -> None:
    lines = [line for line, _ in found("jobs:\n  a: {uses: x/y@v1}\n  b: [\n")]
    assert lines[-1] == 2 and len(lines) == 2


def test_a_bomb_of_aliases_is_not_expanded() -> None:
    assert found(BOMB + "jobs: {a: {steps: *i, uses: x/y@v1}}\n") != []


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    found(text)


NAMES = st.sampled_from(["jobs", "steps", "uses", "with", "env", "a", "runs", "outputs"])
NODES = st.recursive(
    st.sampled_from(["a/b@v1", f"a/b@{SHA}", "./x", "text"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
DATA = {"with", "env", "outputs"}


def expected(node: Any, path: tuple[str, ...] = ()) -> int:
    """How many values of `uses` are not pinned, by the plain data."""
    if isinstance(node, list):
        return sum(expected(each, (*path, "[]")) for each in node)
    if not isinstance(node, dict):
        return int(path[-1:] == ("uses",) and node in ("a/b@v1", "text"))
    return sum(
        expected(value, (*path, key)) for key, value in node.items() if key not in DATA or path == ("jobs",)
    )


@given(NODES)
def test_as_many_as_the_data_hold(node: Any) -> None:
    assert len(found(json.dumps(node))) == expected(node)
    assert len(found(yaml.safe_dump(node, default_flow_style=False))) == expected(node)


def images(text: str, path: str = "w.yml") -> list[tuple[int | None, str]]:
    return [(each.line, each.what) for each in unpinned(path, text.encode())["unpinned_images"]]


def test_images_of_containers_and_services() -> None:
    text = f"""on: push
env: {{image: not-this}}
jobs:
  a:
    container: node:20
    services:
      db: {{image: postgres:16, env: {{image: nor-this}}}}
      env:
        image: redis
    strategy: {{matrix: {{image: [nor-this]}}}}
  image:
    container:
      image: ghcr.io/a/b@sha256:{"a" * 64}
  b:
    container: {{image: "${{{{ matrix.image }}}}"}}
  c:
    container: "${{{{ matrix.image }}}}@sha256:{"b" * 64}"
    steps: [{{uses: a/b@{SHA}, with: {{image: nor-this}}}}]
  d: {{container: ''}}
  e:
    container:
"""
    assert [line for line, _ in images(text)] == [5, 7, 9, 15]
    assert found(text) == []
    assert "is an expression" in images(text)[-1][1]


def test_images_behind_aliases() -> None:
    text = "jobs:\n  a: {container: &c {image: x}}\n  b: {container: *c}\n"
    text += "  c: {container: &s y}\n  d: {container: *s}\n"
    assert [line for line, _ in images(text)] == [2, 4, 5]
    hidden = "jobs:\n  a: {env: {A: &c {image: x}}}\n  b: {container: *c}\n"
    assert [line for line, _ in found(hidden)] == [3]


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("docker://alpine:3", True),
        (f"docker://alpine@sha256:{'0' * 64}", False),
        ("Dockerfile", False),
        ("docker/Dockerfile.cpu", False),
    ],
)
def test_the_image_of_an_action(image: str, told: bool) -> None:
    text = f"inputs: {{image: {{default: x}}}}\nruns:\n  using: docker\n  image: {image}\n"
    assert bool(images(text, "action.yml")) is told
