"""The trial: which policy counts, then one Decision for each of its gates."""

from dataclasses import dataclass
from datetime import UTC, datetime

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

    proposed: the same gates under the policy that the pull request would bring.
    changes: what else the pull request touches that a reader should know.
    """

    decisions: tuple[Decision, ...]
    pictures: Pictures
    choice: PolicyChoice
    proposed: tuple[Decision, ...] = ()
    changes: tuple[str, ...] = ()


def run_trial(call: Call) -> Tried:
    """Judge the candidate under the policy that counts, and under the one that the change would bring."""
    choice = choose_policy(call.subject, call.policy, call.root, call.source)
    own = None if choice.own_text is None else parse(choice.own_text, call.policy)
    counted = parse(choice.text, call.policy)
    today = datetime.now(UTC).date()
    source = PolicySource(ref=choice.ref or "working tree", sha256=choice.sha256, changed=choice.changed)
    _check_gates(call, counted)
    evaluated = evaluate(counted, source, call, today)
    proposed: tuple[Decision, ...] = ()
    if own is not None:
        own_source = PolicySource(ref=call.subject.head, sha256=own.sha256, changed=True)
        proposed = (evaluate(own, own_source, call, today).decision,)
    changes = what_else_changed(call, counted)
    return Tried((evaluated.decision,), evaluated.pictures, choice, proposed, changes)


def _check_gates(call: Call, policy: Policy) -> None:
    for gate in call.gates:
        if gate not in policy.gates:
            raise BadInput(
                f"the gate {shown(gate)} is asked for, but {shown(call.policy)} does not mention it; "
                f"its gates are {', '.join(policy.gates)}"
            )


def judged_model(call: Call) -> str | None:
    """The model's name as the policy that counts gives it; None where that policy cannot be read."""
    try:
        choice = choose_policy(call.subject, call.policy, call.root, call.source)
        return parse(choice.text, call.policy).model.name
    except SeatrialError:
        return None
