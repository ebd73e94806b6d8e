"""The built-in checks over a tree of files: each is read once, for every check that it concerns."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from seatrial.errors import SeatrialError
from seatrial.forge.contents import read_checkout
from seatrial.gates.lint.evidence import LONGEST_FILE, LONGEST_TEXT, MOST_AT, Action, At, Findings
from seatrial.linters import notebooks, pickles, policies, requirements, secrets, sizes, workflows
from seatrial.linters.findings import Finding
from seatrial.policy.lint_names import BUILT_IN
from seatrial.trial.lint.files import CannotRead, Listed, Tree

WHOLE = 32 * 1024 * 1024  # a file that is read as one
MOST_BYTES = 4 * 1024**3  # of all files together
ZIP = b"PK"  # whose list of contents stands at its end
_POLICY_LIMIT = 1024 * 1024

Linter = Callable[[str, bytes], Iterable[Finding]]

# Checks of files that are read whole, each with the files that it concerns.
OF_WHOLE_FILES: dict[str, tuple[Callable[[str], bool], Linter]] = {
    "notebook_outputs": (notebooks.is_notebook, notebooks.outputs),
    "notebook_order": (notebooks.is_notebook, notebooks.order),
    "unpinned_actions": (workflows.is_workflow, workflows.unpinned_actions),
    "unpinned_requirements": (requirements.is_requirements, requirements.unpinned_requirements),
}


@dataclass
class _Tally:
    """What one check has found so far."""

    files: int = 0
    found: int = 0
    at: list[At] = field(default_factory=list)
    left_out: int = 0
    unread: int = 0
    unread_at: list[At] = field(default_factory=list)

    def take(self, findings: Iterable[Finding]) -> None:
        self.files += 1
        for finding in findings:
            self.found += 1
            if len(self.at) < MOST_AT:
                self.at.append(at_of(finding.file, finding.line, finding.what))

    def miss(self, path: str, why: str) -> None:
        self.unread += 1
        if len(self.unread_at) < MOST_AT:
            self.unread_at.append(at_of(path, None, why))

    def evidence(self, action: Action) -> Findings:
        return Findings(action, self.files, self.found, self.at, self.left_out, self.unread, self.unread_at)


def at_of(file: str, line: int | None, what: str) -> At:
    """A place with everything in it made visible and short, and nothing in it that looks like a secret."""
    name = secrets.redacted(file, LONGEST_FILE)
    return At(name if name.strip() else f"'{name}'", line, secrets.redacted(what, LONGEST_TEXT))


def built_in(
    tree: Tree, policy: str, file_size: int, advisory: Iterable[str]
) -> Iterator[tuple[str, Findings]]:
    """Each built-in check with what it found. policy: the path of the policy file."""
    tallies = {name: _Tally() for name in BUILT_IN}
    tallies["policy"].take(_policy(tree.root, policy))
    budget = _Budget(MOST_BYTES)
    for listed in tree.files:
        _weigh(tallies["large_files"], listed, file_size)
        _look(tallies, tree, listed, budget)
    warned = frozenset(advisory)
    for name, tally in tallies.items():
        yield name, tally.evidence("warn" if name in warned else "fail")


def _policy(root: Path, path: str) -> Iterator[Finding]:
    try:
        data = read_checkout(root, path, _POLICY_LIMIT)
    except SeatrialError as error:
        yield Finding(path, None, error.message)
        return
    if data is None:
        yield Finding(path, None, "is not there: this change removes the policy")
        return
    yield from policies.policy(path, data)


def _weigh(tally: _Tally, listed: Listed, limit: int) -> None:
    if listed.size is None:
        tally.miss(listed.path, "git has no copy of it here, so its size cannot be told")
    elif listed.elsewhere:
        tally.take(())
    else:
        tally.take(sizes.large(listed.path, listed.size, limit, marked=listed.marked))


class _Budget:
    """How many bytes may still be read."""

    def __init__(self, left: int) -> None:
        self._left = left

    def of(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The blocks, as long as there is something left. Raises CannotRead."""
        for block in blocks:
            self._left -= len(block)
            if self._left < 0:
                raise CannotRead("so many bytes were read before it that lint stopped reading")
            yield block


def _look(tallies: dict[str, _Tally], tree: Tree, listed: Listed, budget: _Budget) -> None:
    """Let every check that the file concerns look at it."""
    path = listed.path
    waiting = [name for name, (concerns, _) in OF_WHOLE_FILES.items() if concerns(path)]
    waiting += ["pickles", "secrets"]
    try:
        blocks = budget.of(tree.blocks(listed))
        data, more = _beginning(blocks)
        while len(waiting) > 2:
            name = waiting[0]
            if more:
                tallies[name].miss(path, f"it has more than {WHOLE // 2**20} MiB")
            else:
                tallies[name].take(OF_WHOLE_FILES[name][1](path, data))
            waiting.pop(0)
        if secrets.is_binary(data):
            tallies["secrets"].left_out += 1
            waiting.remove("secrets")
            tail = b"".join(deque(blocks, maxlen=1)) if more and data.startswith(ZIP) else b""
        else:
            tail = b""
            tallies["secrets"].take(secrets.secrets(path, chain([data], blocks)))
            waiting.remove("secrets")
        tallies["pickles"].take(pickles.pickles(path, data + tail))
    except CannotRead as error:
        for name in waiting:
            tallies[name].miss(path, str(error))


def _beginning(blocks: Iterator[bytes]) -> tuple[bytes, bool]:
    """As much as is read as one, and whether there is more."""
    parts: list[bytes] = []
    while sum(map(len, parts)) < WHOLE:
        block = next(blocks, b"")
        if not block:
            return b"".join(parts), False
        parts.append(block)
    return b"".join(parts), True
