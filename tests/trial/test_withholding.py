"""Secrets that a command prints: a runner masks them in its log, and nobody does in a comment."""

import os
from pathlib import Path

import pytest

from seatrial.commands.running import Limits
from seatrial.errors import BadInput, CouldNotDecide
from seatrial.forge.event import Subject
from seatrial.policy import parse
from seatrial.trial.call import Call
from seatrial.trial.evaluation.gathering import gather
from seatrial.trial.evaluation.requirements import own_environment
from seatrial.trial.withholding import withheld
from seatrial.trial.workflow.preparing import prepare

SECRET = "thisisahiddenvalue"
POLICY = """version: 1
model: {name: m, task: binary}
prepare: {run: [python3, tell.py]}
evaluate:
  data: rows.csv
  label: y
  key: id
  predict: [python3, tell.py, "{data}", "{out}"]
  metrics: {roc_auc: {min: 0.5}}
"""
TELL = "import os\nraise SystemExit('cannot log in with ' + os.environ['DATABASE_PASSWORD'])\n"


@pytest.fixture
def call(tmp_path: Path) -> Call:
    root, scratch = tmp_path / "checkout", tmp_path / "scratch"
    root.mkdir()
    scratch.mkdir()
    (root / "rows.csv").write_text("id,y,x\n1,0,2\n2,1,3\n")
    (root / "tell.py").write_text(TELL)
    environ = {"PATH": os.environ["PATH"], "DATABASE_PASSWORD": SECRET}
    subject = Subject("a/b", "local", "", 0, 1, "w", "j", "", "")
    return Call(root, scratch, scratch, "seatrial.yml", (), subject, None, environ)  # type: ignore[arg-type]


def test_what_a_failed_command_says_holds_no_secret(call: Call) -> None:
    policy = parse(POLICY.encode(), "seatrial.yml")
    for step in (prepare, gather):
        with pytest.raises(BadInput) as told:
            step(policy, call)
        assert "cannot log in with ***" in str(told.value) and SECRET not in str(told.value)


def test_what_a_failed_install_says_holds_no_secret(call: Call) -> None:
    file = call.root / "needs.txt"
    file.write_text(f"--{SECRET}\n")
    with pytest.raises(CouldNotDecide) as told:
        own_environment(file, "needs.txt", call, call.root, call.environ, Limits(time=60))
    assert "***" in str(told.value) and SECRET not in str(told.value)


@pytest.mark.parametrize(
    "name", ["HF_TOKEN", "CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "api_key", "PGPASSWORD", "DB_CREDENTIALS"]
)
def test_names_that_secrets_go_by(name: str) -> None:
    assert withheld({name: SECRET})(f"with {SECRET}.") == "with ***."
    assert withheld({"HOME": SECRET})(SECRET) == SECRET
