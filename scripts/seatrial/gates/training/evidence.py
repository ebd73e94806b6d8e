"""What was seen of a training: small, of numbers and short texts, and read back strictly."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from pydantic import JsonValue

from seatrial.gates.training.metrics import LONGEST_NAME, MOST_METRICS

Stopped = Literal["time", "memory"]

MOST_RUNS = 10
MOST_LINES = 20
LONGEST_LINE = 300
LONGEST_TEXT = 600
MOST_NAMED = 20
LARGEST = 2**53


@dataclass(frozen=True)
class Limits:
    """What the policy allows one run. time: seconds; memory and output: bytes."""

    time: float
    memory: int | None
    output: int

    def to_json(self) -> dict[str, JsonValue]:
        return {"time": self.time, "memory": self.memory, "output": self.output}

    @staticmethod
    def from_json(data: JsonValue) -> "Limits":
        found = _keys(data, {"time", "memory", "output"}, "limits")
        memory = found["memory"]
        return Limits(
            _number(found["time"]), None if memory is None else _count(memory), _count(found["output"])
        )


@dataclass(frozen=True)
class Ran:
    """How one run of the command ended. processor: seconds of all its processes; peak: bytes of them all."""

    code: int
    stopped: Stopped | None
    seconds: float
    processor: float
    peak: int
    survivors: int
    truncated: bool

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "code": self.code,
            "stopped": self.stopped,
            "seconds": self.seconds,
            "processor": self.processor,
            "peak": self.peak,
            "survivors": self.survivors,
            "truncated": self.truncated,
        }

    @staticmethod
    def from_json(data: JsonValue) -> "Ran":
        found = _keys(
            data, {"code", "stopped", "seconds", "processor", "peak", "survivors", "truncated"}, "a run"
        )
        code, stopped, truncated = found["code"], found["stopped"], found["truncated"]
        if isinstance(code, bool) or not isinstance(code, int) or abs(code) > 2**32:
            raise ValueError("an exit code is a whole number")
        if stopped not in (None, "time", "memory") or not isinstance(truncated, bool):
            raise ValueError("a run is stopped by time, by memory, or not at all")
        return Ran(
            code,
            cast(Stopped | None, stopped),
            _number(found["seconds"]),
            _number(found["processor"]),
            _count(found["peak"]),
            _count(found["survivors"]),
            truncated,
        )


@dataclass(frozen=True)
class Signature:
    """What tells one state of a file from another; the long numbers as text, since JSON would round them."""

    inode: str
    modified: str
    changed: str
    size: int

    def to_json(self) -> dict[str, JsonValue]:
        return {"inode": self.inode, "modified": self.modified, "changed": self.changed, "size": self.size}

    @staticmethod
    def from_json(data: JsonValue) -> "Signature":
        found = _keys(data, {"inode", "modified", "changed", "size"}, "a signature")
        texts = [found[name] for name in ("inode", "modified", "changed")]
        if not all(
            isinstance(text, str) and text.lstrip("-").isdigit() and len(text) <= 30 for text in texts
        ):
            raise ValueError("a signature is of whole numbers, as text")
        return Signature(str(texts[0]), str(texts[1]), str(texts[2]), _count(found["size"]))


@dataclass(frozen=True)
class Made:
    """A file before and after a run; None where there was none. problem: why it is no file to go by."""

    before: Signature | None = None
    after: Signature | None = None
    problem: str | None = None

    def to_json(self) -> dict[str, JsonValue]:
        if self.problem is not None:
            return {"problem": self.problem}
        before, after = (None if each is None else each.to_json() for each in (self.before, self.after))
        return {"before": before, "after": after}

    @staticmethod
    def from_json(data: JsonValue) -> "Made":
        if isinstance(data, dict) and "problem" in data:
            return Made(problem=text_of(_keys(data, {"problem"}, "a file")["problem"]))
        found = _keys(data, {"before", "after"}, "a file")
        before, after = (
            None if found[name] is None else Signature.from_json(found[name]) for name in ("before", "after")
        )
        return Made(before, after)


@dataclass(frozen=True)
class Told:
    """The metrics that one run wrote, or why there are none to go by."""

    metrics: Mapping[str, float] | None = None
    problem: str | None = None

    def to_json(self) -> dict[str, JsonValue]:
        if self.metrics is None:
            return {"problem": self.problem}
        return {"metrics": dict(self.metrics)}

    @staticmethod
    def from_json(data: JsonValue) -> "Told":
        if isinstance(data, dict) and "problem" in data:
            return Told(problem=text_of(_keys(data, {"problem"}, "metrics")["problem"]))
        found = _keys(data, {"metrics"}, "metrics")["metrics"]
        if not isinstance(found, dict) or not 0 < len(found) <= MOST_METRICS:
            raise ValueError(f"metrics are 1 to {MOST_METRICS} names and numbers")
        if any(len(name) > LONGEST_NAME for name in found):
            raise ValueError("a metric's name is too long")
        return Told({name: _any_number(value) for name, value in found.items()})


def runs_of(data: JsonValue) -> Sequence[JsonValue]:
    """The runs of a check."""
    if not isinstance(data, list) or not 0 < len(data) <= MOST_RUNS:
        raise ValueError(f"a training has 1 to {MOST_RUNS} runs")
    return data


def keys_of(data: object, wanted: set[str], what: str) -> dict[str, JsonValue]:
    """The object, which has exactly these keys."""
    return _keys(cast(JsonValue, data), wanted, what)


def text_of(data: JsonValue) -> str:
    """A short text that says something."""
    if not isinstance(data, str) or not data.strip() or len(data) > LONGEST_TEXT:
        raise ValueError(f"a reason is a text of 1 to {LONGEST_TEXT} characters")
    return data


def texts_of(data: JsonValue, most: int, longest: int) -> list[str]:
    """A short list of texts."""
    if not isinstance(data, list) or len(data) > most:
        raise ValueError(f"a list of at most {most} texts is expected")
    if not all(isinstance(each, str) and len(each) <= longest for each in data):
        raise ValueError(f"a list of texts of at most {longest} characters is expected")
    return [str(each) for each in data]


def number_of(data: JsonValue) -> float:
    """A finite number from 0."""
    return _number(data)


def count_of(data: JsonValue) -> int:
    """A whole number from 0."""
    return _count(data)


def _keys(data: JsonValue, wanted: set[str], what: str) -> dict[str, JsonValue]:
    if not isinstance(data, dict) or data.keys() != wanted:
        raise ValueError(f"{what} has exactly {', '.join(sorted(wanted))}")
    return data


def _any_number(data: JsonValue) -> float:
    if isinstance(data, bool) or not isinstance(data, int | float) or not math.isfinite(data):
        raise ValueError("a finite number is expected")
    return float(data)


def _number(data: JsonValue) -> float:
    found = _any_number(data)
    if not 0 <= found < LARGEST:
        raise ValueError("a number from 0 is expected")
    return found


def _count(data: JsonValue) -> int:
    if isinstance(data, bool) or not isinstance(data, int) or not 0 <= data < LARGEST:
        raise ValueError("a count is a whole number from 0")
    return data
