"""What the artifacts of a run are called: seatrial-<model>-<gate>-<attempt>."""

import re
from dataclasses import dataclass

GATES = ("lint", "data", "training", "evaluation")
_LENGTH = 60
_DECISION = re.compile(
    rf"seatrial-([A-Za-z0-9._-]{{1,{_LENGTH}}})-({'|'.join(GATES)})-([1-9][0-9]{{0,5}})", re.ASCII
)


@dataclass(frozen=True)
class Named:
    """What the name of a gate's artifact says. model: the safe form of its name."""

    model: str
    gate: str
    attempt: int


def safe_name(name: str) -> str:
    """A model's name as part of the name of an artifact."""
    return re.sub(r"[^A-Za-z0-9._-]", "-", name)[:_LENGTH]


def parse_name(name: str) -> Named | None:
    """The parts of a name; None where no gate's artifact is called so."""
    found = _DECISION.fullmatch(name)
    return None if found is None else Named(found[1], found[2], int(found[3]))
