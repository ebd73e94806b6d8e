"""The names of the training gate's checks."""

from typing import Literal

from seatrial.decision import TRAINING

GATE = TRAINING
PREFIX = f"{GATE}/"
Part = Literal["smoke", "full"]
PARTS: tuple[Part, ...] = ("smoke", "full")

RUN, MODEL, METRICS, UNREAD, REPEAT, CONSTANT = "run", "model", "metrics", "unread", "repeat", "constant"
KINDS: dict[Part, tuple[str, ...]] = {
    "smoke": (RUN, MODEL, METRICS, UNREAD, REPEAT, CONSTANT),
    "full": (RUN, MODEL, METRICS, UNREAD),
}


def id_of(part: Part, kind: str) -> str:
    """training/smoke; training/smoke/model."""
    return f"{PREFIX}{part}" if kind == RUN else f"{PREFIX}{part}/{kind}"


IDS: dict[str, tuple[Part, str]] = {
    id_of(part, kind): (part, kind) for part, kinds in KINDS.items() for kind in kinds
}
