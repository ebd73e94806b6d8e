"""The actions `plan`, `prepare` and `predict`: the steps of a run before and between its gates."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from seatrial.actions import ACTIONS, read_inputs
from seatrial.forge.contents import Source
from seatrial.forge.event import Subject
from seatrial.forge.reviewed_policy import choose_policy
from seatrial.forge.runner import Runner
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.report.text import plain
from seatrial.trial.call import Call
from seatrial.trial.surroundings import base_of, lazy_client, read_subject, source_of
from seatrial.trial.workflow.caller_inputs import check_caller_inputs
from seatrial.trial.workflow.handing import NOTHING, Handed, handed_by
from seatrial.trial.workflow.job_times import read_minutes, too_short
from seatrial.trial.workflow.plan import Plan
from seatrial.trial.workflow.planning import named, plans_of

Found = TypeVar("Found")


def run_plan(environ: Mapping[str, str], runner: Runner) -> int:
    """The jobs that each policy asks for."""
    inputs = read_inputs(ACTIONS["plan"], environ)
    check_caller_inputs(inputs)
    subject, root, source = _place(environ, inputs)
    paths = named([line for line in inputs["policy"].splitlines() if line.strip()], root, subject, source)
    minutes = read_minutes(inputs["minutes"])

    def look(plan: Plan, policy: Policy) -> None:
        for line in too_short(plan, policy, minutes):
            runner.annotate("warning", "A job may be too short", plain(line, 600))

    plans = plans_of(paths, root, subject, source, look)
    for plan in plans:
        runner.say(plain(f"{plan.policy}: model {plan.model}; jobs {', '.join(plan.jobs)}", 400))
    matrix = [{"model": plan.model, "plan": plan.to_json()} for plan in plans]
    runner.output("plans", json.dumps(matrix, separators=(",", ":")))
    runner.output("plan", f"[{','.join(plan.to_json() for plan in plans)}]")
    return 0


def run_prepare(environ: Mapping[str, str], runner: Runner) -> int:
    """The command that brings the data."""
    from seatrial.trial.workflow.preparing import prepare, prepare_reviewed

    inputs = read_inputs(ACTIONS["prepare"], environ)
    reviewed = inputs["reviewed"] == "true"

    def step(policy: Policy, call: Call) -> int:
        told = prepare_reviewed(policy, call, inputs["requirements"]) if reviewed else prepare(policy, call)
        runner.say(told)
        runner.output("summary", told)
        return 0

    return _with_policy(inputs, environ, runner, step)


def run_predict(environ: Mapping[str, str], runner: Runner) -> int:
    """Predictions of both arms, put down for another job."""
    from seatrial.trial.evaluation.predicting import predict_both

    inputs = read_inputs(ACTIONS["predict"], environ)

    def predict(policy: Policy, call: Call) -> int:
        if call.handed.untrained:
            runner.say("the training left no model, so there is nothing to predict with")
            return 0
        found = predict_both(policy, call, call.out)
        runner.output("predictions", str(found.folder))
        runner.output("predictions-sha256", found.sha256)
        runner.say(f"made for the job that judges, {'with' if found.baseline else 'without'} a baseline")
        runner.say(f"manifest {found.sha256}")
        return 0

    return _with_policy(inputs, environ, runner, predict, handed_by(inputs))


def _place(environ: Mapping[str, str], inputs: Mapping[str, str]) -> tuple[Subject, Path, Source]:
    subject = read_subject(environ)
    root = Path(environ.get("GITHUB_WORKSPACE") or os.getcwd()).resolve()
    token = inputs["github-token"]
    client = lazy_client(subject, token) if token else None
    return subject, root, source_of(root, subject, client, environ, base_of(inputs))


def _with_policy(
    inputs: Mapping[str, str],
    environ: Mapping[str, str],
    runner: Runner,
    step: Callable[[Policy, Call], Found],
    handed: Handed = NOTHING,
) -> Found:
    """Do a step under the policy that counts."""
    subject, root, source = _place(environ, inputs)
    token = inputs["github-token"]
    folder = environ.get("RUNNER_TEMP") or tempfile.gettempdir()
    policy = parse(choose_policy(subject, inputs["policy"], root, source).text, inputs["policy"])
    with tempfile.TemporaryDirectory(prefix="seatrial-scratch-", dir=folder) as scratch:
        call = Call(
            root=root,
            out=Path(tempfile.mkdtemp(prefix="seatrial-", dir=folder)),
            scratch=Path(scratch),
            policy=inputs["policy"],
            gates=(),
            subject=subject,
            source=source,
            environ=environ,
            on_line=runner.relay,
            group=runner.group,
            handed=handed,
            base=base_of(inputs),
            artifacts=lazy_client(subject, token) if token else None,
        )
        return step(policy, call)
