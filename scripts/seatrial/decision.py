"""The Decision: what a gate found, as data. Everything that people see is rendered from it.

Pure: no files, no network, no environment. Read strictly, since a Decision may
come from another job or from a fork.
"""

import hashlib
import math
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

import rfc8785
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from seatrial.errors import Location

SCHEMA_VERSION = 1

# The gates, in the order in which a trial runs them.
LINT = "lint"
DATA = "data"
TRAINING = "training"
EVALUATION = "evaluation"
GATES = (LINT, DATA, TRAINING, EVALUATION)


class Outcome(StrEnum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"  # could not be measured
    SKIPPED = "skipped"  # with a reason, such as a margin without a baseline


class Verdict(StrEnum):
    """What a gate says of the candidate."""

    PASSED = "passed"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"


Finite = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=2_000)]


class Record(BaseModel):
    """A part of a Decision: frozen, strict, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Interval(Record):
    """A confidence interval; an open end is null."""

    low: Finite | None
    high: Finite | None


class Limit(Record):
    """What the policy demands of a metric.

    min, max: an absolute bound on the candidate. margin: the loss against the
    baseline that one accepts. min_gain: the gain over the baseline that one wants.
    """

    kind: Literal["min", "max", "margin", "min_gain"]
    value: Finite


class Place(Record):
    """Where in the policy a check is asked for; counts from 1."""

    file: Text
    line: int = Field(ge=1)
    column: int = Field(ge=1)

    @classmethod
    def of(cls, location: Location) -> Self:
        """The place that an error would name."""
        return cls(file=location.file, line=location.line or 1, column=location.column or 1)


class Check(Record):
    """One condition inside a gate: what was measured, how surely, against which limit, with what outcome.

    slice: the part of the rows that it is about; column: the column of the data that it is about.
    """

    id: Text
    metric: Text
    slice: Text | None = None
    column: Text | None = None
    outcome: Outcome
    warn: bool = False
    reason: Text | None = None
    value: Finite | None = None
    baseline: Finite | None = None
    difference: Finite | None = None
    interval: Interval | None = None
    level: Annotated[float, Field(gt=0, lt=1)] | None = None
    n: int | None = Field(default=None, ge=0)
    needed: int | None = Field(default=None, ge=1)
    resolvable: Finite | None = None
    limit: Limit | None = None
    location: Place | None = None
    evidence: dict[str, JsonValue] = Field(default_factory=dict)


class Model(Record):
    """The model on trial. The digest is that of the file that was judged: model or predictions."""

    name: Text
    digest: Text | None = None


class Subject(Record):
    """What was judged: commits and the run that judged them."""

    repository: Text | None = None
    pull_request: int | None = Field(default=None, ge=1)
    head: Text | None = None
    base: Text | None = None
    run: Text | None = None
    attempt: int | None = Field(default=None, ge=1)


class PolicySource(Record):
    """Which policy was applied.

    changed: the pull request edits the policy file. no_pass: why nothing passes under this policy, whatever
    its checks found; it then bites with `enforce` and `block`, whatever it says itself.
    """

    ref: Text
    sha256: Text
    changed: bool = False
    no_pass: Text | None = None


class DataFile(Record):
    """A file of rows that was read."""

    path: Text
    sha256: Text
    rows: int = Field(ge=0)


class WaiverUsed(Record):
    """A failed or inconclusive check that the policy excuses for a while."""

    check: Text
    reason: Text
    until: Text  # ISO date, the last day on which it counts


class Decision(Record):
    """The record of one gate's verdict: enough to show it anywhere and to compute it again."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    gate: Text
    verdict: Verdict
    mode: Literal["enforce", "advisory"] = "enforce"
    inconclusive: Literal["block", "allow"] = "block"
    model: Model
    subject: Subject
    policy: PolicySource
    data: tuple[DataFile, ...] = ()
    tool: Text
    seed: int
    checks: Annotated[tuple[Check, ...], Field(max_length=10_000)]
    waivers: tuple[WaiverUsed, ...] = ()
    notes: tuple[Text, ...] = ()

    model_config = ConfigDict(populate_by_name=True)


def verdict_of(checks: Iterable[Check], waived: frozenset[str] = frozenset()) -> Verdict:
    """Verdict over checks. Silence never passes: no check, or only skipped ones, is inconclusive.

    waived: ids of checks that a waiver excuses; an `error` is never excused.
    """
    outcomes = [Outcome.PASSED if c.id in waived and c.outcome in WAIVABLE else c.outcome for c in checks]
    if Outcome.FAILED in outcomes:
        return Verdict.FAILED
    if Outcome.INCONCLUSIVE in outcomes or Outcome.ERROR in outcomes:
        return Verdict.INCONCLUSIVE
    return Verdict.PASSED if Outcome.PASSED in outcomes else Verdict.INCONCLUSIVE


def under(policy: PolicySource, verdict: Verdict) -> Verdict:
    """The verdict as far as the policy can carry it: where nothing passes, a pass is inconclusive."""
    held = policy.no_pass is not None and verdict is Verdict.PASSED
    return Verdict.INCONCLUSIVE if held else verdict


WAIVABLE = frozenset({Outcome.FAILED, Outcome.INCONCLUSIVE})


def overall(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict over several gates: the worst of them; none at all is inconclusive."""
    found = set(verdicts)
    for verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE, Verdict.PASSED):
        if verdict in found:
            return verdict
    return Verdict.INCONCLUSIVE


def exit_code(decision: Decision) -> int:
    """The exit code of a verdict under its mode: 0 go on, 1 the gate said no, 3 could not decide."""
    if decision.mode == "advisory" or decision.verdict is Verdict.PASSED:
        return 0
    if decision.verdict is Verdict.FAILED:
        return 1
    return 0 if decision.inconclusive == "allow" else 3


def to_json(decision: Decision) -> bytes:
    """Canonical JSON (RFC 8785), so that equal Decisions have equal bytes."""
    return rfc8785.dumps(decision.model_dump(mode="json", by_alias=True))


def from_json(data: bytes) -> Decision:
    """Read a Decision strictly. Raises pydantic.ValidationError on anything else."""
    return Decision.model_validate_json(data)


def digest(decision: Decision) -> str:
    """The Decision's id: SHA-256 of its canonical JSON, in hex."""
    return hashlib.sha256(to_json(decision)).hexdigest()


def json_schema() -> dict[str, Any]:
    """JSON Schema of version 1."""
    return Decision.model_json_schema(by_alias=True)


def finite(value: float | None) -> float | None:
    """The number, or None where JSON has no word for it."""
    return None if value is None or not math.isfinite(value) else float(value)
