"""The actions `trial`, `evaluate`, `check-data` and `smoke-train`: inputs and event in, verdict out."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from seatrial.actions import ACTIONS, read_inputs
from seatrial.commands.ahead import Ahead
from seatrial.errors import SeatrialError
from seatrial.forge.event import Subject
from seatrial.forge.runner import Runner
from seatrial.report.context import Context
from seatrial.trial import publishing
from seatrial.trial.call import Call
from seatrial.trial.run import Tried, judged_model, run_trial
from seatrial.trial.surroundings import (
    base_of,
    lazy_client,
    read_subject,
    refuse_base_alone,
    source_of,
    split,
)
from seatrial.trial.workflow.handing import NOTHING, Handed, handed_by


def run_trial_gates(environ: Mapping[str, str], runner: Runner) -> int:
    """The front door: every gate that the policy mentions, and the comment."""
    inputs = read_inputs(ACTIONS["trial"], environ)
    return _judge(inputs, split(inputs["gates"]), environ, runner, comments=True)


def run_evaluate(environ: Mapping[str, str], runner: Runner) -> int:
    """The evaluation gate alone; posts nothing."""
    inputs = read_inputs(ACTIONS["evaluate"], environ)
    return _judge(inputs, ("evaluation",), environ, runner, comments=False, handed=handed_by(inputs))


def run_check_data(environ: Mapping[str, str], runner: Runner, reader: Ahead | None = None) -> int:
    """The data gate alone; posts nothing. reader: what reads the data, started already."""
    inputs = read_inputs(ACTIONS["check-data"], environ)
    return _judge(inputs, ("data",), environ, runner, comments=False, reader=reader)


def run_lint(environ: Mapping[str, str], runner: Runner) -> int:
    """The lint gate alone; posts nothing."""
    inputs = read_inputs(ACTIONS["lint"], environ)
    return _judge(inputs, ("lint",), environ, runner, comments=False)


def run_smoke_train(environ: Mapping[str, str], runner: Runner) -> int:
    """The training gate alone; posts nothing."""
    inputs = read_inputs(ACTIONS["smoke-train"], environ)
    return _judge(inputs, ("training",), environ, runner, comments=False, parts=split(inputs["parts"]))


def _judge(
    inputs: Mapping[str, str],
    gates: tuple[str, ...],
    environ: Mapping[str, str],
    runner: Runner,
    *,
    comments: bool,
    handed: Handed = NOTHING,
    parts: tuple[str, ...] = (),
    reader: Ahead | None = None,
) -> int:
    subject = read_subject(environ)
    root = Path(environ.get("GITHUB_WORKSPACE") or os.getcwd()).resolve()
    if handed == NOTHING:
        refuse_base_alone(subject, root, environ)
    token = inputs["github-token"]
    client = lazy_client(subject, token)
    base = base_of(inputs)
    folder = environ.get("RUNNER_TEMP") or tempfile.gettempdir()
    # Made when no command of the consumer's is left, so that none has put anything into it.
    out = Path(folder) / f"seatrial-{secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory(prefix="seatrial-scratch-", dir=folder) as scratch:
        call = Call(
            root=root,
            out=out,
            scratch=Path(scratch),
            policy=inputs["policy"],
            gates=gates,
            subject=subject,
            source=source_of(root, subject, client if token else None, environ, base),
            environ=environ,
            on_line=runner.relay,
            group=runner.group,
            parts=parts,
            handed=handed,
            base=base,
            artifacts=client if token else None,
            reader=reader,
        )
        try:
            tried = run_trial(call)
        except SeatrialError as error:
            model = judged_model(call) if comments and token else None
            if model is not None:
                publishing.retract(runner, client, subject, model, error)
            raise
    out.mkdir(mode=0o700)
    context = context_of(tried, subject)
    publishing.announce(runner, tried.decisions, context)
    written = publishing.write(out, tried.decisions, tried.pictures, context)
    publishing.tell(runner, tried.decisions, written, context)
    if tried.trained is not None:
        runner.output("model", str(root / tried.trained.path))
        runner.output("model-sha256", tried.trained.sha256)
    if comments and token:
        publishing.post(runner, client, subject, tried.decisions, context)
    return code_of(tried, runner)


def code_of(tried: Tried, runner: Runner) -> int:
    """The verdict's exit code; where that is 0, a proposed policy that cannot be applied is bad input."""
    code = publishing.code_of(tried.decisions)
    if tried.fault is not None:
        runner.report_error(tried.fault)
    return tried.fault.exit_code if tried.fault is not None and code == 0 else code


def _sentence(note: str | None) -> str | None:
    return None if note is None else f"{note[:1].upper()}{note[1:]}."


def context_of(tried: Tried, subject: Subject) -> Context:
    """What the pages say beside the Decisions."""
    return Context(
        policy_note=" ".join(note for note in (_sentence(tried.choice.note), *tried.notes) if note) or None,
        unreviewed=not tried.choice.reviewed,
        other=tried.proposed,
        changes=tried.changes,
        run_url=subject.run_url if subject.run_id else None,
    )
