"""The baseline out of an artifact: whose it may be, what it must hold, and what the verdict says of it."""

import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flights import FILES, GOOD, PLAIN, POOR, policy
from forged_zips import Part, forged
from github_double import Account, Double, Run, World, load
from run_artifacts import zipped

from seatrial.decision import Decision, from_json
from seatrial.errors import BadInput, CouldNotDecide, Location, SeatrialError
from seatrial.forge.errors import ReadOnlyToken
from seatrial.forge.event import Subject
from seatrial.forge.github import GitHub
from seatrial.forge.runner import Runner
from seatrial.trial.entry import run_evaluate
from seatrial.trial.evaluation.baseline_artifacts import MOST_RUNS, Fetched, baseline_file

REPOSITORY, TOKEN, HEAD, BASE = "acme/late-flights", "ghs_thetokenofthedouble", "a" * 40, "b" * 40
SUBJECT = Subject(
    repository=REPOSITORY, event="pull_request", head=HEAD, run_id=900, attempt=1, workflow="ci", job="ci",
    server_url="https://github.com", api_url="https://api.github.com", pull_request=7, base=BASE,
    base_ref="main",
)  # fmt: skip


class Past:
    """Runs that have been, and what they left under the name `baseline`."""

    def __init__(self, double: Double, client: GitHub) -> None:
        self.double, self.world, self.client = double, double.world, client

    def run(self, number: int, data: bytes | None = None, *, expired: bool = False, **more: Any) -> None:
        self.world.add_run(REPOSITORY, Run(number, BASE, **{"branch": "main", "event": "push", **more}))
        made = zipped({"model.onnx": b"model of run %d" % number}) if data is None else data
        self.world.add_artifact(REPOSITORY, number, "baseline", made, expired=expired)

    def fetched(self, subject: Subject = SUBJECT, wanted: str = "build/model.onnx") -> Fetched | None:
        place = Location("seatrial.yml", 7, 3)
        return baseline_file(self.client, subject, "baseline", wanted, place)


@pytest.fixture
def past() -> Iterator[Past]:
    world, contract = World(), load()
    world.accounts[TOKEN] = Account()
    world.repository(REPOSITORY)
    with (
        Double(world, contract=None if isinstance(contract, str) else contract) as double,
        GitHub(TOKEN, double.url) as client,
    ):
        yield Past(double, client)
    assert double.violations == []


def test_the_newest_of_the_base_branch_counts(past: Past) -> None:
    for number in (801, 802, 803):
        past.run(number)
    found = past.fetched()
    assert found is not None
    assert found.content == b"model of run 803"
    assert (found.shown_as, found.suffix) == ("model.onnx (artifact baseline)", ".onnx")
    digest = hashlib.sha256(b"model of run 803").hexdigest()
    assert found.note == (
        f"Baseline: model.onnx of the artifact baseline, run 803 of commit bbbbbbbbbbbb, SHA-256 {digest}"
    )


@pytest.mark.parametrize(
    "run",
    [
        {"fork": True},
        {"branch": "change"},
        {"branch": "Main"},
        {"branch": "refs/heads/main"},
        {"expired": True},
        {"event": "pull_request"},
        {"event": "pull_request_target"},
        {"fork": True, "event": "pull_request"},
    ],
    ids=str,
)
def test_a_change_does_not_bring_its_own_baseline(past: Past, run: dict[str, Any]) -> None:
    """A fork whose branch is called main, another branch, a run of a pull request, what has expired."""
    past.run(801)
    past.run(802, **run)
    found = past.fetched()
    assert found is not None and found.content == b"model of run 801"


def test_what_this_very_run_made_is_no_baseline(past: Past) -> None:
    past.run(801)
    past.run(900)
    found = past.fetched()
    assert found is not None and found.content == b"model of run 801"


def test_none_yet(past: Past) -> None:
    assert past.fetched() is None
    past.run(801, fork=True)
    assert past.fetched() is None


def test_an_artifact_of_no_known_run_is_none(past: Past) -> None:
    past.world.add_artifact(REPOSITORY, 12345, "baseline", zipped({"model.onnx": b"x"}))
    assert past.fetched() is None


def test_not_all_of_the_past_is_searched(past: Past) -> None:
    for number in range(801, 801 + MOST_RUNS + 1):
        past.run(number, event="pull_request")
    with pytest.raises(CouldNotDecide, match="none of the newest 20 artifacts"):
        past.fetched()


@pytest.mark.parametrize(
    ("files", "member"),
    [
        ({"build/model.onnx": b"m", "log.txt": b""}, b"m"),
        ({"weights.bin": b"w"}, b"w"),
    ],
)
def test_the_file_is_found_by_its_name_or_since_it_is_the_only_one(
    past: Past, files: dict[str, bytes], member: bytes
) -> None:
    past.run(801, zipped(files))
    found = past.fetched()
    assert found is not None and found.content == member


