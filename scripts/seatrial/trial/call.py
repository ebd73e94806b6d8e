"""One call of Seatrial: where it runs, on what, and what it may use."""

import contextlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from seatrial.commands.ahead import Ahead
from seatrial.decision import Subject as Judged
from seatrial.forge.contents import Source
from seatrial.forge.event import Subject
from seatrial.trial.workflow.handing import NOTHING, Handed

if TYPE_CHECKING:
    from seatrial.trial.evaluation.baseline_artifacts import BaselineClient


@dataclass(frozen=True)
class Call:
    """root: the consumer's checkout. out: where Decisions and pages go. scratch: ours alone, gone afterwards.

    gates: those asked for by name; empty for all that the policy mentions. on_line: hears what the
    consumer's commands print. group: folds what is printed inside it under a title. parts: of the training;
    empty for all that the policy mentions. kept: what was dear to make, for those who ask again. handed: what
    an earlier job of the run made. artifacts: who fetches those of earlier runs; None without a token. base:
    a checkout of the base commit, where the root has no history. upcoming: the gates that this call runs,
    none where it only predicts or prepares. reader: what reads the data, started already.
    """

    root: Path
    out: Path
    scratch: Path
    policy: str
    gates: tuple[str, ...]
    subject: Subject
    source: Source
    environ: Mapping[str, str]
    on_line: Callable[[str], None] = lambda line: None
    group: Callable[[str], AbstractContextManager[None]] = lambda title: contextlib.nullcontext()
    parts: tuple[str, ...] = ()
    kept: dict[str, bytes] = field(default_factory=dict, compare=False)
    handed: Handed = NOTHING
    base: Path | None = None
    artifacts: "Callable[[], BaselineClient] | None" = None
    upcoming: tuple[str, ...] = ()
    reader: Ahead | None = field(default=None, compare=False)

    @property
    def judged(self) -> Judged:
        """The subject as a Decision records it."""
        s = self.subject
        return Judged(
            repository=s.repository,
            pull_request=s.pull_request,
            head=None if s.dirty else s.head or None,
            base=s.base,
            run=s.run_url if s.run_id else None,
            attempt=s.attempt,
        )
