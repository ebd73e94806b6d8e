"""Files that checks read whole: which they are, and how much of them is read.

The bounds are of bytes and of what the bytes hold, so that the same files have the same verdict everywhere.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from seatrial.linters import notebooks, workflow_uses, workflows
from seatrial.linters.findings import Finding

MIB = 1024 * 1024
WHOLE = 32 * MIB  # a file that is read as one
SPENT = "so much of its kind was read before it that lint stopped reading"


@dataclass(frozen=True)
class Kind:
    """Files of one kind, and the checks that look at them.

    heaviest: of what heft a file is parsed. most: of all of them together.
    """

    checks: tuple[str, ...]
    concerns: Callable[[str], bool]
    look: Callable[[str, bytes], Mapping[str, Iterable[Finding]]]
    heft: Callable[[bytes], int]
    heaviest: int
    most: int


KINDS = (
    Kind(
        ("notebook_outputs", "notebook_order"),
        notebooks.is_notebook,
        notebooks.notebook,
        notebooks.heft,
        notebooks.HEAVIEST,
        1024 * MIB,
    ),
    Kind(
        ("unpinned_actions", "unpinned_images"),
        workflows.is_workflow,
        workflows.unpinned,
        workflow_uses.heft,
        workflow_uses.HEAVIEST,
        16 * MIB,
    ),
)


@dataclass
class Shelf:
    """One kind during one look at a repository."""

    kind: Kind
    spent: int = field(default=0)

    def refused(self, data: bytes, *, more: bool) -> str | None:
        """Why this file is not looked at; None where it is, which then counts."""
        if more:
            return f"it has more than {WHOLE // MIB} MiB"
        heft = self.kind.heft(data)
        if heft > self.kind.heaviest:
            return None  # it is told as too heavy at a glance, and costs the others nothing
        if self.spent + heft > self.kind.most:
            return SPENT
        self.spent += heft
        return None