@pytest.mark.parametrize(
    "files", [{"a.onnx": b"", "b.onnx": b""}, {"x/model.onnx": b"", "y/model.onnx": b""}, {}], ids=len
)
def test_files_that_leave_a_choice_are_refused(past: Past, files: dict[str, bytes]) -> None:
    past.run(801, zipped(files))
    with pytest.raises(BadInput) as caught:
        past.fetched()
    assert str(caught.value).startswith(f"seatrial.yml:7:3: the artifact baseline holds {len(files)} files, ")
    assert str(caught.value).endswith("called model.onnx; expected one: upload the baseline alone")


@pytest.mark.parametrize(
    "data", [b"no zip", forged(Part(b"../model.onnx")), forged(Part(b"model.onnx", crc=1))], ids=str
)
def test_an_archive_that_nobody_should_unpack_is_refused(past: Past, data: bytes) -> None:
    past.run(801, data)
    with pytest.raises(BadInput, match="baseline"):
        past.fetched()


def test_a_token_without_the_permission_says_which(past: Past) -> None:
    past.world.accounts[TOKEN] = Account(reads_actions=False)
    with pytest.raises(ReadOnlyToken, match=r"permissions: \{actions: read\}"):
        past.fetched()


def test_a_base_branch_with_another_name(past: Past) -> None:
    past.run(801)
    past.run(802, branch="release/2.x")
    found = past.fetched(replace(SUBJECT, base_ref="release/2.x"))
    assert found is not None and found.content == b"model of run 802"


def evaluated(
    past: Past,
    folder: Path,
    event: dict[str, Any] | None = None,
    *,
    token: str = TOKEN,
    name: str = "push",
    candidate: str = GOOD,
) -> tuple[int, str, Decision | None]:
    """The action evaluate on a push to main, with the baseline from an artifact."""
    texts = {**FILES, "candidate.csv": candidate, "seatrial.yml": policy(baseline="artifact: baseline")}
    for path, text in texts.items():
        (folder / "checkout" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "checkout" / path).write_text(text)
    push = {"before": BASE, "after": HEAD, "ref": "refs/heads/main"}
    (folder / "event.json").write_text(json.dumps(push if event is None else event))
    environ = {
        "GITHUB_API_URL": past.double.url, "GITHUB_EVENT_NAME": name, "GITHUB_JOB": "judge",
        "GITHUB_EVENT_PATH": str(folder / "event.json"), "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_RUN_ID": "900", "GITHUB_SHA": HEAD, "GITHUB_WORKFLOW": "ci",
        "GITHUB_WORKSPACE": str(folder / "checkout"),
        "INPUTS": json.dumps({"github-token": token}), "PATH": os.environ["PATH"], "RUNNER_TEMP": str(folder),
    }  # fmt: skip
    log = io.StringIO()
    try:
        code = run_evaluate(environ, Runner(environ, log))
    except SeatrialError as error:
        return error.exit_code, str(error), None
    (made,) = folder.glob("seatrial-*/evaluation.json")
    return code, log.getvalue(), from_json(made.read_bytes())


def test_predictions_are_held_against_those_of_the_artifact(past: Past, tmp_path: Path) -> None:
    past.run(801, zipped({"candidate.csv": PLAIN, "notes.txt": "x"}))
    code, _, decision = evaluated(past, tmp_path)
    assert code == 0 and decision is not None
    assert decision.verdict == "passed"
    assert any(note.startswith("Baseline: candidate.csv of the artifact baseline") for note in decision.notes)
    digest = hashlib.sha256(PLAIN.encode()).hexdigest()
    assert digest in {data.sha256 for data in decision.data}
    assert any(digest in note for note in decision.notes)


def test_a_candidate_that_is_worse_than_the_artifact_fails(past: Past, tmp_path: Path) -> None:
    past.run(801, zipped({"candidate.csv": GOOD}))
    code, _, decision = evaluated(past, tmp_path, candidate=POOR)
    assert decision is not None
    assert (code, str(decision.verdict)) == (1, "failed")


def test_the_first_release_skips_the_margin_and_is_no_pass(past: Past, tmp_path: Path) -> None:
    code, _, decision = evaluated(past, tmp_path)
    assert decision is not None
    assert (code, str(decision.verdict)) == (3, "inconclusive")
    (check,) = decision.checks
    assert check.outcome == "skipped"
    assert (
        check.reason is not None and "no run of the base branch has left such an artifact yet" in check.reason
    )


def test_without_a_base_branch_there_is_none(past: Past, tmp_path: Path) -> None:
    past.run(801, zipped({"candidate.csv": PLAIN}))
    code, _, decision = evaluated(past, tmp_path, {}, name="schedule")
    assert decision is not None and code == 3
    assert "there is no base branch here" in str(decision.checks[0].reason)


def test_without_a_token_the_action_says_what_it_needs(past: Past, tmp_path: Path) -> None:
    code, said, _ = evaluated(past, tmp_path, token="")
    assert code == 2
    assert said.startswith("seatrial.yml:7:") and "permissions: {actions: read}" in said
