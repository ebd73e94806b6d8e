"""Our own repository uses its own gates on its example, as its workflow says."""

from dataclasses import replace
from pathlib import Path

import pytest
from acting import REPOSITORY, Act, Consumer, export
from published import rewritten, stubs, warm

PIN = "1" * 40  # a tag would be found by our own lint gate


@pytest.mark.act
def test_our_own_gates_pass_on_our_example(act: Act, tmp_path: Path) -> None:
    ours = Consumer(export(tmp_path / "ours"))
    folder = ours.root / ".github" / "workflows"
    for other in folder.glob("*.yml"):  # act starts all that know the event
        if other.name != "trial.yml":
            other.unlink()
    text = rewritten((folder / "trial.yml").read_text())
    assert text.count("/ci.yml@v1\n") == 1
    (folder / "trial.yml").write_text(text.replace("/ci.yml@v1\n", f"/ci.yml@{PIN} # v0.1.0\n"))
    before = ours.commit({}, "base")
    head = ours.commit({"examples/complete/README.md": "# Another one\n"})
    home = tmp_path / "home"
    home.mkdir()
    run = replace(warm(act, tmp_path / "warm"), home=home).run(
        ours,
        {"ref": "refs/heads/main", "before": before, "after": head, "repository": {"full_name": REPOSITORY}},
        name="push",
        env={"ARTIFACTS": str(tmp_path / "artifacts"), "CONSUMER": str(ours.root)},
        repositories=[*stubs(), f"seatrial/seatrial@{PIN}={act.seatrial}"],
    )
    assert run.code == 0, run.log
    assert run.nested("verdict").result == "success"
    kept = {path.name for path in (tmp_path / "artifacts").glob("*/*")}
    assert {f"seatrial-biopsy-{gate}-1" for gate in ("lint", "data", "training", "evaluation")} <= kept
