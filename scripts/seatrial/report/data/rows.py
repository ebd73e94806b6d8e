"""The checks of the data gate as people read them: what stands out, a row per column, the whole data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seatrial.decision import Outcome
from seatrial.report import numbers
from seatrial.report.data.reading import Bins, bins, is_drift
from seatrial.report.data.wording import BRIEF, share
from seatrial.report.rows import Row

State = Literal["failed", "error", "inconclusive", "waived", "warned", "passed", "skipped"]
STATES: tuple[State, ...] = ("failed", "error", "inconclusive", "waived", "warned", "passed", "skipped")
SAID = {
    "failed": "failed",
    "error": "not measured",
    "inconclusive": "undecided",
    "waived": "waived",
    "warned": "passed with a warning",
    "passed": "passed",
    "skipped": "skipped",
}
LOUD = frozenset({"failed", "error", "inconclusive", "waived", "warned"})


def state(entry: Row) -> State:
    """One word for how a check stands, a warning and a waiver told apart from passing."""
    if entry.waiver is not None:
        return "waived"
    outcome = entry.check.outcome
    if outcome is Outcome.PASSED:
        return "warned" if entry.check.warn else "passed"
    return STATES[STATES.index(outcome.value)]


@dataclass(frozen=True)
class Column:
    """All checks of one column, worst first."""

    name: str
    entries: tuple[Row, ...]

    @property
    def worst(self) -> State:
        """The worst that happened; skipped only where nothing else did."""
        return state(self.entries[0])

    @property
    def loud(self) -> tuple[Row, ...]:
        return tuple(filter(stands_out, self.entries))

    @property
    def type(self) -> str:
        """The type that the policy declares, where the evidence tells it."""
        told = (e.check.evidence.get("wanted") for e in self.entries if e.check.metric == "type")
        return next((name for name in told if isinstance(name, str)), "")

    @property
    def nulls(self) -> str:
        """The share of missing values in the file that has most of them."""
        known = [e.check.value for e in self.entries if e.check.metric == "nulls"]
        told = next((value for value in known if value is not None), None)
        if told is None and self.bins is not None:
            told = self.bins.current[-1] if self.bins.missing else 0.0
        return "" if told is None else share(told)

    @property
    def drift(self) -> str:
        """PSI 0.310, KS distance 0.124."""
        return ", ".join(
            _distance(e) for e in self.entries if is_drift(e.check) and e.check.value is not None
        )

    @property
    def bins(self) -> Bins | None:
        return next((found for e in self.entries if (found := bins(e.check)) is not None), None)

    @property
    def tally(self) -> str:
        return tally(self.entries)


def _distance(entry: Row) -> str:
    check = entry.check
    assert check.value is not None
    if check.metric == "new_categories":
        return f"{share(check.value)} new"
    edge = check.limit.value if check.limit else None
    digits = max(2, numbers.decimals_of(edge or 0.0))
    while edge is not None and check.value != edge and round(check.value, digits) == edge:
        digits += 1  # not onto the limit
    return f"{BRIEF[check.metric]}\u00a0{numbers.number(check.value, digits)}"


def columns(entries: Sequence[Row]) -> list[Column]:
    """A row per column: the columns with trouble first, the others in the policy's order."""
    grouped: dict[str, list[Row]] = {}
    for entry in entries:
        if entry.check.column is not None:
            grouped.setdefault(entry.check.column, []).append(entry)
    found = [Column(name, tuple(sorted(members, key=_rank))) for name, members in grouped.items()]
    return sorted(found, key=lambda column: _rank(column.entries[0]))


def whole(entries: Sequence[Row]) -> list[Row]:
    """The checks of the data as a whole, worst first."""
    return sorted((entry for entry in entries if entry.check.column is None), key=_rank)


def _rank(entry: Row) -> int:
    return STATES.index(state(entry))


def stands_out(entry: Row) -> bool:
    """Whether the check failed, is undecided, was waived or warns."""
    return state(entry) in LOUD


def standing_out(entries: Sequence[Row]) -> list[Row]:
    """The checks that stand out, worst first, else in the policy's order."""
    return sorted(filter(stands_out, entries), key=_rank)


def tally(entries: Sequence[Row]) -> str:
    """4 failed, 1 undecided, 2 passed with a warning, 91 passed."""
    return _counted([state(entry) for entry in entries], "no checks")


def tally_of_columns(found: Sequence[Column]) -> str:
    return _counted([column.worst for column in found], "no columns")


def _counted(states: Sequence[State], none: str) -> str:
    told = [f"{numbers.count(n)} {SAID[each]}" for each in STATES if (n := states.count(each))]
    return ", ".join(told) or none
