"""What one job tells the others: which of them there are for a model, and what each is given."""

import json
from dataclasses import dataclass

from seatrial.decision import DATA, EVALUATION, GATES, LINT, TRAINING

# The jobs of one model in the order in which they run, and the gate that each decides.
GATE_OF_JOB: dict[str, str | None] = {
    LINT: LINT,
    DATA: DATA,
    "train": TRAINING,
    "predict": None,
    "judge": EVALUATION,
}


@dataclass(frozen=True)
class Plan:
    """The jobs of one model. requirements: the files that its jobs install, where the policy names any.

    base: the commit whose policy counts and whose files are the baseline; empty where there is none.
    """

    policy: str
    model: str
    gates: tuple[str, ...]
    jobs: tuple[str, ...]
    full: bool = False
    prepare: bool = False
    requirements: str = ""
    base: str = ""

    def to_json(self) -> str:
        """On one line, as one job hands it to another."""
        return json.dumps(vars(self), separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> "Plan":
        """What another job of this workflow wrote. Raises ValueError, TypeError or KeyError."""
        found = json.loads(text)
        lists = {name: tuple(found[name]) for name in ("gates", "jobs")}
        if not set(lists["jobs"]) <= GATE_OF_JOB.keys() or not set(lists["gates"]) <= set(GATES):
            raise ValueError("a gate or a job that no plan has")
        return Plan(**{**found, **lists})
