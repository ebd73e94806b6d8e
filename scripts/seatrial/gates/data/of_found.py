"""The questions whose checks are named by the columns that are found: leakage by a column, personal data."""

from collections.abc import Iterator

from seatrial.gates.data.asking import GATE, Desk, Question, at_most
from seatrial.gates.data.measures import Measure
from seatrial.gates.data.of_rows import ask
from seatrial.text import shown


def of_leakage(desk: Desk) -> Iterator[Question]:
    """What a row's own columns give away."""
    data, leakage = desk.data, desk.data.leakage
    if leakage is None:
        return
    if leakage.target_correlation is not None and data.label is not None:
        most = leakage.target_correlation.max
        task = desk.policy.model.task
        yield ask(
            desk,
            "target_correlation",
            "target_correlation",
            "told",
            Measure("told", (data.label,), {"task": task, "except": list(data.key)}),
            path=("leakage", "target_correlation"),
            limit=at_most(most),
            needs=(data.label,),
            wanted=data.label,
        )
    for name in leakage.known_by.columns if leakage.known_by is not None else ():
        assert leakage.known_by is not None
        event = leakage.known_by.event
        beside = (Measure("null", (name,), None, 1.0), Measure("null", (event,), None, 1.0))
        yield Question(
            id=f"{GATE}/{shown(name)}/known_by",
            rule="known_by",
            shape="faults",
            asks=desk.each(Measure("later", (name, event)), *beside),
            limit=at_most(0.0),
            column=name,
            needs=(name, event),
            place=desk.place("leakage", "known_by"),
            wanted=event,
            path=("leakage", "known_by"),
        )


def of_persons(desk: Desk) -> Iterator[Question]:
    """Personal data in columns of text."""
    personal = desk.data.personal
    if personal is not None:
        measure = Measure(
            "personal", (), {"kinds": list(personal.kinds), "except": list(personal.allowed_in)}
        )
        yield ask(
            desk,
            "personal",
            "personal",
            "personal",
            measure,
            path=("personal",),
            limit=at_most(0.0),
            action=personal.action,
        )
