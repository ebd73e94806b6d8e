"""What lies behind a stated check, as plain lines. It may come from a fork, so nothing is taken on trust."""

from collections.abc import Mapping
from dataclasses import dataclass

from seatrial.decision import LINT, TRAINING, Check

GATES = (LINT, TRAINING)
MOST_LINES = 20
LONGEST = 300


@dataclass(frozen=True)
class Behind:
    """places: where it was found, each `file:line: what`. log: the last lines that a command printed."""

    places: tuple[str, ...]
    more: int
    log: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.places or self.log)


def gate_of(check: Check) -> str:
    """The gate that the check's id names."""
    return check.id.partition("/")[0]


def is_stated(check: Check) -> bool:
    return gate_of(check) in GATES


def behind(check: Check) -> Behind:
    """The places and the last lines that the evidence holds; what cannot be read is left out."""
    at = check.evidence.get("at")
    places = [_place(each) for each in at if isinstance(each, dict)] if isinstance(at, list) else []
    counted = check.evidence.get("found")
    count = counted if isinstance(counted, int) and not isinstance(counted, bool) else 0
    log = check.evidence.get("log")
    lines = [line[:LONGEST] for line in log if isinstance(line, str)] if isinstance(log, list) else []
    return Behind(
        tuple(places[:MOST_LINES]),
        max(0, min(count, 2**53) - len(places[:MOST_LINES])) if places else 0,
        tuple(lines[-MOST_LINES:]),
    )


def _place(found: Mapping[str, object]) -> str:
    line = found.get("line")
    where = str(found.get("file", ""))[:LONGEST]
    where += f":{line}" if isinstance(line, int) and not isinstance(line, bool) else ""
    what = str(found.get("what", ""))[:LONGEST]
    return f"{where}: {what}" if what else where
