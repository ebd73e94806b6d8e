"""What a linter or a command found: small, of counts and short texts, and read back strictly."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from pydantic import JsonValue

Action = Literal["fail", "warn"]
Stopped = Literal["time", "memory"]

MOST_AT = 20
MOST_LINES = 3
LONGEST_FILE = 300
LONGEST_TEXT = 300
LARGEST = 2**53


@dataclass(frozen=True)
class At:
    """One place: a file, a line of it where one is known, and what was found there."""

    file: str
    line: int | None
    what: str

    def to_json(self) -> dict[str, JsonValue]:
        return {"file": self.file, "line": self.line, "what": self.what}

    @staticmethod
    def from_json(data: JsonValue) -> "At":
        found = _keys(data, {"file", "line", "what"}, "a place")
        line = found["line"]
        if line is not None and count_of(line) < 1:
            raise ValueError("lines count from 1")
        return At(
            _text(found["file"], LONGEST_FILE),
            None if line is None else count_of(line),
            _text(found["what"], LONGEST_TEXT),
        )


@dataclass(frozen=True)
class Findings:
    """What a built-in check found.

    files: how many it looked at. left_out: binary ones among text. unread: those that it could not look at.
    """

    action: Action
    files: int
    found: int
    at: Sequence[At] = ()
    left_out: int = 0
    unread: int = 0
    unread_at: Sequence[At] = ()

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "shape": "findings",
            "action": self.action,
            "files": self.files,
            "found": self.found,
            "at": [each.to_json() for each in self.at],
            "left_out": self.left_out,
            "unread": self.unread,
            "unread_at": [each.to_json() for each in self.unread_at],
        }

    @staticmethod
    def from_json(data: JsonValue) -> "Findings":
        keys = {"shape", "action", "files", "found", "at", "left_out", "unread", "unread_at"}
        found = _keys(data, keys, "findings")
        counts = {name: count_of(found[name]) for name in ("files", "found", "left_out", "unread")}
        return Findings(
            _action(found["action"]),
            counts["files"],
            counts["found"],
            _places(found["at"], counts["found"]),
            counts["left_out"],
            counts["unread"],
            _places(found["unread_at"], counts["unread"]),
        )


@dataclass(frozen=True)
class Ran:
    """How a command ended. code is None where it could not be started, and problem then says why.

    more: whether there were more places in its output than were counted.
    """

    action: Action
    code: int | None
    stopped: Stopped | None = None
    seconds: float = 0.0
    time: float = 0.0
    found: int = 0
    more: bool = False
    at: Sequence[At] = ()
    survivors: int = 0
    log: Sequence[str] = field(default=())
    problem: str | None = None

    def to_json(self) -> dict[str, JsonValue]:
        if self.code is None:
            return {"shape": "command", "action": self.action, "problem": self.problem}
        return {
            "shape": "command",
            "action": self.action,
            "code": self.code,
            "stopped": self.stopped,
            "seconds": self.seconds,
            "time": self.time,
            "found": self.found,
            "more": self.more,
            "at": [each.to_json() for each in self.at],
            "survivors": self.survivors,
            "log": list(self.log),
        }

    @staticmethod
    def from_json(data: JsonValue) -> "Ran":
        if isinstance(data, dict) and "problem" in data:
            found = _keys(data, {"shape", "action", "problem"}, "a command that was not run")
            return Ran(_action(found["action"]), None, problem=_text(found["problem"], LONGEST_TEXT))
        found = _keys(
            data,
            {
                "shape", "action", "code", "stopped", "seconds", "time", "found", "more", "at", "survivors",
                "log",
            },
            "a command",
        )  # fmt: skip
        code, stopped, more = found["code"], found["stopped"], found["more"]
        if isinstance(code, bool) or not isinstance(code, int) or abs(code) > 2**32:
            raise ValueError("an exit code is a whole number")
        if stopped not in (None, "time", "memory") or not isinstance(more, bool):
            raise ValueError("a command is stopped by time, by memory, or not at all")
        count, log = count_of(found["found"]), found["log"]
        if not isinstance(log, list) or len(log) > MOST_LINES:
            raise ValueError(f"at most {MOST_LINES} last lines are kept")
        return Ran(
            _action(found["action"]),
            code,
            cast(Stopped | None, stopped),
            _number(found["seconds"]),
            _number(found["time"]),
            count,
            more,
            _places(found["at"], count),
            count_of(found["survivors"]),
            [_text(line, LONGEST_TEXT) for line in log],
        )


def count_of(data: JsonValue) -> int:
    """A whole number from 0."""
    if isinstance(data, bool) or not isinstance(data, int) or not 0 <= data < LARGEST:
        raise ValueError("a count is a whole number from 0")
    return data


def read(evidence: Mapping[str, JsonValue]) -> Findings | Ran:
    """The evidence of a check. Raises ValueError where it is of no known form."""
    shape = evidence.get("shape")
    if shape == "findings":
        return Findings.from_json(dict(evidence))
    if shape == "command":
        return Ran.from_json(dict(evidence))
    raise ValueError("evidence is of findings or of a command")


def places_of(evidence: Mapping[str, JsonValue]) -> Sequence[At]:
    """The places that a check's evidence names; none where it cannot be read."""
    try:
        return read(evidence).at
    except ValueError:
        return ()


def _places(data: JsonValue, count: int) -> tuple[At, ...]:
    if not isinstance(data, list) or len(data) != min(count, MOST_AT):
        raise ValueError(f"the first {MOST_AT} places are kept, of as many as were found")
    return tuple(At.from_json(each) for each in data)


def _action(data: JsonValue) -> Action:
    if data not in ("fail", "warn"):
        raise ValueError("the action is fail or warn")
    return cast(Action, data)


def _keys(data: JsonValue, wanted: set[str], what: str) -> dict[str, JsonValue]:
    if not isinstance(data, dict) or data.keys() != wanted:
        raise ValueError(f"{what} has exactly {', '.join(sorted(wanted))}")
    return data


def _text(data: JsonValue, longest: int) -> str:
    if not isinstance(data, str) or not data.strip() or len(data) > longest:
        raise ValueError(f"a text of 1 to {longest} characters is expected")
    return data


def _number(data: JsonValue) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
        raise ValueError("a finite number is expected")
    if not 0 <= data < LARGEST:
        raise ValueError("a number from 0 is expected")
    return float(data)
