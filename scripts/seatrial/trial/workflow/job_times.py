"""Whether a job lasts as long as the commands that it runs may take.

Where a command's own limit ends it, the verdict says so; where GitHub ends the job, there is none.
"""

import math
from collections.abc import Iterator, Mapping

from seatrial.errors import BadInput
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.workflow.plan import GATE_OF_JOB, Plan

SET_UP = 5  # minutes for checkouts, Python, and what the job installs and hands on
MOST = 100_000


def read_minutes(text: str) -> dict[str, float]:
    """Lines of `job: minutes`, as ci.yml writes them from its inputs. Raises BadInput."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        job, _, number = line.partition(":")
        if not line.strip():
            continue
        try:
            minutes = float(number)
        except ValueError:
            minutes = math.nan
        if job.strip() not in GATE_OF_JOB or not 0 < minutes <= MOST:
            raise BadInput(
                f"the input `minutes` says {shown(line.strip())}; expected a job of {', '.join(GATE_OF_JOB)} "
                "and how many minutes it may take, such as `lint: 60`"
            )
        found[job.strip()] = minutes
    return found


def too_short(plan: Plan, policy: Policy, minutes: Mapping[str, float]) -> Iterator[str]:
    """A line for each job of the plan that GitHub may end before a command's own limit does."""
    for job, seconds in longest(policy).items():
        if job not in plan.jobs or job not in minutes:
            continue
        needed = math.ceil(seconds / 60) + SET_UP
        if needed > minutes[job]:
            yield (
                f"{plan.policy}: the commands of the job `{job}` may take {needed - SET_UP} minutes by their "
                f"limits, and the job has {minutes[job]:g}: ended by GitHub it would tell no reason. Give "
                f"ci.yml `{job}-minutes: {needed}` or more, or lower the `time` of the commands"
            )


def longest(policy: Policy) -> dict[str, float]:
    """Seconds that the commands of each job may take together, by their own limits."""
    prepare = policy.prepare.time.total_seconds() if policy.prepare else 0.0
    smoke = policy.train.smoke if policy.train else None
    full = policy.train.full if policy.train else None
    fully = full.time.total_seconds() if full else 0.0
    repeated = smoke.time.total_seconds() * (smoke.repeat if smoke.metrics else 1) if smoke else 0.0
    asked = policy.evaluate
    one = asked.time.total_seconds() if asked else 0.0
    arms = (1 if asked.baseline is None else 2) if asked and asked.predict else 0
    retrained = asked is not None and asked.baseline is not None and asked.baseline.kind == "retrain"
    return {
        "lint": len(policy.lint.run) * policy.lint.time.total_seconds() if policy.lint else 0.0,
        "data": prepare + policy.data.time.total_seconds(),
        "train": prepare + repeated + fully,
        "predict": prepare + arms * one + (fully if retrained else 0.0),
        "judge": prepare + one,
    }
