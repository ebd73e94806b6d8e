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
    """Files of one kind, and the checks that look at them. most: the heft of all of them that is read."""

    checks: tuple[str, ...]
    concerns: Callable[[str], bool]
    look: Callable[[str, bytes], Mapping[str, Iterable[Finding]]]
    heft: Callable[[bytes], int]
    most: int


KINDS = (
    Kind(
        ("notebook_outputs", "notebook_order"),
        notebooks.is_notebook,
        notebooks.notebook,
        notebooks.heft,
        1024 * MIB,
    ),
    Kind(
        ("unpinned_actions", "unpinned_images"),
        workflows.is_workflow,
        workflows.unpinned,
        workflow_uses.heft,
        16 * MIB,
    ),
)


@dataclass
class Shelf:
    """One kind during one look at a repository."""

    kind: Kind
    spent: int = field(default=0)

    def refused(self, data: bytes, *, more: bool) -> str | None:
        """Why this file is not looked at; None where it is, which then counts as spent."""
        if more:
            return f"it has more than {WHOLE // MIB} MiB"
        heft = self.kind.heft(data)
        if self.spent + heft > self.kind.most:
            return SPENT
        self.spent += heft
        return None
