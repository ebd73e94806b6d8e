"""A gate's checks put down as its Decision."""

from collections.abc import Iterable
from datetime import date

from seatrial import __version__
from seatrial.decision import Check, DataFile, Decision, Model, PolicySource, verdict_of
from seatrial.policy.model import Policy
from seatrial.trial.call import Call
from seatrial.trial.waiving import waivers_used


def decision_of(
    gate: str,
    checks: tuple[Check, ...],
    policy: Policy,
    source: PolicySource,
    call: Call,
    today: date,
    *,
    digest: str | None = None,
    data: Iterable[DataFile] = (),
    notes: Iterable[str] = (),
) -> Decision:
    """The Decision on these checks, with the waivers of the day. digest: of the file that was judged."""
    waivers = waivers_used(policy, checks, today)
    return Decision(
        gate=gate,
        verdict=verdict_of(checks, frozenset(waiver.check for waiver in waivers)),
        mode=policy.mode,
        inconclusive=policy.inconclusive,
        model=Model(name=policy.model.name, digest=digest),
        subject=call.judged,
        policy=source,
        data=tuple(data),
        tool=__version__,
        seed=policy.seed,
        checks=checks,
        waivers=waivers,
        notes=tuple(notes),
    )
