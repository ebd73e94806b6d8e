"""Everything that a policy asks of the data, in the order in which it is told."""

from datetime import datetime

from seatrial.gates.data.asking import Desk, Question
from seatrial.gates.data.of_columns import known_after, of_columns
from seatrial.gates.data.of_found import of_leakage, of_persons
from seatrial.gates.data.of_rows import of_both, of_files, of_rows
from seatrial.policy.model import Policy


def questions(
    policy: Policy, of: tuple[str, ...], now: datetime, reference_rows: int | None = None
) -> tuple[Question, ...]:
    """Every question of the policy. of: the sources that there are, train and test; now: with its time zone.

    reference_rows: how many rows the reference of data.drift had, where rows.change asks for them.
    """
    desk = Desk(policy, of)
    return (
        *of_columns(desk),
        *known_after(desk),
        *of_files(desk, now, reference_rows),
        *of_rows(desk),
        *of_both(desk),
        *of_leakage(desk),
        *of_persons(desk),
    )
