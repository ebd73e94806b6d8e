"""Our own workflow runs as GitHub would run it, on a copy of what is committed here."""

import re
from pathlib import Path

import pytest
from acting import Act, Consumer, export

SETUP = """\
name: a Python that is there already
description: stands in for actions/setup-python
inputs: {python-version: {description: ignored, required: false}}
runs: {using: composite, steps: [{shell: bash, run: python3 --version}]}
"""
SOME = "tests/gates tests/policy/test_units.py tests/test_house.py tests/test_ourselves.py"


@pytest.mark.act
def test_our_workflow_passes_under_act(act: Act, tmp_path: Path) -> None:
    """Its jobs and the aggregator; of the tests a part, since all of them are running already."""
    ours = Consumer(export(tmp_path / "ours"))
    workflow = ours.root / ".github" / "workflows" / "test.yml"
    for other in ("publish.yml", "trial.yml"):  # act starts all that know the event, whatever their filters
        (workflow.parent / other).unlink()
    text = workflow.read_text()
    text = re.sub(r'ARGS="tests/gates[^"]*"', 'ARGS="tests/gates"', text)
    text = text.replace("- run: make test\n", f'- run: make test ARGS="{SOME}"\n')
    text = text.replace("- run: make bench\n", "- run: make generate\n")
    assert SOME in text and "make bench" not in text
    workflow.write_text(text.replace('["3.11", "3.12", "3.13", "3.14"]', '["3.11"]'))
    head = ours.commit({})
    stub = tmp_path / "setup-python"
    stub.mkdir()
    (stub / "action.yml").write_text(SETUP)
    pins = set(re.findall(r"actions/setup-python@([0-9a-f]{40})", text))
    assert len(pins) == 1
    event = {
        "ref": "refs/heads/main",
        "before": head,
        "after": head,
        "repository": {"full_name": "seatrial/seatrial"},
    }
    mapped = [f"actions/setup-python@{pins.pop()}={stub}"]
    run = act.run(ours, event, name="push", repository="seatrial/seatrial", repositories=mapped)
    assert run.code == 0, run.text[-4000:]
    assert {run.job(name).result for name in ("test", "passed")} == {"success"}
