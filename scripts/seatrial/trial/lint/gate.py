"""The lint gate on a real checkout: the built-in checks, then the commands, and put down as a Decision."""

from datetime import date

from seatrial import __version__
from seatrial.decision import Check, Decision, Model, Place, PolicySource, verdict_of
from seatrial.errors import Location
from seatrial.gates.lint.asking import GATE
from seatrial.gates.lint.judging import check_of
from seatrial.policy.lint import Lint
from seatrial.policy.model import Policy
from seatrial.trial.call import Call
from seatrial.trial.lint.built_in import built_in
from seatrial.trial.lint.commands import commands_of, ran
from seatrial.trial.lint.files import tree_of
from seatrial.trial.waiving import waivers_used


def lint(policy: Policy, source: PolicySource, call: Call, today: date) -> Decision:
    """Run the lint gate. Raises BadInput and CouldNotDecide.

    The built-in checks look before a command runs, since a command may change files.
    """
    asked = policy.lint or Lint()
    commands = commands_of(policy, asked, call)
    tree = tree_of(call.root, call.environ.get("PATH", ""))
    place = _place(policy.place("lint"))
    checks: list[Check] = [
        check_of(name, found, place)
        for name, found in built_in(tree, call.policy, asked.file_size, asked.advisory)
    ]
    checks += [check_of(each.name, ran(each, asked, call), each.place) for each in commands]
    judged = tuple(checks)
    waivers = waivers_used(policy, judged, today)
    return Decision(
        gate=GATE,
        verdict=verdict_of(judged, frozenset(w.check for w in waivers)),
        mode=policy.mode,
        inconclusive=policy.inconclusive,
        model=Model(name=policy.model.name),
        subject=call.judged,
        policy=source,
        tool=__version__,
        seed=policy.seed,
        checks=judged,
        waivers=waivers,
        notes=tree.notes,
    )


def _place(location: Location) -> Place:
    return Place(file=location.file, line=location.line or 1, column=location.column or 1)
