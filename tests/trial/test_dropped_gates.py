"""A change that takes a gate out of its policy: still held to it, and free to be merged once it passes."""

from pathlib import Path

from flights import flights
from plans import PULL, Base

from seatrial.decision import Verdict
from seatrial.trial.call import Call
from seatrial.trial.run import run_trial

POLICY = """version: 1
model: {name: late, task: binary}
lint: []
data: {train: data.csv, columns: {wind: {type: number, max: 9}}}
"""
WITHOUT = "version: 1\nmodel: {name: late, task: binary}\nlint: []\n"


def test_a_gate_that_the_change_takes_out_still_counts_and_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "scratch").mkdir()
    (tmp_path / "data.csv").write_text(flights(50))
    (tmp_path / "seatrial.yml").write_text(WITHOUT)
    call = Call(
        root=tmp_path,
        out=tmp_path / "out",
        scratch=tmp_path / "scratch",
        policy="seatrial.yml",
        gates=("check-data",),
        subject=PULL,
        source=Base({"seatrial.yml": POLICY}, {"seatrial.yml"}),
        environ={},
    )
    tried = run_trial(call)
    assert [(d.gate, d.verdict) for d in tried.decisions] == [("data", Verdict.PASSED)]
    assert tried.fault is None
    assert tried.notes == ("The proposed policy takes the gate data out.",)
