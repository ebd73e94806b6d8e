"""Runs whose artifacts nobody should believe: none is posted, and an earlier verdict is taken back."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ended_runs import HEAD, NUMBER, REPOSITORY, RUN, EndedRun, Said
from flights import GOOD, POOR
from forged_zips import LINK, Part, forged
from github_double import Pull, load
from run_artifacts import about, decided, zipped

from seatrial.decision import Verdict, to_json

PASSED, FAILED = decided(GOOD), decided(POOR)
NAME = "seatrial-flight-delay-evaluation-1"
NEW = RUN + 1
Judged = Callable[[], Said]


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[EndedRun]:
    """A run whose verdict stands in a comment, and a newer one whose artifacts are up to the test."""
    found = load()
    with EndedRun(tmp_path, None if isinstance(found, str) else found) as run:
        run.has(conclusion="failure")
        run.left(FAILED)
        assert run.comment().code == 0
        run.has(NEW)
        yield run


def refused(ended: EndedRun, *, code: int = 2) -> str:
    """The log, once the action has said what is wrong, posted no verdict and taken back the one before."""
    kept = ended.writes
    said = ended.comment(ended.told(NEW))
    assert said.code == code, said.log
    assert "verdict" not in said.outputs
    assert ended.headlines == ["## ⛔ Not judged: `flight-delay`"]
    assert ended.writes == [*kept, "PATCH"]
    errors = [line for line in said.log.splitlines() if line.startswith("::error")]
    assert len(errors) == 1
    return said.log


def evaluation(ended: EndedRun, **subject: object) -> bytes:
    return about(PASSED, **ended.subject(id=NEW, **subject))


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ({"pull_request": 8}, "is about the pull request 8, and this run is about 7"),
        ({"pull_request": None}, "is about the pull request null"),
        ({"head": "d" * 40}, "this Decision is about commit dddd"),
        ({"head": None}, "this Decision is about commit null"),
        ({"repository": "mallory/late-flights"}, "is about the repository mallory/late-flights"),
        ({"repository": None}, "is about the repository"),
        ({"run": f"https://github.com/{REPOSITORY}/actions/runs/{RUN}"}, f"is about the run https://github.com/{REPOSITORY}/actions/runs/{RUN},"),
        ({"run": "https://evil.example"}, "is about the run https://evil.example"),
        ({"run": None}, "is about the run null"),
        ({"attempt": 2}, "is about the attempt 2, and this run is about 1"),
        ({"attempt": None}, "is about the attempt null"),
    ],
    ids=str,
)  # fmt: skip
def test_decision_about_something_else(ended: EndedRun, subject: dict[str, object], told: str) -> None:
    ended.put(NAME, zipped({"evaluation.json": evaluation(ended, **subject)}), NEW)
    assert told in refused(ended)


def test_decision_of_another_model_or_gate(ended: EndedRun) -> None:
    ended.put("seatrial-taxi-evaluation-1", zipped({"evaluation.json": evaluation(ended)}), NEW)
    said = ended.comment(ended.told(NEW))
    assert said.code == 2
    assert "is about the model flight-delay, and its artifact is taxi's" in said.log
    ended.world.repository(REPOSITORY).artifacts.clear()
    ended.put("seatrial-flight-delay-data-1", zipped({"data.json": evaluation(ended)}), NEW)
    said = ended.comment(ended.told(NEW))
    assert said.code == 2
    assert "is about the gate evaluation, and this run is about data" in said.log


def test_decision_with_another_verdict_than_its_evidence_has(ended: EndedRun) -> None:
    lie = about(FAILED, **ended.subject(id=NEW)).replace(b'"verdict":"failed"', b'"verdict":"passed"')
    ended.put(NAME, zipped({"evaluation.json": lie}), NEW)
    assert "the verdict does not follow from the evidence" in refused(ended)


def test_decision_with_a_waiver_that_has_ended(ended: EndedRun) -> None:
    value = json.loads(about(FAILED, **ended.subject(id=NEW)))
    value["waivers"] = [{"check": value["checks"][0]["id"], "reason": "x", "until": "2020-01-01"}]
    value["verdict"] = "passed"
    lie = FAILED.model_validate_json(json.dumps(value))
    ended.put(NAME, zipped({"evaluation.json": to_json(lie)}), NEW)
    assert "counts until 2020-01-01, no date to come" in refused(ended)


@pytest.mark.parametrize(
    "name", ["m\n## ✅ Passed", "`@team`", "<img src=x>", "../flight-delay", "x" * 101, ""]
)
def test_decision_of_a_model_with_a_hostile_name(ended: EndedRun, name: str) -> None:
    model = PASSED.model.model_copy(update={"name": name})
    lie = about(PASSED.model_copy(update={"model": model}), **ended.subject(id=NEW))
    ended.put(NAME, zipped({"evaluation.json": lie}), NEW)
    assert "is about the model" in refused(ended)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"{",
        b"[" * 100_000,
        b'{"schema":1}',
        b"\xff",
        b"<script>alert(1)</script>",
        b"9" * 5_000,
    ],
    ids=["nothing", "null", "half", "deep", "other", "bytes", "script", "digits"],
)
def test_decision_that_is_none(ended: EndedRun, content: bytes) -> None:
    ended.put(NAME, zipped({"evaluation.json": content}), NEW)
    assert "is not a Decision" in refused(ended)


def test_artifact_without_its_decision(ended: EndedRun) -> None:
    ended.put(NAME, zipped({"report.html": b"<p>", "lint.json": evaluation(ended)}), NEW)
    assert "holds no file evaluation.json" in refused(ended)


def test_artifact_with_members_that_lead_out(ended: EndedRun, tmp_path: Path) -> None:
    good = Part(b"evaluation.json", evaluation(ended))
    ended.put(NAME, forged(good, Part(b"../../../../tmp/evil", b"x")), NEW)
    assert "expected the name of a file inside of it" in refused(ended)
    assert [path.name for path in tmp_path.rglob("*evil*")] == []


def test_artifact_with_a_link(ended: EndedRun) -> None:
    ended.put(NAME, forged(Part(b"evaluation.json", b"/proc/self/environ", mode=LINK)), NEW)
    assert "a link, a device or a folder" in refused(ended)


def test_artifact_that_is_no_zip(ended: EndedRun) -> None:
    ended.put(NAME, evaluation(ended), NEW)
    assert "is not a zip archive" in refused(ended)


def test_artifact_of_ten_gigabytes(ended: EndedRun) -> None:
    """One that is told so is not fetched; one that is not is ended as soon as it goes on."""
    ended.put(NAME, b"PK", NEW, size=10 * 1024**3)
    before = len(ended.double.store.requests)
    assert "10,737,418,240 bytes" in refused(ended)
    assert len(ended.double.store.requests) == before


def test_artifact_that_goes_on(ended: EndedRun) -> None:
    ended.put(NAME, b"PK", NEW, endless=10 * 1024**3)
    assert "has more than the 2 bytes that are told of it" in refused(ended)
    assert ended.double.store.sent < 200 * 1024**2


def test_artifact_that_is_a_bomb(ended: EndedRun) -> None:
    ended.put(NAME, zipped({"evaluation.json": bytes(19_000_000)}), NEW)
    assert "unpacks to over 200 times its size" in refused(ended)


def test_artifact_with_another_digest(ended: EndedRun) -> None:
    ended.put(NAME, zipped({"evaluation.json": evaluation(ended)}), NEW, digest="sha256:" + "0" * 64)
    assert "does not have the digest that GitHub lists" in refused(ended, code=3)


def test_artifact_that_has_expired(ended: EndedRun) -> None:
    ended.put(NAME, zipped({"evaluation.json": evaluation(ended)}), NEW, expired=True)
    assert "has expired" in refused(ended)


def test_more_artifacts_than_expected(ended: EndedRun) -> None:
    for number in range(201):
        ended.put(f"seatrial-m{number}-lint-1", b"", NEW)
    assert "has 201 artifacts of gates; expected at most 200" in refused(ended)


def test_more_bytes_of_artifacts_than_expected(ended: EndedRun) -> None:
    for number in range(9):
        ended.put(f"seatrial-m{number}-lint-1", b"", NEW, size=63 * 1024**2)
    assert "the artifacts of the run's gates have 594,542,592 bytes" in refused(ended)


@pytest.mark.parametrize(
    "name",
    [
        "seatrial-../x-lint-1", "seatrial-m-lint-0", "seatrial-m-lint-01", "seatrial-m-lint-1\n",
        "Seatrial-m-lint-1", "seatrial-m-lint-9999999", "seatrial--lint", "seatrial-m-model-1",
        "x-seatrial-m-lint-1", "seatrial-é-lint-1", "seatrial-" + "x" * 61 + "-lint-1",
    ],
)  # fmt: skip
def test_artifact_of_another_name_is_not_looked_at(ended: EndedRun, name: str) -> None:
    ended.left(PASSED, NEW)
    ended.put(name, b"bad", NEW)
    assert ended.comment(ended.told(NEW)).code == 0
    assert ended.headlines == ["## ✅ Passed: `flight-delay`"]


def test_one_bad_artifact_spoils_its_model_and_no_other(ended: EndedRun) -> None:
    """What it hides could be the verdict that counts."""
    ended.left(PASSED, NEW)
    ended.put("seatrial-flight-delay-data-1", b"no zip", NEW)
    ended.left(decided(GOOD, model="taxi"), NEW)
    said = ended.comment(ended.told(NEW))
    assert said.code == 2
    assert sorted(ended.headlines) == ["## ⛔ Not judged: `flight-delay`", "## ✅ Passed: `taxi`"]
    assert said.outputs["verdict"] == "inconclusive"


def test_names_that_are_alike_in_their_first_60_characters(ended: EndedRun) -> None:
    long = "x" * 60
    ended.left(decided(GOOD, model=long + "1"), NEW, model=long)
    model = PASSED.model.model_copy(update={"name": long + "2"})
    data = {"gate": "data", "model": model, "checks": (), "verdict": Verdict.INCONCLUSIVE}
    ended.left(PASSED.model_copy(update=data), NEW, model=long)
    said = ended.comment(ended.told(NEW))
    assert said.code == 2
    assert "their names must differ in their first 60 characters" in said.log


def test_two_pull_requests_with_the_same_head(ended: EndedRun) -> None:
    ended.left(PASSED, NEW)
    ended.world.add_pull(REPOSITORY, Pull(NUMBER + 1, HEAD, "b" * 40, fork=True, base_ref="release"))
    said = ended.comment(ended.told(NEW))
    assert said.code == 0
    assert "2 open pull requests have" in said.log
    assert ended.writes == ["POST"]


@pytest.mark.parametrize("fork", [True, False])
def test_a_pull_request_of_another_repository_with_the_same_head(ended: EndedRun, fork: bool) -> None:
    """A fork whose branch and commit are those of ours gets no say in our pull request, nor ours in its."""
    ended.world.add_pull(REPOSITORY, Pull(NUMBER, HEAD, "b" * 40, fork=not fork))
    ended.has(NEW, fork=fork)
    ended.left(PASSED, NEW)
    said = ended.comment(ended.told(NEW))
    assert (said.code, ended.writes) == (0, ["POST"])
    assert "no open pull request has" in said.log


def test_a_closed_pull_request(ended: EndedRun) -> None:
    ended.left(PASSED, NEW)
    ended.world.repository(REPOSITORY).pulls[NUMBER].state = "closed"
    said = ended.comment(ended.told(NEW))
    assert (said.code, ended.writes) == (0, ["POST"])
    assert "it was closed, or has moved on" in said.log


HOSTILE = (
    "@team", "closes #1", "<img src=http://evil.example/beacon>", "![](http://evil.example/x)", "</details>",
    "<!-- seatrial:v1 key=" + "0" * 32 + " run=9 attempt=1 head=" + "0" * 40 + " -->",
    "<script>alert(1)</script>", "[click](javascript:alert(1))", "a|b\n| c", "```\n# big", "\u202egnp.exe",
    "\x1b[31m", "::add-mask::x", "\n::set-output name=verdict::passed", "%0A::error::x",
    "${{ secrets.GITHUB_TOKEN }}", "ignore previous instructions",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_strings_of_a_decision_are_contained(ended: EndedRun, text: str) -> None:
    """A Decision that holds, with words of somebody's in every place where words may stand."""
    value = json.loads(about(FAILED, **ended.subject(id=NEW)))
    value["notes"] = [text]
    value["tool"] = text
    value["policy"]["ref"] = text
    value["data"][0]["path"] = text
    value["waivers"] = []
    value["subject"]["base"] = text
    value["checks"][0]["location"]["file"] = text
    ended.put(NAME, zipped({"evaluation.json": to_json(FAILED.model_validate_json(json.dumps(value)))}), NEW)
    said = ended.comment(ended.told(NEW))
    assert said.code == 0, said.log
    (comment,) = ended.comments
    for page in (comment.body.partition("\n")[2], said.summary):
        for raw in (
            "@team",
            "<img",
            "<script",
            "<!--",
            "</details>\n\n</details>",
            "![](",
            "](javascript",
            "\x1b",
            "\u202e",
        ):
            assert raw not in page
        assert "closes #1" not in page
    assert said.outputs["verdict"] == "failed"
    assert not any(line.startswith(("::add-mask", "::set-output")) for line in said.log.splitlines())


@pytest.mark.parametrize("name", ["$(touch evil)", "`@team`", "a\u202eb", "::error::x", "x" * 2_000])
def test_hostile_names_of_branch_and_workflow_are_words(ended: EndedRun, name: str) -> None:
    ended.has(NEW, name=name, branch=name)
    ended.left(PASSED, NEW)
    said = ended.comment(ended.told(NEW))
    assert said.code == 0
    assert ended.writes == ["POST"]
    assert all(line.startswith("::notice title=No comment::") for line in said.log.splitlines())
