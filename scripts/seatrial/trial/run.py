"""The trial: which policy counts, then one Decision for each of its gates."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from seatrial.decision import DATA, EVALUATION, GATES, LINT, TRAINING, Decision, PolicySource, under
from seatrial.errors import BadInput, SeatrialError
from seatrial.forge.reviewed_policy import PolicyChoice, choose_policy
from seatrial.gates.lint.asking import UNTRIED
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.stats.pictures import Pictures
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.changes import what_else_changed


@dataclass(frozen=True)
class Trained:
    """The candidate that the full training wrote, if it may be judged."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Tried:
    """What a trial found.

    proposed: the same gates under the policy that the change would bring; shown, never counted.
    fault: what is wrong with that policy, so that the change must not be merged as it is.
    notes: what a reader should know of it. changes: what else the change touches. trained: the new model.
    """

    decisions: tuple[Decision, ...]
    pictures: Pictures
    choice: PolicyChoice
    proposed: tuple[Decision, ...] = ()
    fault: SeatrialError | None = None
    notes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    trained: Trained | None = None


def run_trial(call: Call) -> Tried:
    """Judge the candidate under the policy that counts, and under the one that the change would bring."""
    choice = choose_policy(call.subject, call.policy, call.root, call.source)
    counted = parse(choice.text, call.policy)
    today = datetime.now(UTC).date()
    source = PolicySource(
        ref=choice.ref or "working tree",
        sha256=choice.sha256,
        changed=choice.changed,
        no_pass=choice.no_pass,
    )
    gates = _gates(call, counted)
    call = replace(call, upcoming=gates if choice.own_text is None or call.gates else GATES)
    decisions, pictures = _decide(gates, counted, source, call, today)
    if source.no_pass is not None:
        decisions = tuple(_passing_nothing(each) for each in decisions)
    changes = what_else_changed(call, counted)
    trained = _trained(counted, decisions, today)
    tried = Tried(decisions, pictures, choice, changes=changes, trained=trained)
    return tried if choice.own_text is None else _with_proposal(tried, call, counted, choice.own_text, today)


def _passing_nothing(decision: Decision) -> Decision:
    """The same findings, and no pass: neither by the checks nor by the leave that the policy gives itself."""
    verdict = under(decision.policy, decision.verdict)
    return decision.model_copy(update={"verdict": verdict, "mode": "enforce", "inconclusive": "block"})


def _decide(
    gates: tuple[str, ...],
    policy: Policy,
    source: PolicySource,
    call: Call,
    today: date,
    counted: Policy | None = None,
    known: tuple[Decision, ...] = (),
) -> tuple[tuple[Decision, ...], Pictures]:
    """A Decision for each gate, and the evaluation's pictures.

    counted: where the policy is a proposal, the one that counts. known: what that one's gates decided.

    A gate's modules, which are most of the start-up time, are loaded where it runs.
    """
    decisions: list[Decision] = []
    pictures = Pictures()
    if LINT in gates:
        from seatrial.trial.lint.gate import lint, lint_proposed

        if counted is None:
            decisions.append(lint(policy, source, call, today))
        else:
            before = next((each for each in known if each.gate == LINT), None)
            decisions.append(lint_proposed(policy, source, call, today, before, counted))
    if DATA in gates:
        from seatrial.trial.data.gate import check_data

        decisions.append(check_data(policy, source, call, today))
    if TRAINING in gates:
        from seatrial.trial.training.gate import decided, train

        # The same commands train the same model, so that what they did is judged again, not done again.
        done = next((each for each in known if each.gate == TRAINING), None)
        if done is not None:
            decisions.append(decided(policy, source, call, today, done.checks, done.model.digest))
        else:
            decisions.append(train(policy, source, call, today))
    if EVALUATION in gates:
        from seatrial.trial.evaluation.gate import evaluate, not_evaluated
    if EVALUATION in gates and (call.handed.untrained or _untrained(policy, call, decisions, today)):
        decisions.append(not_evaluated(policy, source, call, today, UNTRAINED))
    elif EVALUATION in gates:
        evaluated = evaluate(policy, source, call, today)
        decisions.append(evaluated.decision)
        pictures = evaluated.pictures
    return tuple(decisions), pictures


UNTRAINED = "the training did not pass, so there is no candidate of this commit to evaluate"


def _untrained(policy: Policy, call: Call, decisions: list[Decision], today: date) -> bool:
    """Whether the candidate should have been made here, and was not made as the policy wants it."""
    training = next((each for each in decisions if each.gate == TRAINING), None)
    if training is None or policy.train is None or policy.train.full is None:
        return False
    from seatrial.trial.training.gate import goes_on

    return not goes_on(policy, training.checks, today) or (bool(call.parts) and "full" not in call.parts)


