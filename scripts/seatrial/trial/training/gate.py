"""The training gate on a real checkout: run, look at what was left, judge, and put down as a Decision."""

from collections.abc import Iterable, Mapping
from datetime import date

from pydantic import JsonValue

from seatrial.commands.environment import child_environment, refuse_if_privileged
from seatrial.decision import Check, Decision, Outcome, Place, PolicySource, Verdict, verdict_of
from seatrial.errors import BadInput
from seatrial.gates.training.asking import (
    CONSTANT,
    GATE,
    KINDS,
    METRICS,
    MODEL,
    PARTS,
    REPEAT,
    RUN,
    UNREAD,
    Part,
)
from seatrial.gates.training.judging import check_of
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.deciding import decision_of
from seatrial.trial.digests import digest_of
from seatrial.trial.preloading import preload
from seatrial.trial.training.constant import against_a_constant, why_not
from seatrial.trial.training.runs import Job, Seen, jobs_of, see
from seatrial.trial.training.unread import Unread
from seatrial.trial.waiving import waivers_used

Found = dict[str, dict[str, JsonValue]]  # the evidence of each kind of check
TITLES = {"smoke": "Training on a sample (train.smoke)", "full": "Training of the candidate (train.full)"}


def train(policy: Policy, source: PolicySource, call: Call, today: date) -> Decision:
    """Run the training gate. Raises BadInput and CouldNotDecide."""
    jobs = _asked(policy, call)
    refuse_if_privileged(call.environ)
    if call.subject.event == "pull_request_target":
        raise BadInput(
            "a training command runs the change's own code, and a `pull_request_target` job holds the base's "
            "token and secrets; trigger this workflow on `pull_request`",
            location=policy.place("train"),
        )
    commands = {part: job.argv(policy) for part, job in jobs.items()}  # faults of all, before any is run
    preload(call)
    checks: list[Check] = []
    digest: str | None = None
    for part, job in jobs.items():
        if not goes_on(policy, checks, today):
            told = "train.smoke did not pass, so this was not run"
            found: Found = {kind: {"skipped": told} for kind in _kinds(job)}
        else:
            found = _tried(policy, call, job, commands[part])
        checks += [
            check_of(part, kind, evidence, _place(policy, part, kind)) for kind, evidence in found.items()
        ]
        if part == "full" and all(c.outcome is Outcome.PASSED for c in checks if c.id.endswith("full/model")):
            digest = digest_of(call.root, job.model)
    return decided(policy, source, call, today, tuple(checks), digest)


def decided(
    policy: Policy,
    source: PolicySource,
    call: Call,
    today: date,
    checks: tuple[Check, ...],
    digest: str | None,
) -> Decision:
    """The Decision on these checks."""
    return decision_of(GATE, checks, policy, source, call, today, digest=digest)


def goes_on(policy: Policy, checks: Iterable[Check], today: date) -> bool:
    """Whether what comes next may run: nothing before it failed, or is undecided and not let through."""
    known = tuple(checks)
    if not known:
        return True
    waived = frozenset(waiver.check for waiver in waivers_used(policy, known, today))
    verdict = verdict_of(known, waived)
    through = verdict is Verdict.INCONCLUSIVE and policy.inconclusive == "allow"
    return verdict is Verdict.PASSED or through


def _asked(policy: Policy, call: Call) -> dict[Part, Job]:
    """The parts to run: those asked for, or all that the policy has."""
    jobs = jobs_of(policy)
    for name in call.parts:
        if name not in jobs:
            known = " and ".join(jobs)
            what = f"train has no part {name}" if name in PARTS else f"there is no part {shown(name)}"
            raise BadInput(f"{what}; the policy has {known}", location=policy.place("train"))
    return {part: job for part, job in jobs.items() if not call.parts or part in call.parts}


def _kinds(job: Job) -> list[str]:
    """The checks that a part has under this policy."""
    without = set()
    if job.asked.metrics is None:
        without.add(METRICS)
    if not getattr(job.asked, "beats_constant", False):
        without.add(CONSTANT)
    return [kind for kind in KINDS[job.part] if kind not in without]


def _tried(policy: Policy, call: Call, job: Job, argv: list[str]) -> Found:
    """Run it; the evidence of each check."""
    watch = Unread(policy, call.root)
    try:
        seen = see(
            job,
            argv,
            call,
            cwd=call.root,
            environment=child_environment(call.environ),
            what=TITLES[job.part],
        )
    finally:
        unread = watch.told()
    made = {
        RUN: _of_run(seen),
        MODEL: _of_files(seen, [each.to_json() for each in seen.models]),
        METRICS: _of_files(seen, [each.to_json() for each in seen.metrics]),
        UNREAD: unread,
    }
    found = {kind: made[kind] for kind in _kinds(job) if kind in made}
    passed = {kind: check_of(job.part, kind, made[kind]).outcome is Outcome.PASSED for kind in found}
    for kind in _kinds(job):
        if kind == REPEAT:
            found[kind] = _of_repeat(seen, passed.get(METRICS))
        elif kind == CONSTANT:
            found[kind] = _of_constant(policy, call, well=passed[RUN] and passed[MODEL])
    return found


def _of_run(seen: Seen) -> dict[str, JsonValue]:
    log: dict[str, JsonValue] = {"log": list(seen.log)} if seen.log else {}
    return {
        "runs": [run.to_json() for run in seen.runs],
        "asked": seen.asked,
        "limits": seen.limits.to_json(),
        **log,
    }


def _of_files(seen: Seen, files: list[dict[str, JsonValue]]) -> dict[str, JsonValue]:
    if not seen.well:
        return {"skipped": "the training did not end well"}
    return {"runs": [*files]}


def _of_repeat(seen: Seen, metrics: bool | None) -> dict[str, JsonValue]:
    asked = seen.job.asked
    if metrics is None:
        return {"skipped": "the policy names no metrics of the training, so runs cannot be compared"}
    if seen.job.times < 2:
        return {"skipped": "the policy asks for a single run (repeat: 1)"}
    if not metrics or len(seen.metrics) < 2:
        return {"skipped": "there are no two runs with metrics to compare"}
    return {
        "runs": [each.to_json() for each in seen.metrics],
        "tolerance": float(getattr(asked, "tolerance", 0.0)),
        "ignore": list(getattr(asked, "ignore", ())),
    }


def _of_constant(policy: Policy, call: Call, *, well: bool) -> dict[str, JsonValue]:
    reason = why_not(policy)
    if reason is None and not well:
        reason = "there is no model of this run"
    return {"skipped": reason} if reason is not None else against_a_constant(policy, call)


_KEYS: Mapping[str, str] = {
    RUN: "run",
    MODEL: "model",
    METRICS: "metrics",
    REPEAT: "repeat",
    CONSTANT: "beats_constant",
}


def _place(policy: Policy, part: Part, kind: str) -> Place:
    return Place.of(policy.place("train", part, *([_KEYS[kind]] if kind in _KEYS else [])))
