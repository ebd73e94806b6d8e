"""The lint gate as a team meets it: in a step of its own, and through the front door."""

import contextlib
import json
import pickle
from collections.abc import Mapping
from pathlib import Path

import pytest
from scenes import Scene
from workflows import comment, job, lint, trial, workflow

pytestmark = pytest.mark.act

TOKEN = "ghp_" + "0aB1cD2eF3" * 4
HEAD = "version: 1\nmodel: {name: flight-delay, task: binary}\n"
# Our action is mapped to a folder by its tag, so this one check would fail everywhere.
POLICY = HEAD + "lint:\n  run: [python3 check.py]\n  advisory: [unpinned_actions]\n"
FILES = {"seatrial.yml": POLICY, "check.py": "print('all is well')\n", "src/late.py": "x = 1\n" * 9}
WORKFLOW = workflow(lint=job(lint()))
CELL = {"cell_type": "code", "source": "x"}
FULL = {"cells": [{**CELL, "execution_count": 1, "outputs": [1]}]}
MIXED = {"cells": [{**CELL, "execution_count": count, "outputs": []} for count in (2, 1)]}
HOSTILE = "::error file=x,line=1::owned\n\u202e.py"

PLACES = """\
print("src/late.py:3:1: E999 it is late")
print("::error file=src/late.py,line=5::it is later")
print("/etc/passwd:1:1: not ours")
print("::set-output name=verdict::passed")
print("\\x1b[31msrc/late.py:7:1: <script>alert(1)</script> @acme/owners\\x1b[0m")
raise SystemExit(1)
"""
HANGING = "import os, time\nprint('begun', flush=True)\nos.fork()\ntime.sleep(600)\n"


def bad(name: str, content: str | bytes) -> dict[str, str | bytes]:
    return {name: content}


EACH: Mapping[str, dict[str, str | bytes]] = {
    "policy": bad("seatrial.yml", POLICY + "limt: 3\n"),
    "notebook_outputs": bad("full.ipynb", json.dumps(FULL)),
    "notebook_order": bad("mixed.ipynb", json.dumps(MIXED)),
    "pickles": bad("model.bin", pickle.dumps({"weights": [1.5]})),
    "large_files": bad("data.csv", "x" * 10_000_001),
    "unpinned_actions": bad(".github/actions/x/action.yml", "runs: {steps: [{uses: a/b@v1}]}\n"),
    "unpinned_images": bad("action.yml", "runs: {using: docker, image: docker://alpine}\n"),
    "unpinned_requirements": bad("requirements.txt", "numpy\n"),
    "secrets": bad("config.py", f"\n\nT = '{TOKEN}'\n"),
}


