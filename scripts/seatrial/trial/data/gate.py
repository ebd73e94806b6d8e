"""The data gate on real files: find, measure, judge, and put down as a Decision."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime

from seatrial.commands.running import Limits
from seatrial.decision import Check, Decision, PolicySource
from seatrial.engines.scanning import scan
from seatrial.engines.sources import Found, find
from seatrial.errors import BadInput, SeatrialError
from seatrial.gates.data.asking import GATE, Question, readings
from seatrial.gates.data.checks import checks, told_apart
from seatrial.gates.data.drift_asking import REFERENCE, drift_measure
from seatrial.gates.data.evidence import Scene
from seatrial.gates.data.measures import Answer, Asked, Facts, Measure
from seatrial.gates.data.mending import curious, mended
from seatrial.gates.data.questions import questions
from seatrial.policy.data import DISTANCES
from seatrial.policy.model import Policy
from seatrial.trial.call import Call
from seatrial.trial.data.profiling import Reference, reference_of
from seatrial.trial.data.spark import spark_of
from seatrial.trial.deciding import decision_of

MOST_CHECKS = 10_000


def check_data(policy: Policy, source: PolicySource, call: Call, today: date) -> Decision:
    """Run the data gate. Raises BadInput and CouldNotDecide; writes only below call.scratch."""
    now = datetime.now(UTC)
    found, reference = _found(policy, call), reference_of(policy, call.root)
    asked = questions(policy, tuple(found), now)
    _few_enough(policy, len(asked))
    engine = _Engine(policy, call, found, reference)
    scene, drift = engine.measured(asked)
    pairs = checks(questions(policy, tuple(found), now, engine.reference_rows(scene)), scene)
    pairs = told_apart([*pairs, *((None, check) for check in drift)])
    _few_enough(policy, len(pairs))
    judged = mended(pairs, scene, today, engine.known(curious(pairs, scene)))
    return _decision(policy, source, call, today, found, scene, judged)


def _decision(
    policy: Policy,
    source: PolicySource,
    call: Call,
    today: date,
    found: Mapping[str, Found],
    scene: Scene,
    judged: tuple[Check, ...],
) -> Decision:
    files = (each.data_file(scene.facts[name].rows, scene.facts[name].sha256) for name, each in found.items())
    notes = _notes(scene.facts)
    return decision_of(GATE, judged, policy, source, call, today, data=files, notes=notes)


def _notes(facts: Mapping[str, Facts]) -> Iterable[str]:
    for name, each in facts.items():
        if each.unscanned is not None:
            yield f"{name}: the rows were not read, since {each.unscanned}"
        yield from (f"{name}: {note}" for note in each.notes)


def _few_enough(policy: Policy, count: int) -> None:
    if count > MOST_CHECKS:
        raise BadInput(
            f"the policy asks for {count:,} checks of the data, and a Decision holds {MOST_CHECKS:,}; name "
            "fewer columns in data.columns or data.drift, or split the policy in two",
            location=policy.place("data"),
        )


def _found(policy: Policy, call: Call) -> dict[str, Found]:
    paths = {"train": policy.data.train, "test": policy.data.test}
    found = {
        name: find(name, path, call.root, readings(policy.data), policy.data.csv)
        for name, path in paths.items()
        if path is not None
    }
    if not found:
        raise BadInput("data names no files; write data.train or data.test", location=policy.place("data"))
    return found


class _Engine:
    """What is asked of the engine that the policy names."""

    def __init__(
        self, policy: Policy, call: Call, found: Mapping[str, Found], reference: Reference | None
    ) -> None:
        self.policy, self.call, self.found, self.reference = policy, call, found, reference

    def measured(self, asked: Sequence[Question]) -> tuple[Scene, tuple[Check, ...]]:
        """What there is of each source, and the checks of drift; what is asked twice is measured once."""
        wanted = {name: _Once() for name in self.found}
        places = [
            {name: [wanted[name].place(each) for each in measures] for name, measures in q.asks.items()}
            for q in asked
        ]
        compared = self._compared()
        drift = None if compared is None else wanted[compared[0]].place(compared[1])
        measures = {name: tuple(once.measures) for name, once in wanted.items()}
        # A fault that a waiver excuses does not decide, so the rows have to be read all the same.
        facts = self._asked(measures, settle=not self.policy.waivers)
        answers: dict[int, dict[str, tuple[Answer, ...]]] = {
            number: {name: tuple(facts[name].answers[i] for i in of) for name, of in place.items()}
            for number, place in enumerate(places)
        }
        scene = Scene(self.policy, facts, answers)
        if compared is None or drift is None or self.reference is None:
            return scene, ()
        mine = facts[compared[0]]
        source = self.found[compared[0]].source
        typed = {each.column for each in source.readings if each.type != "any"}
        untyped = mine.columns.keys() - typed if source.format == "csv" else set()
        answer = mine.answers[drift]
        from seatrial.gates.data.drift import (
            drift_checks,  # with numpy, which a policy without drift does not need
        )

        return scene, drift_checks(self.policy, self.reference.profile, mine, answer, untyped)

    def reference_rows(self, scene: Scene) -> int | None:
        """How many rows the reference has."""
        if self.reference is None:
            return None
        if self.reference.profile is not None:
            return self.reference.profile.rows
        return scene.facts[REFERENCE].rows

    def known(self, wanted: Mapping[str, Measure]) -> dict[str, dict[str, tuple[Answer, ...]]]:
        """The values behind suggestions, where the policy shows values. The verdict never waits on them."""
        if not wanted:
            return {}
        try:
            facts = self._asked(dict.fromkeys(self.found, tuple(wanted.values())))
        except SeatrialError:
            return {}
        return {id_: {name: (facts[name].answers[i],) for name in self.found} for i, id_ in enumerate(wanted)}

    def _compared(self) -> tuple[str, Measure] | None:
        """The source that is held against the reference, and what to ask of it."""
        drift = self.policy.data.drift
        if drift is None or self.reference is None:
            return None
        if not any(getattr(drift, name) for name in (*DISTANCES, "new_categories")):
            return None
        return drift.data, drift_measure(self.policy, self.reference.profile)

    def _asked(self, wanted: Mapping[str, tuple[Measure, ...]], *, settle: bool = False) -> dict[str, Facts]:
        """The facts of each source, with an answer for each of its measures in order.

        settle: whether the rows of large Parquet files are left unread where their footers tell of a fault.
        """
        data, found = self.policy.data, dict(self.found)
        hidden = tuple(sorted(data.hidden))
        if self.reference is not None and self.reference.found is not None:
            found[REFERENCE] = self.reference.found
        facts = scan(
            [
                Asked(
                    each.source,
                    wanted.get(name, ()),
                    data.show.rows,
                    data.show.values,
                    hidden,
                    settle and each.large,
                )
                for name, each in found.items()
            ],
            names=" and ".join(each.name for each in found.values()),
            limits=Limits(data.time.total_seconds(), data.memory),
            scratch=self.call.scratch,
            spark=spark_of(self.policy, self.call),
            ahead=self.call.reader,
        )
        return dict(zip(found, facts, strict=True))


class _Once:
    """Measures without repetitions."""

    def __init__(self) -> None:
        self.measures: list[Measure] = []
        self._places: dict[str, int] = {}

    def place(self, measure: Measure) -> int:
        key = json.dumps(asdict(measure), sort_keys=True, default=str)
        if key not in self._places:
            self._places[key] = len(self.measures)
            self.measures.append(measure)
        return self._places[key]
