"""The consumer's command that brings the data, under limits."""

from seatrial.commands.environment import child_environment, refuse_if_privileged
from seatrial.commands.parsing import parse
from seatrial.commands.running import Limits, run
from seatrial.errors import BadInput
from seatrial.forge.runner import Runner
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.call import Call


def prepare(policy: Policy, call: Call, runner: Runner) -> int:
    """Run it. A policy without one is fine: then the data are there already."""
    asked = policy.prepare
    if asked is None:
        return _done(runner, "the policy has no prepare command")
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
    with runner.group("prepare"):
        done = run(
            argv, cwd=call.root, env=child_environment(call.environ), limits=limits, on_line=call.on_line
        )
    if done.stopped is None and done.code == 0:
        return _done(runner, f"the prepare command ended well after {done.seconds:.1f} s")
    what = (
        f"was stopped at its limit of {done.stopped}" if done.stopped else f"ended with exit code {done.code}"
    )
    lines = [shown(line, 200) for line in done.log_tail if line.strip()]
    said = f"; its last lines: {' ⏎ '.join(lines)}" if lines else "; it printed nothing"
    raise BadInput(f"the prepare command {what}{said}", location=location)


def _done(runner: Runner, told: str) -> int:
    runner.say(told)
    runner.output("summary", told)
    return 0
