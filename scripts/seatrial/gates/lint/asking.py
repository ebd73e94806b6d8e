"""The names of the lint gate's checks, and what is said of a command that is not run."""

from seatrial.decision import LINT

GATE = LINT
PREFIX = f"{GATE}/"
UNTRIED = "not tried: nobody has reviewed this command; it runs once the change is merged"


def id_of(name: str) -> str:
    """lint/secrets; lint/ruff check ."""
    return f"{PREFIX}{name}"
