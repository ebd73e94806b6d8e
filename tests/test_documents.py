"""The documentation against the thing itself: links, snippets, messages, and what must not be in any file."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from seatrial.actions import ACTIONS
from seatrial.decision import Check, Decision
from seatrial.policy import parse

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "examples/*/*.md", "requirements/*.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"(?:\]\(|(?:src|srcset|href)=\")([^)\"\s]+)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "crates" + ".io")
# Of a machine, not of a runner (whose home is /home/runner).
MACHINE_PATH = re.compile(r"(?<![\w.~}/-])/(?:work|root|Users|mnt|home/(?!runner\b)[a-z])[\w-]*/")
# Said by GitHub and by pip, not by us.
NOT_OURS = {"Resource not accessible by integration", "THESE PACKAGES DO NOT MATCH THE HASHES"}


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def anchors(text: str) -> set[str]:
    """The headings of a page as GitHub names them."""
    titles = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def links(page: str) -> Iterator[str]:
    yield from LINK.findall(without_code(read(page)))


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    for link in links(page):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page}: {link}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), ["README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for link in links(page):
            path = link.partition("#")[0]
            target = ((ROOT / page).parent / path).resolve()
            if path and target.suffix == ".md" and target.is_relative_to(ROOT):
                name = target.relative_to(ROOT).as_posix()
                waiting += [] if name in reached else [name]
    assert {page for page in PAGES if page.startswith("docs/")} - reached == set()


def snippets(word: str) -> list[tuple[str, str]]:
    """YAML snippets of all pages that have a top-level key."""
    found = []
    for page in PAGES:
        for language, body in FENCE.findall(read(page)):
            if language in ("yaml", "yml") and re.search(rf"^{word}:", body, re.MULTILINE):
                found.append((page, body))
    return found


@pytest.mark.parametrize(("page", "snippet"), snippets("version"))
def test_policies_are_valid(page: str, snippet: str) -> None:
    assert parse(snippet, page).gates


@pytest.mark.parametrize(("page", "snippet"), snippets("jobs"))
def test_workflows_have_the_right_shape_and_use_what_there_is(
    page: str, snippet: str, tmp_path: Path
) -> None:
    (tmp_path / "workflow.yml").write_text(snippet, encoding="utf-8")
    tool = Path(sys.executable).parent / "check-jsonschema"
    done = subprocess.run(
        [tool, "--builtin-schema", "vendor.github-workflows", tmp_path / "workflow.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    # BaseLoader: to YAML 1.1 the key `on` is true.
    for job in yaml.load(snippet, yaml.BaseLoader)["jobs"].values():
        _calls_what_there_is(job)
        for step in job.get("steps", ()):
            _uses_what_there_is(step)


def _calls_what_there_is(job: dict[str, object]) -> None:
    """A reusable workflow of ours, its inputs, and what its jobs ask for."""
    name, _, _ = str(job.get("uses", "")).partition("@")
    if not name.startswith("seatrial/seatrial/"):
        return
    path = ROOT / name.removeprefix("seatrial/seatrial/")
    called = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    inputs = called["on"]["workflow_call"].get("inputs", {})
    given = job.get("with") or {}
    assert isinstance(given, dict) and set(given) <= set(inputs)
    assert {key for key, told in inputs.items() if told.get("required") == "true"} <= set(given)


def _uses_what_there_is(step: dict[str, object]) -> None:
    name, _, _ = str(step.get("uses", "")).partition("@")
    if not name.startswith("seatrial/seatrial"):
        return
    path = name.removeprefix("seatrial/seatrial").strip("/")
    assert (ROOT / path / "action.yml").is_file(), name
    action = ACTIONS[path.removeprefix("actions/") or "trial"]
    given = step.get("with") or {}
    assert isinstance(given, dict)
    assert set(given) <= {each.name for each in action.inputs}
    assert {each.name for each in action.inputs if each.default is None} <= set(given)


def test_each_kind_of_snippet_was_found() -> None:
    assert len(snippets("version")) >= 3
    assert len(snippets("jobs")) >= 5


@pytest.mark.parametrize("verb", ACTIONS)
def test_each_action_has_a_page_that_tells_everything(verb: str) -> None:
    text = read(f"docs/actions/{verb}.md")
    for block in ("inputs", "outputs", "permissions"):
        assert f"<!-- begin {block} {verb} -->" in text
    for topic in ("Use", "Hosts contacted", "Exit codes"):
        assert re.search(rf"^## {topic}", text, re.MULTILINE), topic
    assert "forks" in text


def test_the_decisions_page_has_every_field() -> None:
    page = read("docs/decision.md")
    fields = {*Check.model_fields, *Decision.model_fields} - {"schema_version"}
    assert {name for name in fields if f"`{name}`" not in page} == set()


def test_the_readme_is_short() -> None:
    assert len(read("README.md").splitlines()) <= 170


def test_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    assert {p.name for p in pictures if p.stat().st_size >= 200_000} == set()


def spoken_by_us() -> str:
    """Every string of our code, with a mark where a value goes in."""
    found = []
    for path in sorted((ROOT / "scripts").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values]
                found.append("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return re.sub(r"[`*]", "", "\n".join(found))


def test_the_messages_in_troubleshooting_are_those_that_we_say() -> None:
    ours = spoken_by_us()
    rows = [line for line in read("docs/troubleshooting.md").splitlines() if line.startswith("| `")]
    assert len(rows) > 30
    missing = []
    for row in rows:
        for message in re.findall(r"`([^`]+)`", row.split(" | ")[0]):
            pieces = [] if message in NOT_OURS else message.removeprefix("No comment: ").split("…")
            missing += [(message, piece) for piece in pieces if piece.strip(" ;,:") not in ours]
    assert missing == []


def committed() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("no git checkout")
    return [name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_registry_or_a_path_of_some_machine() -> None:
    found = []
    for name in committed():
        text = (ROOT / name).read_bytes()
        if b"\0" in text:
            continue
        for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
            if any(host in line for host in REGISTRIES) or MACHINE_PATH.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []
