"""Each example is a team's repository: its own workflow files judge a pull request and post the verdict.

What stands in for others' actions is told in tests/tools/published.py. In the example of object storage the
rows are put where the fetch job's script would put them; tests/examples/test_object_storage.py is about it.
"""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from acting import REPOSITORY, ROOT, Act, ActRun
from github_double import Contract, Pull, Run
from github_double.objects import number_for
from published import warm
from scenes import NUMBER, Scene

pytestmark = pytest.mark.act

EXAMPLES = ROOT / "examples"
RUN = 1001
REVIEWED = re.compile(r"          ref: \$.*base\.sha.*\n")
FETCH = re.compile(r"        run: \|\n(?:          .*\n)+")


def files_of(name: str) -> dict[str, bytes]:
    folder = EXAMPLES / name
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    left = ("__pycache__", "build/", "fetched/")
    return {path: data for path, data in found.items() if not any(word in path for word in left)}


class Team:
    """A repository made of an example, its pull request, and what its CI made of it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def propose(self, files: dict[str, bytes], change: dict[str, bytes]) -> ActRun:
        self.scene.open(files, change)
        return self.scene.play(run_id=RUN, env={"ROWS": str(EXAMPLES / "complete" / "data")})

    def hear(self, *, fork: bool) -> ActRun:
        """The run has ended: what it left is GitHub's now, and the workflow that comments begins."""
        world, head = self.scene.github.world, self.scene.head
        world.add_pull(REPOSITORY, Pull(NUMBER, head=head, base=self.scene.base, fork=fork))
        run = world.add_run(REPOSITORY, Run(RUN, head, fork=fork))
        for folder in sorted((self.scene.folder / "artifacts" / str(RUN)).iterdir()):
            world.add_artifact(REPOSITORY, RUN, folder.name, zipped(folder))
        repository = {"full_name": REPOSITORY, "id": number_for(REPOSITORY)}
        told: dict[str, Any] = {"id": run.id, "run_attempt": run.attempt, "head_sha": head}
        told |= {"repository": repository, "event": "pull_request"}
        event = {"action": "completed", "repository": repository, "workflow_run": told}
        return self.scene.play(event, name="workflow_run", run_id=RUN + 1)

    @property
    def titles(self) -> list[str]:
        return sorted(comment.body.split("\n")[1] for comment in self.scene.github.comments)


def told(run: ActRun) -> str:
    """What a person would look at first: how the jobs ended, and the errors."""
    ended = [f"{x['job']}: {x['jobResult']}" for x in run.lines if "jobResult" in x]
    errors = [str(x["raw"]) for x in run.lines if x.get("command") == "error"]
    failed = [str(x["raw_output"] and x["msg"]) for x in run.lines if "raw_output" in x]
    return "\n".join([*ended, *errors, *failed[-15:]])


def zipped(folder: Path) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                out.write(path, path.relative_to(folder))
    return held.getvalue()


@pytest.fixture
def team(tmp_path: Path, act: Act, contract: Contract | None) -> Any:
    with Scene(tmp_path / "scene", act, contract) as scene:
        scene.act = replace(warm(scene.act, tmp_path / "warm"), home=scene.act.home)
        yield Team(scene)


def test_complete(team: Team) -> None:
    """Four gates, a model that was trained with fewer steps, and the comment, as for a fork."""
    files = files_of("complete")
    note = files["README.md"] + b"\nA word more.\n"
    run = team.propose(files, {"README.md": note})
    assert run.code == 0, told(run)
    assert run.nested("verdict").result == "success"
    kept = {path.name for path in (team.scene.folder / "artifacts" / str(RUN)).iterdir()}
    assert {f"seatrial-biopsy-{gate}-1" for gate in ("lint", "data", "training", "evaluation")} <= kept
    assert team.scene.github.comments == [], "a job with a change's code posts nothing"
    heard = team.hear(fork=True)
    assert heard.code == 0, told(heard)
    assert team.titles == ["## ✅ Passed: `biopsy`"]


def test_complete_with_a_worse_model(team: Team) -> None:
    """Its weights are turned round: the check fails, and the comment says so."""
    files = files_of("complete")
    worse = files["model.json"].replace(b'"weights": [', b'"weights": [0, -1, -1, -1, -1, -1], "old": [')
    run = team.propose(files, {"model.json": worse})
    assert run.code != 0
    assert run.nested("judge").result == "failure"
    heard = team.hear(fork=False)
    assert heard.code == 0, told(heard)
    assert team.titles == ["## ❌ Failed: `biopsy`"]


def test_monorepo(team: Team) -> None:
    """Two models from one call, two comments, and a failing one does not hide behind the other."""
    files = files_of("monorepo")
    lines = files["models/wine/predictions.csv"].decode().splitlines()
    turned = [
        lines[0],
        *(",".join([p[0], p[2], p[3], p[1]]) for p in (line.split(",") for line in lines[1:])),
    ]
    run = team.propose(files, {"models/wine/predictions.csv": "\n".join([*turned, ""]).encode()})
    assert run.code != 0
    assert run.nested("judge", "biopsy").result == "success", told(run)
    assert run.nested("judge", "wine").result == "failure"
    heard = team.hear(fork=False)
    assert heard.code == 0, told(heard)
    assert team.titles == ["## ✅ Passed: `biopsy`", "## ❌ Failed: `wine`"]


def test_object_storage(team: Team) -> None:
    """The rows are in no commit; they come by the artifact of the job that fetched them."""
    files = files_of("object-storage")
    workflow = files[".github/workflows/ci.yml"].decode()
    workflow, count = FETCH.subn('        run: mkdir fetched && cp "$ROWS"/*.csv fetched/\n', workflow)
    assert count == 1
    workflow, count = REVIEWED.subn("", workflow)  # act takes this commit only
    assert count == 1
    files[".github/workflows/ci.yml"] = workflow.encode()
    assert not any(name.startswith("data/") for name in files)
    run = team.propose(files, {"README.md": files["README.md"] + b"\nA word more.\n"})
    assert run.code == 0, told(run)
    assert run.job("fetch").result == "success"
    assert run.nested("verdict").result == "success"
    heard = team.hear(fork=False)
    assert heard.code == 0, told(heard)
    assert team.titles == ["## ✅ Passed: `biopsy`"]
