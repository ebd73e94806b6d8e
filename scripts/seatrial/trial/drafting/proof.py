"""A policy that was drafted or widened, held against the very data by the gate itself."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from seatrial.decision import DATA, Check, Decision, Outcome, PolicySource, Verdict
from seatrial.forge.contents import FirstOf
from seatrial.forge.event import on_a_laptop
from seatrial.policy import parse
from seatrial.policy.model import Policy
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.data.gate import check_data

_REASON = 200


@dataclass(frozen=True)
class Proof:
    """What the gate said. faults, warnings: one line each."""

    decision: Decision | None

    @property
    def checks(self) -> int:
        """How many passed."""
        return sum(check.outcome is Outcome.PASSED for check in self._all)

    @property
    def passed(self) -> bool:
        return self.decision is None or self.decision.verdict is Verdict.PASSED

    @property
    def faults(self) -> list[str]:
        bad = (Outcome.FAILED, Outcome.ERROR, Outcome.INCONCLUSIVE)
        return [_line(check) for check in self._all if check.outcome in bad]

    @property
    def warnings(self) -> list[str]:
        return [_line(check) for check in self._all if check.warn]

    @property
    def _all(self) -> tuple[Check, ...]:
        return self.decision.checks if self.decision is not None else ()


def prove(root: Path, text: str | bytes, file: str, instead: Mapping[str, str] | None = None) -> Proof:
    """Run the data gate with this policy. instead: other files for train and test than the policy names."""
    policy = parse(text, file)
    if DATA not in policy.gates:
        return Proof(None)
    return Proof(judged(root, policy, instead or {}))


def judged(root: Path, policy: Policy, instead: Mapping[str, str]) -> Decision:
    """The data gate's Decision in this folder, of which nothing is kept."""
    if instead:
        data = policy.data.model_copy(update={name: instead.get(name) for name in ("train", "test")})
        policy = policy.model_copy(update={"data": data})
    source = PolicySource(ref="working tree", sha256=policy.sha256)
    with tempfile.TemporaryDirectory(prefix="seatrial-") as folder:
        call = Call(
            root=root,
            out=Path(folder),
            scratch=Path(folder),
            policy=policy.file,
            gates=(DATA,),
            subject=on_a_laptop(),
            source=FirstOf([]),
            environ={},
        )
        return check_data(policy, source, call, datetime.now(UTC).date())


def _line(check: Check) -> str:
    return f"{shown(check.id)}: {shown(check.reason or check.outcome.value, _REASON)}"
