"""One part of a training: the command run as often as it is asked for, and what was seen of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.commands.parsing import parse
from seatrial.commands.running import Finished, Limits, Progress, run
from seatrial.gates.training import evidence, words
from seatrial.gates.training.asking import Part
from seatrial.gates.training.evidence import LONGEST_LINE, MOST_LINES, Made, Ran, Told
from seatrial.gates.training.judging import made_in_vain
from seatrial.policy.model import Policy
from seatrial.policy.train import Full, Smoke
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.training.made import made, signature, told
from seatrial.trial.withholding import withheld


@dataclass(frozen=True)
class Job:
    """What is to be run: a part of the section train."""

    part: Part
    asked: Smoke | Full
    model: str
    seed: int
    times: int
    location: tuple[str, ...]

    @property
    def limits(self) -> Limits:
        return Limits(self.asked.time.total_seconds(), self.asked.memory, self.asked.output)

    def argv(self, policy: Policy) -> list[str]:
        """The command with its placeholders filled in."""
        values = {"seed": str(self.seed), "model": self.model}
        if self.asked.metrics is not None:
            values["metrics"] = self.asked.metrics
        return parse(self.asked.run, values, location=policy.place(*self.location))


@dataclass
class Seen:
    """What was seen of the runs, in their order. log: the last lines of a run that failed."""

    job: Job
    runs: list[Ran] = field(default_factory=list)
    models: list[Made] = field(default_factory=list)
    metrics: list[Told] = field(default_factory=list)
    log: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether every run ended well."""
        return len(self.models) == len(self.runs)

    @property
    def asked(self) -> int:
        """How many runs there were to be; a fault in what the last one left makes more of them idle."""
        return len(self.runs) if self.well else self.job.times

    @property
    def limits(self) -> evidence.Limits:
        limits = self.job.limits
        return evidence.Limits(limits.time, limits.memory, limits.output)


def jobs_of(policy: Policy) -> dict[Part, Job]:
    """The parts of the policy's training."""
    train = policy.train
    assert train is not None
    found: dict[Part, Job] = {}
    if train.smoke is not None:
        # Without metrics there is nothing to compare, so that a second run would show nothing.
        times = train.smoke.repeat if train.smoke.metrics is not None else 1
        found["smoke"] = Job(
            "smoke", train.smoke, train.smoke.model, policy.seed, times, ("train", "smoke", "run")
        )
    if train.full is not None:
        assert train.full.model is not None, "the policy fills it in"
        found["full"] = Job("full", train.full, train.full.model, policy.seed, 1, ("train", "full", "run"))
    return found


def see(
    job: Job, argv: list[str], call: Call, *, cwd: Path, environment: Mapping[str, str], what: str
) -> Seen:
    """Run the command until it fails, leaves what it should not, or has run often enough."""
    seen = Seen(job)
    for number in range(1, job.times + 1):
        before = signature(cwd, job.model)
        old = None if job.asked.metrics is None else signature(cwd, job.asked.metrics)
        with call.group(f"{what}, run {number} of {job.times}" if job.times > 1 else what):
            finished = _run(argv, call, cwd, environment, job)
        seen.runs.append(_ran(finished))
        if finished.code != 0 or finished.stopped:
            seen.log = _log(finished, call)
            break
        seen.models.append(made(cwd, job.model, before))
        if job.asked.metrics is not None:
            seen.metrics.append(told(cwd, job.asked.metrics, old))
        faulty = seen.metrics and seen.metrics[-1].problem is not None
        if faulty or made_in_vain(seen.models[-1]) is not None:
            break
    return seen


def _run(argv: list[str], call: Call, cwd: Path, environment: Mapping[str, str], job: Job) -> Finished:
    def quiet(progress: Progress) -> None:
        call.on_line(
            f"[seatrial] {words.age(progress.seconds)} so far, nothing printed for "
            f"{words.age(progress.silent)}; {progress.processes} processes, {words.size(progress.memory)} of "
            f"memory, {words.age(progress.processor)} of processor time"
        )

    return run(
        argv,
        cwd=cwd,
        env={**environment, "SEATRIAL_SEED": str(job.seed)},
        limits=job.limits,
        on_line=call.on_line,
        on_quiet=quiet,
    )


def _ran(finished: Finished) -> Ran:
    return Ran(
        finished.code,
        finished.stopped,
        round(finished.seconds, 3),
        round(finished.processor, 3),
        finished.peak_memory,
        finished.survivors,
        finished.truncated,
    )


def _log(finished: Finished, call: Call) -> tuple[str, ...]:
    """Its last lines, as text that is safe to keep."""
    clean = withheld(call.environ)
    lines = [shown(clean(line), LONGEST_LINE) for line in finished.log_tail if line.strip()]
    return tuple(lines[-MOST_LINES:])
