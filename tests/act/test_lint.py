"""The lint gate as a team meets it: in a step of its own, and through the front door."""

import pytest
from scenes import Scene
from workflows import job, lint, workflow

pytestmark = pytest.mark.act

POLICY = """version: 1
model: {name: flight-delay, task: binary}
lint:
  run: [python3 check.py]
  advisory: [unpinned_actions]  # our action is mapped to a folder by its tag
"""
FILES = {"seatrial.yml": POLICY, "check.py": "print('all is well')\n", "notes.md": "hello\n"}
WORKFLOW = workflow(lint=job(lint()))


def test_clean_files_pass(scene: Scene) -> None:
    scene.open(FILES, {"notes.md": "hello again\n"}, WORKFLOW)
    found = scene.play().job("lint").step("lint")
    assert (found.code, found.outputs["verdict"]) == (0, "passed")
    assert "all is well" in found.log
