"""The consumer's command that brings the data, under limits: in the checkout, or by reviewed code alone."""

import contextlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from seatrial.commands.environment import child_environment, environment_in, refuse_if_privileged
from seatrial.commands.parsing import parse
from seatrial.commands.running import Limits, run
from seatrial.errors import BadInput
from seatrial.forge.contents import clean_path
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.evaluation.requirements import own_environment
from seatrial.trial.evaluation.sources import tree_of_base
from seatrial.trial.withholding import withheld

NOTHING_TO_DO = "the policy has no prepare command"


def prepare(policy: Policy, call: Call) -> str:
    """Run it in the checkout; returns what was done. A policy without one is fine: the data are there."""
    if policy.prepare is None:
        return NOTHING_TO_DO
    return _run(policy, call, call.root, child_environment(call.environ))


def prepare_reviewed(policy: Policy, call: Call, requirements: str) -> str:
    """Run the base commit's own, and bring the labelled rows from there; nothing of the change is run.

    Where there is no base, as on a push, the checkout is what was reviewed.
    """
    if policy.prepare is None:
        return NOTHING_TO_DO
    compares = call.subject.compares
    place = tree_of_base(call, "the prepare command") if compares else contextlib.nullcontext(call.root)
    with place as folder:
        environment = environment_in(call.environ, folder)
        if requirements and (folder / clean_path(requirements)).is_file():
            limits = Limits(time=policy.prepare.time.total_seconds())
            file = folder / clean_path(requirements)
            environment = own_environment(file, requirements, call, folder, environment, limits)
        told = _run(policy, call, folder, environment)
        if compares and policy.evaluate is not None:
            _bring(policy, call, folder, policy.evaluate.data)
    return told


def _run(policy: Policy, call: Call, folder: Path, environment: Mapping[str, str]) -> str:
    asked = policy.prepare
    assert asked is not None
    location = policy.place("prepare", "run")
    refuse_if_privileged(call.environ)
    if call.subject.event == "pull_request_target":
        raise BadInput(
            "a prepare command runs the change's own code, and a `pull_request_target` job holds the base's "
            "token and secrets; trigger this workflow on `pull_request`",
            location=location,
        )
    limits = Limits(time=asked.time.total_seconds(), memory=asked.memory)
    argv = parse(asked.run, {}, location=location)
    with call.group("prepare"):
        done = run(argv, cwd=folder, env=environment, limits=limits, on_line=call.on_line)
    if done.stopped is None and done.code == 0:
        return f"the prepare command ended well after {done.seconds:.1f} s"
    code = f"ended with exit code {done.code}"
    what = f"was stopped at its limit of {done.stopped}" if done.stopped else code
    clean = withheld(call.environ)
    lines = [shown(clean(line), 200) for line in done.log_tail if line.strip()]
    said = f"; its last lines: {' ⏎ '.join(lines)}" if lines else "; it printed nothing"
    raise BadInput(f"the prepare command {what}{said}", location=location)


def _bring(policy: Policy, call: Call, folder: Path, path: str) -> None:
    """The file as the base's code made it, in place of whatever the checkout has there."""
    place = policy.place("evaluate", "data")
    source, target = folder / clean_path(path), call.root / clean_path(path)
    if source.is_symlink() or not source.is_file():
        raise BadInput(
            f"the base commit's prepare command made no file {shown(path)}; the rows that are judged come "
            "from there",
            location=place,
        )
    if target.parent.resolve() != call.root.resolve() / target.parent.relative_to(call.root):
        raise BadInput(f"{shown(path)} lies behind a link; put a folder there", location=place)
    above = next(each for each in target.parents if each.exists())
    if not above.is_dir() or (target.is_dir() and not target.is_symlink()):
        raise BadInput(
            f"the rows that are judged belong at {shown(path)}, and this change has something in their way; "
            "remove it",
            location=place,
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
