"""publish.yml as it stands, from the pushed tag to the release and the moved tag.

GitHub's own actions for artifacts and attestations are stood in for; the tests of the release are
not run inside these tests.
"""

import json
import re
from pathlib import Path

import pytest
from acting import Act, ActRun, Consumer, export
from github_double import Contract
from release_double import TOKEN, ReleaseDouble

pytestmark = pytest.mark.act

REPOSITORY = "seatrial/seatrial"
STAND_INS = {
    "upload-artifact": {"name": "", "path": "", "if-no-files-found": "", "retention-days": ""},
    "download-artifact": {"name": "", "path": ""},
    "attest": {"subject-name": "", "subject-digest": ""},
}
RUNS = {
    "upload-artifact": 'mkdir -p "$KEPT_BY_RUN/$name" && cp "$path" "$KEPT_BY_RUN/$name/"',
    "download-artifact": 'mkdir -p "$path" && cp "$KEPT_BY_RUN/$name"/* "$path/"',
    "attest": 'echo "$name $digest" > "$KEPT_BY_RUN/attested"',
}


def stand_in(folder: Path, action: str) -> Path:
    env = {"name": "${{ inputs.name }}", "path": "${{ inputs.path }}"}
    if action == "attest":
        env = {"name": "${{ inputs.subject-name }}", "digest": "${{ inputs.subject-digest }}"}
    inputs = {name: {"description": "as the real one", "required": False} for name in STAND_INS[action]}
    step = {"shell": "bash", "env": env, "run": RUNS[action]}
    place = folder / action
    place.mkdir(parents=True)
    manifest = {"name": action, "description": "stands in", "inputs": inputs}
    (place / "action.yml").write_text(
        json.dumps({**manifest, "runs": {"using": "composite", "steps": [step]}})
    )
    return place


def play(act: Act, folder: Path, github: ReleaseDouble, *, version: str = "0.1.0") -> ActRun:
    ours = Consumer(export(folder / "ours"))
    changes = ours.root / "CHANGELOG.md"
    text = changes.read_text()
    changes.write_text(re.sub(r"## \[Unreleased\]: \S+", f"## [{version}] - 2027-01-31", text, count=1))
    workflow = ours.root / ".github" / "workflows" / "publish.yml"
    text = workflow.read_text()
    assert text.count("- run: make test\n") == 1
    workflow.write_text(text.replace("- run: make test\n", "- run: test -f Makefile\n"))
    for other in (ours.root / ".github" / "workflows").glob("*.yml"):
        if other != workflow:
            other.unlink()
    head = ours.commit({})
    ours.git("update-ref", "refs/remotes/origin/main", "HEAD")
    ours.git("tag", "v0.1.0")
    github.tags["v0.1.0"] = head
    mapped = []
    for action in STAND_INS:
        (used,) = set(re.findall(rf"actions/{action}@([0-9a-f]{{40}})", text))
        mapped.append(f"actions/{action}@{used}={stand_in(folder / 'stand-ins', action)}")
    kept = folder / "kept"
    kept.mkdir()
    event = {"ref": "refs/tags/v0.1.0", "after": head, "repository": {"full_name": REPOSITORY}}
    return act.run(
        ours,
        event,
        name="push",
        api_url=github.url,
        token=TOKEN,
        repository=REPOSITORY,
        repositories=mapped,
        env={"KEPT_BY_RUN": str(kept), "GITHUB_REF": "refs/tags/v0.1.0"},
    )


def test_from_the_tag_to_the_release(act: Act, tmp_path: Path, contract: Contract | None) -> None:
    with ReleaseDouble(REPOSITORY, contract) as github:
        run = play(act, tmp_path, github)
        assert run.code == 0, run.text[-4000:]
    for job in ("check", "test", "archive", "attest", "release"):
        assert run.job(job).result == "success", job
    (release,) = github.releases
    (asset,) = release["assets"]
    assert release["immutable"] and github.tags["v0"] == github.tags["v0.1.0"]
    assert (tmp_path / "kept" / "attested").read_text() == f"{asset['name']} {asset['digest']}\n"


def test_a_tag_that_lies_publishes_nothing(act: Act, tmp_path: Path, contract: Contract | None) -> None:
    """No later job runs, and nothing is attested."""
    with ReleaseDouble(REPOSITORY, contract) as github:
        run = play(act, tmp_path, github, version="0.2.0")
    assert run.code != 0
    assert run.job("check").result == "failure"
    assert "has 0 sections for 0.1.0" in run.text
    assert not {line["jobID"] for line in run.lines if "jobResult" in line} - {"check"}
    assert github.asked == [] and not (tmp_path / "kept" / "attested").exists()