def _trained(policy: Policy, decisions: tuple[Decision, ...], today: date) -> Trained | None:
    """What the full training left, where the training gate lets the evaluation go on."""
    training = next((each for each in decisions if each.gate == TRAINING), None)
    full = policy.train.full if policy.train is not None else None
    if training is None or full is None or full.model is None or training.model.digest is None:
        return None
    from seatrial.trial.training.gate import goes_on

    through = goes_on(policy, training.checks, today)
    return Trained(full.model, training.model.digest) if through else None


def _with_proposal(tried: Tried, call: Call, counted: Policy, text: bytes, today: date) -> Tried:
    """The verdict under the change's own policy beside it. A command that nobody reviewed is not run."""
    try:
        own = parse(text, call.policy)
        theirs, ours = _commands(own), _commands(counted)
        other = [name for name, command in theirs.items() if ours.get(name) != command]
        if other:
            note = (
                f"The proposed policy runs another {' and another '.join(other)} command, or asks other "
                "things of it, which nobody has reviewed; it was not run, and the proposal was not judged."
            )
            return replace(tried, notes=(note,))
        if own.data.engine not in (None, counted.data.engine):
            note = (
                "The proposed policy reads the data with another cluster, which nobody has reviewed; "
                "it was not called, and the proposal was not judged."
            )
            return replace(tried, notes=(note,))
        dropped = [gate for gate in _asked(call) if gate in counted.gates and gate not in own.gates]
        if dropped:
            note = f"The proposed policy takes the gate {' and the gate '.join(dropped)} out."
            return replace(tried, notes=(note,))
        own = _discreet(own, counted)
        source = PolicySource(ref=call.subject.head or "working tree", sha256=own.sha256, changed=True)
        proposed, _ = _decide(_gates(call, own), own, source, call, today, counted, tried.decisions)
        return replace(tried, proposed=proposed, notes=_untried(proposed))
    except SeatrialError as error:  # the verdict that counts is not lost with the proposal
        first = str(error).splitlines()[0]
        note = f"The proposed policy cannot be applied, so this change must not be merged as it is: {first}"
        return replace(tried, fault=error, notes=(note,))


def _untried(proposed: tuple[Decision, ...]) -> tuple[str, ...]:
    """What a reader should know of lint's commands under a proposal."""
    lint = [check for decision in proposed if decision.gate == LINT for check in decision.checks]
    untried = [check.metric for check in lint if check.reason == UNTRIED]
    if not untried:
        return ()
    names = shown(untried[0]) if len(untried) == 1 else f"{shown(untried[0])} and {len(untried) - 1:,} more"
    return (f"Lint commands of the proposed policy were not tried, since nobody has reviewed them: {names}.",)


def _discreet(own: Policy, counted: Policy) -> Policy:
    """The change's policy without a leave of its own to show values, or to show what is hidden."""
    if not own.data.asks:
        return own
    show = own.data.show.model_copy(update={"values": False})
    data = own.data.model_copy(update={"show": show}).hiding(counted.data.hidden)
    return own.model_copy(update={"data": data})


def _commands(policy: Policy) -> dict[str, object]:
    """What the policy runs of the repository, by the name that a reader knows it by, with its limits.

    Commands of lint are judged one by one.
    """
    found: dict[str, object] = {}
    asked = policy.evaluate
    if policy.train is not None:
        found["training"] = policy.train
    if asked is not None and asked.predict is not None:
        found["predict"] = asked.predict, asked.requirements, asked.time, asked.memory
    return found


def _asked(call: Call) -> tuple[str, ...]:
    """The gates that are asked for by name, each by its own."""
    return tuple(SECTIONS.get(gate, gate) for gate in call.gates)


def _gates(call: Call, policy: Policy) -> tuple[str, ...]:
    """The gates to run: those asked for, or all that the policy mentions, in the order of the policy."""
    wanted = set(_asked(call))
    for gate in call.gates:
        if SECTIONS.get(gate, gate) not in policy.gates:
            raise BadInput(
                f"the gate {shown(gate)} is asked for, but {shown(call.policy)} does not mention it; "
                f"its gates are {', '.join(policy.gates)}"
            )
    return tuple(gate for gate in policy.gates if not wanted or gate in wanted)


# A gate may be named by its section or its action.
SECTIONS = {
    "evaluate": EVALUATION,
    "check-data": DATA,
    "train": TRAINING,
    "smoke-train": TRAINING,
}


def judged_model(call: Call) -> str | None:
    """The model's name as the policy that counts gives it; None where that policy cannot be read."""
    try:
        choice = choose_policy(call.subject, call.policy, call.root, call.source)
        return parse(choice.text, call.policy).model.name
    except SeatrialError:
        return None
