"""From the policy to questions: what is measured of which source, and which check it answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from seatrial.decision import Limit, Place
from seatrial.gates.data.measures import Kind, Measure, Reading
from seatrial.policy.data import ColumnRule, Data
from seatrial.policy.model import Policy
from seatrial.text import shown

GATE = "data"
Shape = Literal["faults", "amount", "told", "personal", "drift", "present"]


@dataclass(frozen=True)
class Question:
    """One check. shape: which kind of evidence answers it; measure: what to ask of each source in `of`.

    action: `warn` where the policy wants a warning instead of a failure. mend: the path of the policy that
    would have to change if the change is wanted.
    """

    id: str
    rule: str
    shape: Shape
    of: tuple[str, ...]
    measure: Measure
    limit: Limit
    column: str | None = None
    place: Place | None = None
    action: Literal["fail", "warn"] = "fail"


def readings(data: Data) -> tuple[Reading, ...]:
    """How each named column is read."""
    return tuple(Reading(name, rule.type, rule.zone) for name, rule in data.columns.items())


def questions(policy: Policy, of: tuple[str, ...]) -> tuple[Question, ...]:
    """Every check that the policy asks of the data. of: the sources that there are, train and test."""
    return tuple(
        question
        for name, rule in policy.data.columns.items()
        for question in _of_column(policy, name, rule, of)
    )


def _of_column(policy: Policy, name: str, rule: ColumnRule, of: tuple[str, ...]) -> Iterator[Question]:
    def ask(word: str, kind: Kind, value: object, most: float, key: str | None = None) -> Question:
        where = policy.place("data", "columns", name, key or word)
        return Question(
            id=f"{GATE}/{shown(name)}/{word}",
            rule=word,
            shape="faults",
            of=of,
            measure=Measure(kind, (name,), value, most),
            limit=Limit(kind="max", value=most),
            column=name,
            place=Place(file=where.file, line=where.line or 1, column=where.column or 1),
        )

    loose = rule.unlike.max
    yield ask("nulls", "null", None, rule.nulls.max)
    if rule.type != "any":
        yield ask("type", "unreadable", rule.type, loose)
    if rule.type in ("number", "any"):
        yield ask("nan", "nan", None, rule.nan.max)
        yield ask("infinite", "infinite", None, rule.infinite.max)
    if rule.min is not None:
        yield ask("min", "below", rule.min, loose)
    if rule.max is not None:
        yield ask("max", "above", rule.max, loose)
    if rule.one_of is not None:
        yield ask("one_of", "outside", list(rule.one_of), loose)
    if rule.pattern is not None:
        yield ask("pattern", "mismatch", rule.pattern, loose)
    if rule.length is not None:
        if rule.length.min is not None:
            yield ask("shortest", "shorter", rule.length.min, loose, "length")
        if rule.length.max is not None:
            yield ask("longest", "longer", rule.length.max, loose, "length")
