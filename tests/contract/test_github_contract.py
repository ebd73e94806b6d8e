"""The double itself: that it would notice, and that it runs as a program."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from github_double import Account, Comment, Contract, Double, Fault, Pull, World, load
from github_double.objects import Objects

from seatrial.forge.comments import Key, Stamp, upsert
from seatrial.forge.github import GitHub
from seatrial.forge.pace import Pace

HERE = Path(__file__).resolve().parent
REPOSITORY = "octo/flight-delay"
TOKEN = "ghs_token"
COMMENTS = f"/repos/{REPOSITORY}/issues/7/comments"


@pytest.fixture(scope="module")
def contract() -> Contract:
    found = load()
    if isinstance(found, str):
        pytest.skip(found)
    return found


def test_every_operation_of_the_double_is_described(contract: Contract) -> None:
    described = {
        ("GET", "/user"), ("GET", COMMENTS), ("POST", COMMENTS),
        ("PATCH", f"/repos/{REPOSITORY}/issues/comments/5"),
        ("DELETE", f"/repos/{REPOSITORY}/issues/comments/5"),
        ("GET", f"/repos/{REPOSITORY}/pulls/7"), ("GET", f"/repos/{REPOSITORY}/pulls/7/files"),
        ("GET", f"/repos/{REPOSITORY}/contents/a/b.yml"), ("GET", f"/repos/{REPOSITORY}/contents/"),
        ("GET", f"/repos/{REPOSITORY}/pulls"), ("GET", f"/repos/{REPOSITORY}/actions/runs/5"),
        ("GET", f"/repos/{REPOSITORY}/actions/runs/5/attempts/2"),
        ("GET", f"/repos/{REPOSITORY}/actions/runs/5/artifacts"),
        ("GET", f"/repos/{REPOSITORY}/actions/artifacts"),
        ("GET", f"/repos/{REPOSITORY}/actions/artifacts/5/zip"),
    }  # fmt: skip
    assert all(contract.operation(method, path) for method, path in described)
    assert contract.operation("PUT", COMMENTS) is None


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("GET", {"perpage": "100"}, b""),
        ("GET", {"page": "two"}, b""),
        ("GET", {}, b"{}"),
        ("POST", {}, b"{}"),
        ("POST", {}, b'{"body": 7}'),
        ("POST", {}, b'{"body": "x", "title": "y"}'),
        ("POST", {}, b"not json"),
    ],
)
def test_a_request_that_the_description_does_not_allow_is_noticed(
    contract: Contract, method: str, query: dict[str, str], body: bytes
) -> None:
    operation = contract.operation(method, COMMENTS)
    assert operation is not None
    assert contract.request_faults(operation, query, body) != []
    good = b'{"body": "x"}' if method == "POST" else b""
    assert contract.request_faults(operation, {}, good) == []


@pytest.mark.parametrize("key", ["id", "user", "html_url", "created_at"])
def test_an_answer_that_lacks_something_is_noticed(contract: Contract, key: str) -> None:
    operation = contract.operation("POST", COMMENTS)
    assert operation is not None
    whole = Objects("https://api", "https://site").comment(REPOSITORY, Comment(5, 7, "text", "octocat"))
    assert contract.answer_faults(operation, 201, "", json.dumps(whole).encode()) == []
    del whole[key]
    assert contract.answer_faults(operation, 201, "", json.dumps(whole).encode()) != []


def test_a_status_that_is_not_described_is_noticed(contract: Contract) -> None:
    operation = contract.operation("POST", COMMENTS)
    assert operation is not None
    assert contract.answer_faults(operation, 418, "", b"{}") == ["status 418 is not described"]


def test_nullable_fields_may_be_null_and_others_may_not(contract: Contract) -> None:
    operation = contract.operation("GET", f"/repos/{REPOSITORY}/pulls/7")
    assert operation is not None
    whole = Objects("https://api", "https://site").pull(REPOSITORY, Pull(7, "a" * 40, "b" * 40))
    assert whole["body"] is None
    assert contract.answer_faults(operation, 200, "", json.dumps(whole).encode()) == []
    whole["title"] = None
    assert contract.answer_faults(operation, 200, "", json.dumps(whole).encode()) != []


def test_a_double_without_the_description_still_answers() -> None:
    world = World()
    world.accounts[TOKEN] = Account()
    world.add_pull(REPOSITORY, Pull(7, "a" * 40, "b" * 40))
    with Double(world) as double, GitHub(TOKEN, double.url) as client:
        assert client.pull_request(REPOSITORY, 7).head == "a" * 40


def test_links_between_pages_lead_to_all_items(contract: Contract) -> None:
    world = World()
    world.accounts[TOKEN] = Account()
    world.add_pull(REPOSITORY, Pull(7, "a" * 40, "b" * 40))
    for number in range(65):
        world.add_comment(REPOSITORY, 7, str(number), Account())
    found: list[str] = []
    with Double(world, contract=contract) as double, requests.Session() as session:
        url: str | None = double.url + COMMENTS
        while url:
            answer = session.get(url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)
            found += [item["body"] for item in answer.json()]
            url = answer.links.get("next", {}).get("url")
    assert found == [str(number) for number in range(65)]
    assert len(double.requests) == 3
    assert double.violations == []


def test_the_double_as_a_program_keeps_its_state(tmp_path: Path) -> None:
    state, port, log, faults = (
        tmp_path / name for name in ("state.json", "port", "log.jsonl", "faults.json")
    )
    pulls = [{"number": 7, "head": "a" * 40, "base": "b" * 40}]
    commits = {"b" * 40: {"seatrial.yml": "version: 1\n", "link": {"symlink": "seatrial.yml"}}}
    state.write_text(
        json.dumps(
            {"accounts": {TOKEN: {}}, "repositories": {REPOSITORY: {"pulls": pulls, "commits": commits}}}
        )
    )
    faults.write_text(json.dumps([{"kind": "lost", "method": "POST"}]))
    for run, action in ((1, "created"), (2, "updated")):
        port.unlink(missing_ok=True)
        words = [
            "--port-file",
            port,
            "--state",
            state,
            "--log",
            log,
            "--faults",
            faults,
            "--base-path",
            "/api/v3",
        ]
        command = [sys.executable, str(HERE.parent / "tools/github_double"), *map(str, words)]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            for _ in range(600):
                if port.exists():
                    break
                time.sleep(0.05)
            url = f"http://127.0.0.1:{port.read_text()}/api/v3"
            with GitHub(TOKEN, url, pace=Pace(sleep=lambda _: None)) as client:
                assert client.file(REPOSITORY, "seatrial.yml", "b" * 40) == b"version: 1\n"
                key, stamp = Key("ci", "trial", "m"), Stamp(run, 1, "a" * 40)
                assert upsert(client, REPOSITORY, 7, key=key, body=f"run {run}", stamp=stamp).action == action
        finally:
            process.terminate()
            assert process.wait(timeout=20) == 0
    left = World.load(state).comments(REPOSITORY, 7)
    assert [comment.body.split("\n")[1] for comment in left] == ["run 2"]
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["by"] for line in lines} == {"github-actions[bot]"}
    assert TOKEN not in log.read_text()
    assert [line["violations"] for line in lines if line["violations"]] == []


def test_a_fault_plan_counts(contract: Contract) -> None:
    world = World()
    world.accounts[TOKEN] = Account()
    world.add_pull(REPOSITORY, Pull(7, "a" * 40, "b" * 40))
    with Double(world, contract=contract) as double, requests.Session() as session:
        double.plan.add(Fault("answer", path="/pulls/7", status=503, after=1, times=2))
        url, headers = double.url + f"/repos/{REPOSITORY}/pulls/7", {"Authorization": f"Bearer {TOKEN}"}
        answers = [session.get(url, headers=headers, timeout=5).status_code for _ in range(4)]
    assert answers == [200, 503, 503, 200]
