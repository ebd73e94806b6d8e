"""The names of the lint gate's checks."""

from seatrial.decision import LINT

GATE = LINT
PREFIX = f"{GATE}/"


def id_of(name: str) -> str:
    """lint/secrets; lint/ruff check ."""
    return f"{PREFIX}{name}"
