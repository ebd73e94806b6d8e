"""The names of the lint gate's checks."""

GATE = "lint"
PREFIX = f"{GATE}/"


def id_of(name: str) -> str:
    """lint/secrets; lint/ruff check ."""
    return f"{PREFIX}{name}"
