"""The lint gate on a real checkout: the built-in checks, then the commands, and put down as a Decision."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from seatrial.decision import Check, Decision, Place, PolicySource
from seatrial.gates.lint.asking import GATE, UNTRIED
from seatrial.gates.lint.evidence import Action, Findings, Ran, read
from seatrial.gates.lint.judging import check_of
from seatrial.policy.lint import Lint
from seatrial.policy.model import Policy
from seatrial.trial.call import Call
from seatrial.trial.deciding import decision_of
from seatrial.trial.lint.built_in import built_in, weighed
from seatrial.trial.lint.commands import commands_of, ran, ran_before
from seatrial.trial.lint.files import tree_of


def lint(policy: Policy, source: PolicySource, call: Call, today: date) -> Decision:
    """Run the lint gate. Raises BadInput and CouldNotDecide.

    The built-in checks look before a command runs, since a command may change files.
    """
    asked = policy.lint or Lint()
    commands = commands_of(policy, asked, call)
    tree = tree_of(call.root, call.environ.get("PATH", ""))
    place = Place.of(policy.place("lint"))
    checks: list[Check] = [
        check_of(name, found, place)
        for name, found in built_in(tree, call.policy, asked.file_size, asked.advisory)
    ]
    checks += [check_of(each.name, ran(each, asked, call), each.place) for each in commands]
    return decision_of(GATE, tuple(checks), policy, source, call, today, notes=tree.notes)


def lint_proposed(
    policy: Policy, source: PolicySource, call: Call, today: date, known: Decision | None, counted: Policy
) -> Decision:
    """The lint gate under the policy that a change proposes, of which no command is run.

    known: the Decision that counts, if that policy has the gate. What it found is judged again, since its
    commands may have changed files; only another limit of size asks for another look. A command that it ran
    has ended as it did.
    """
    asked, before = policy.lint or Lint(), counted.lint or Lint()
    commands = commands_of(policy, asked, call)
    place = Place.of(policy.place("lint"))
    tree = None
    if known is None or asked.file_size != before.file_size:
        tree = tree_of(call.root, call.environ.get("PATH", ""))
    if known is None and tree is not None:
        found = dict(built_in(tree, call.policy, asked.file_size, asked.advisory))
    else:
        found = _found(known, asked.advisory)
        if tree is not None:
            found["large_files"] = weighed(tree, asked.file_size, found["large_files"].action)
    checks = [check_of(name, each, place) for name, each in found.items()]
    for each in commands:
        end = ran_before(each, asked, call) or Ran(each.action, None, problem=UNTRIED)
        checks.append(check_of(each.name, end, each.place))
    notes = known.notes if known is not None else tree.notes if tree is not None else ()
    return decision_of(GATE, tuple(checks), policy, source, call, today, notes=notes)


def _found(known: Decision | None, advisory: Iterable[str]) -> dict[str, Findings]:
    """What the built-in checks of a Decision found, with the actions that another policy gives them."""
    warned = frozenset(advisory)
    found = {}
    for check in known.checks if known is not None else ():
        evidence = read(check.evidence)
        if isinstance(evidence, Findings):
            action: Action = "warn" if check.metric in warned else "fail"
            found[check.metric] = replace(evidence, action=action)
    return found
