"""The built-in checks over a tree of files: each is read once, for every check that it concerns."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from seatrial.errors import SeatrialError
from seatrial.forge.contents import read_checkout
from seatrial.gates.lint.evidence import LONGEST_FILE, LONGEST_TEXT, MOST_AT, Action, At, Findings
from seatrial.linters import pickles, policies, secrets, sizes
from seatrial.linters.findings import Finding
from seatrial.policy.lint_names import BUILT_IN
from seatrial.trial.lint.files import CannotRead, Listed, Tree
from seatrial.trial.lint.installs import CHECK, Installs
from seatrial.trial.lint.kinds import KINDS, Shelf
from seatrial.trial.lint.reading import Reader, beginning

ZIP = b"PK"  # whose list of contents stands at its end
_POLICY_LIMIT = 1024 * 1024


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
    reader, installs = Reader(tree), Installs()
    shelves = (*map(Shelf, KINDS), *installs.shelves)
    for listed in tree.files:
        _weigh(tallies["large_files"], listed, file_size)
        _look(tallies, reader, listed, shelves)
    for findings in installs.findings(tree, reader):
        tallies[CHECK].take(findings)
    for path, why in installs.unread.items():
        tallies[CHECK].miss(path, why)
    warned = frozenset(advisory)
    for name, tally in tallies.items():
        yield name, tally.evidence("warn" if name in warned else "fail")


def weighed(tree: Tree, file_size: int, action: Action) -> Findings:
    """The check of large files alone."""
    tally = _Tally()
    for listed in tree.files:
        _weigh(tally, listed, file_size)
    return tally.evidence(action)


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


def _look(tallies: dict[str, _Tally], reader: Reader, listed: Listed, shelves: Iterable[Shelf]) -> None:
    """Let every check that the file concerns look at it."""
    path = listed.path
    mine = [shelf for shelf in shelves if shelf.kind.concerns(path)]
    waiting = [*(name for shelf in mine for name in shelf.kind.checks), "pickles", "secrets"]
    try:
        blocks = reader.blocks(listed)
        data, more = beginning(blocks)
        for shelf in mine:
            _look_whole(tallies, shelf, path, data, more=more)
        waiting = ["pickles", "secrets"]
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


def _look_whole(tallies: dict[str, _Tally], shelf: Shelf, path: str, data: bytes, *, more: bool) -> None:
    refused = shelf.refused(data, more=more)
    if refused is None:
        for name, findings in shelf.kind.look(path, data).items():
            tallies[name].take(findings)
        return
    for name in shelf.kind.checks:
        tallies[name].miss(path, refused)