def running(*arguments: str) -> list[str]:
    """Processes of this machine that have these arguments."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # one that has just ended
            words = file.read_bytes().decode(errors="replace").split("\0")
            found += [" ".join(words)] if set(arguments) <= set(words) else []
    return found


def test_clean_files_pass(scene: Scene) -> None:
    scene.open(FILES, {"notes.md": "hello again\n"}, WORKFLOW)
    found = scene.play().job("lint").step("lint")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")
    assert "all is well" in found.log and "::group::lint: python3 check.py" in found.log
    assert scene.github.comments == []


def test_everything_that_is_wrong_is_told_where_it_is(scene: Scene) -> None:
    files = {name: content for each in EACH.values() for name, content in each.items()}
    del files["seatrial.yml"]
    scene.open(FILES, {**files, HOSTILE: TOKEN}, workflow(lint=job(trial())))
    run = scene.play()
    found = run.job("lint").step("trial")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert TOKEN not in run.text and TOKEN[4:14] not in run.text
    places = {(each.at.get("file"), each.at.get("line")) for each in found.annotations}
    assert {("config.py", "3"), ("requirements.txt", "1")} <= places
    assert {"model.bin", "full.ipynb", "mixed.ipynb", "data.csv"} <= {file for file, _ in places}
    assert not any(each.at.get("file") == "x" or each.message == "owned" for each in found.annotations)
    (posted,) = scene.github.comments
    for name in set(EACH) - {"policy", "unpinned_actions"}:
        assert f"`{name}`" in posted.body
    assert TOKEN[4:14] not in posted.body and "Lint: failed" in posted.body


def test_each_built_in_check_can_fail_be_advisory_and_be_waived(scene: Scene) -> None:
    """Three jobs of one run, each under a policy of its own; the change spoils all three policies."""
    waivers = ", ".join(f"{{check: lint/{name}, reason: so be it, until: 2999-01-01}}" for name in EACH)
    policies = {
        "failing": HEAD + "lint: []\n",
        "advisory": HEAD + f"lint: {{advisory: [{', '.join(EACH)}]}}\n",
        "waived": HEAD + f"lint: []\nwaivers: [{waivers}]\n",
    }
    change = {name: content for each in EACH.values() for name, content in each.items()}
    change |= {f"{mode}.yml": text + "limt: 3\n" for mode, text in policies.items()}
    jobs = {
        mode: job(
            lint(f"{mode}.yml", **{"continue-on-error": True}),
            {"run": f'cp "${{{{ steps.lint.outputs.decision }}}}" "$OUT/{mode}.json"'},
        )
        for mode in policies
    }
    scene.open(
        {**FILES, **{f"{mode}.yml": text for mode, text in policies.items()}}, change, workflow(**jobs)
    )
    run = scene.play()
    found = {mode: scene.kept(f"{mode}.json") for mode in policies}
    outcomes = {
        mode: {check["metric"]: (check["outcome"], check["warn"]) for check in decision["checks"]}
        for mode, decision in found.items()
    }
    assert outcomes == {
        "failing": dict.fromkeys(EACH, ("failed", False)),
        "advisory": dict.fromkeys(EACH, ("passed", True)),
        "waived": dict.fromkeys(EACH, ("failed", False)),
    }
    assert {mode: decision["verdict"] for mode, decision in found.items()} == {
        "failing": "failed",
        "advisory": "passed",
        "waived": "passed",
    }
    assert [waiver["check"] for waiver in found["waived"]["waivers"]] == [f"lint/{name}" for name in EACH]
    # A policy that cannot be applied is bad input all the same, where the verdict itself lets it through.
    assert [run.job(mode).step("lint").code for mode in policies] == [1, 2, 2]


def test_a_failing_command_marks_the_lines_that_it_names(scene: Scene) -> None:
    scene.open({**FILES, "check.py": PLACES}, {"notes.md": "x"}, WORKFLOW)
    found = scene.play().job("lint").step("lint")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    errors = [each for each in found.annotations if each.level == "error"]
    assert [(each.at["file"], each.at["line"]) for each in errors] == [
        ("src/late.py", line) for line in ("3", "5", "7")
    ]
    assert errors[0].message == "E999 it is late"


def test_a_command_that_hangs_is_ended_with_all_its_children(scene: Scene) -> None:
    policy = POLICY.replace("lint:\n", "lint:\n  time: 2s\n")
    mark = scene.folder.as_posix()  # no other process has it among its arguments and runs check.py
    files = {**FILES, "seatrial.yml": policy.replace("check.py", f"check.py {mark}"), "check.py": HANGING}
    scene.open(files, {"notes.md": "x"}, WORKFLOW)
    found = scene.play().job("lint").step("lint")
    assert (found.code, found.outputs["verdict"]) == (1, "failed")
    assert "did not end within 2 s" in found.outputs["summary"]
    assert "begun" in found.log
    assert running("check.py", mark) == []


def test_a_command_that_only_the_change_names_is_not_run(scene: Scene) -> None:
    other = POLICY.replace("python3 check.py", "python3 evil.py")
    change = {"seatrial.yml": other, "evil.py": "open('evil-ran', 'w')\n"}
    scene.open(FILES, change, workflow(lint=job(lint(), {"if": "always()", "run": "test ! -e evil-ran"})))
    run = scene.play().job("lint")
    assert run.step("lint").outputs["verdict"] == "passed"
    assert run.result == "success"


def test_a_decision_is_posted_by_another_job(scene: Scene) -> None:
    change = {"config.py": f"T = '{TOKEN}'\n"}
    again = comment("${{ steps.lint.outputs.decision }}", **{"if": "always()"})
    scene.open(FILES, change, workflow(lint=job(lint(), again)))
    run = scene.play().job("lint")
    assert run.step("comment").outputs["verdict"] == "failed"
    (posted,) = scene.github.comments
    assert "what looks like a GitHub token" in posted.body and "config.py" in posted.body


def test_a_job_with_an_identity_runs_no_command(scene: Scene) -> None:
    scene.open(FILES, {"notes.md": "x"}, WORKFLOW)
    found = scene.play(env={"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "x"}).job("lint").step("lint")
    assert found.code == 2
    assert "all is well" not in found.log
    (told,) = [each for each in found.annotations if each.level == "error"]
    assert "id-token: write" in told.message
