"""The trial: which policy counts, then one Decision for each of its gates."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from seatrial.decision import Decision, PolicySource
from seatrial.errors import BadInput, SeatrialError
from seatrial.forge.reviewed_policy import PolicyChoice, choose_policy
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.stats.pictures import Pictures
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.changes import what_else_changed
from seatrial.trial.evaluation import evaluate


@dataclass(frozen=True)
class Tried:
    """What a trial found.

    proposed: the same gates under the policy that the change would bring; shown, never counted.
    fault: what is wrong with that policy, so that the change must not be merged as it is.
    notes: what a reader should know of it. changes: what else the change touches.
    """

    decisions: tuple[Decision, ...]
    pictures: Pictures
    choice: PolicyChoice
    proposed: tuple[Decision, ...] = ()
    fault: SeatrialError | None = None
    notes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


def run_trial(call: Call) -> Tried:
    """Judge the candidate under the policy that counts, and under the one that the change would bring."""
    choice = choose_policy(call.subject, call.policy, call.root, call.source)
    counted = parse(choice.text, call.policy)
    today = datetime.now(UTC).date()
    source = PolicySource(ref=choice.ref or "working tree", sha256=choice.sha256, changed=choice.changed)
    _check_gates(call, counted)
    evaluated = evaluate(counted, source, call, today)
    changes = what_else_changed(call, counted)
    tried = Tried((evaluated.decision,), evaluated.pictures, choice, changes=changes)
    return tried if choice.own_text is None else _with_proposal(tried, call, counted, choice.own_text, today)


def _with_proposal(tried: Tried, call: Call, counted: Policy, text: bytes, today: date) -> Tried:
    """The verdict under the change's own policy beside it. A command that nobody reviewed is not run."""
    try:
        own = parse(text, call.policy)
        if own.evaluate.predict is not None and _command(own) != _command(counted):
            note = (
                "The proposed policy runs another predict command, which nobody has reviewed; "
                "it was not run, and the proposal was not judged."
            )
            return replace(tried, notes=(note,))
        source = PolicySource(ref=call.subject.head or "working tree", sha256=own.sha256, changed=True)
        return replace(tried, proposed=(evaluate(own, source, call, today).decision,))
    except SeatrialError as error:  # the verdict that counts is not lost with the proposal
        first = str(error).splitlines()[0]
        note = f"The proposed policy cannot be applied, so this change must not be merged as it is: {first}"
        return replace(tried, fault=error, notes=(note,))


def _command(policy: Policy) -> tuple[object, ...]:
    asked = policy.evaluate
    return asked.predict, asked.requirements, asked.time, asked.memory


def _check_gates(call: Call, policy: Policy) -> None:
    for gate in call.gates:
        if gate not in policy.gates and SECTIONS.get(gate) not in policy.gates:
            raise BadInput(
                f"the gate {shown(gate)} is asked for, but {shown(call.policy)} does not mention it; "
                f"its gates are {', '.join(policy.gates)}"
            )


SECTIONS = {"evaluate": "evaluation"}  # a gate may be named by its section of the policy


def judged_model(call: Call) -> str | None:
    """The model's name as the policy that counts gives it; None where that policy cannot be read."""
    try:
        choice = choose_policy(call.subject, call.policy, call.root, call.source)
        return parse(choice.text, call.policy).model.name
    except SeatrialError:
        return None
