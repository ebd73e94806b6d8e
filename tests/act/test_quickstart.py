"""The lines that a newcomer copies work on the first pull request, as they stand."""

from pathlib import Path

import pytest
from acting import ROOT
from scenes import Scene

pytestmark = pytest.mark.act

QUICKSTART = ROOT / "examples" / "quickstart"


def test_first_pull_request(scene: Scene) -> None:
    """A repository that never heard of us; the pull request brings policy, workflow, data and predictions."""
    files = {str(p.relative_to(QUICKSTART)): p.read_bytes() for p in QUICKSTART.rglob("*") if p.is_file()}
    files = {name: data for name, data in files.items() if "__pycache__" not in Path(name).parts}
    scene.open({"README.md": "# A model\n"}, files)
    run = scene.play().job("trial")
    found = run.step("1")
    assert (run.result, found.code, found.outputs["verdict"]) == ("success", 0, "passed")
    (comment,) = scene.github.comments
    assert comment.body.split("\n")[1].startswith("## ✅ Passed: `")
    assert "**unreviewed**" in comment.body
