"""The data gate on real files: find, measure, judge, and put down as a Decision."""

from collections.abc import Mapping
from datetime import date

from seatrial import __version__
from seatrial.commands.running import Limits
from seatrial.decision import Decision, Model, PolicySource, verdict_of
from seatrial.engines.scanning import scan
from seatrial.engines.sources import Found, find
from seatrial.errors import BadInput
from seatrial.gates.data.asking import GATE, Question, questions, readings
from seatrial.gates.data.judging import check
from seatrial.gates.data.measures import Answer, Asked, Facts
from seatrial.policy.model import Policy
from seatrial.trial.call import Call
from seatrial.trial.waiving import waivers_used


def check_data(policy: Policy, source: PolicySource, call: Call, today: date) -> Decision:
    """Run the data gate. Raises BadInput and CouldNotDecide; writes only below call.scratch."""
    found = _found(policy, call)
    asked = questions(policy, tuple(found))
    facts, answers = _measured(policy, call, found, asked)
    checks = tuple(check(question, facts, answers[question.id]) for question in asked)
    waivers = waivers_used(policy, checks, today)
    return Decision(
        gate=GATE,
        verdict=verdict_of(checks, frozenset(w.check for w in waivers)),
        mode=policy.mode,
        inconclusive=policy.inconclusive,
        model=Model(name=policy.model.name),
        subject=call.judged,
        policy=source,
        data=tuple(each.data_file(facts[name].rows) for name, each in found.items()),
        tool=__version__,
        seed=policy.seed,
        checks=checks,
        waivers=waivers,
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


def _measured(
    policy: Policy, call: Call, found: Mapping[str, Found], asked: tuple[Question, ...]
) -> tuple[dict[str, Facts], dict[str, dict[str, Answer]]]:
    """Facts by source, and the answers by question and source."""
    show = policy.data.show
    hidden = tuple(name for name, rule in policy.data.columns.items() if rule.hide)
    of = {name: [question for question in asked if name in question.of] for name in found}
    facts = scan(
        [
            Asked(found[name].source, tuple(q.measure for q in mine), show.rows, show.values, hidden)
            for name, mine in of.items()
        ],
        names=" and ".join(each.name for each in found.values()),
        limits=Limits(policy.data.time.total_seconds(), policy.data.memory),
        scratch=call.scratch,
    )
    by_source = dict(zip(of, facts, strict=True))
    answers: dict[str, dict[str, Answer]] = {question.id: {} for question in asked}
    for name, mine in of.items():
        for question, answer in zip(mine, by_source[name].answers, strict=True):
            answers[question.id][name] = answer
    return by_source, answers
