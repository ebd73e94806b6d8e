"""Requirements files together: what each install would resolve differently on another day.

An install begins at a file that no other includes. Constraints that any file of it names hold for all of it,
as they do for pip.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seatrial.linters.findings import Finding
from seatrial.linters.requirements import Fault, OtherFile, Requirements, is_requirements
from seatrial.linters.secrets import redacted

MOST = 1000  # findings of one file, which may have hundreds of thousands of lines
MOST_STEPS = 1_000_000  # lines and files that all installs together look at, since they may share any number
_ADDRESS = "://"


def unpinned(files: Mapping[str, Requirements], unread: frozenset[str]) -> dict[str, list[Finding]]:
    """Findings by file, for each that was read. unread: files that are there and could not be read."""
    links = {path: _Links.of(path, says, files) for path, says in files.items()}
    walk = _Walk(files, links)
    for path, says in files.items():
        for other in says.included:
            told = _unfollowed(path, other, files, unread)
            if told is not None:
                walk.tell(path, Fault(other.line, told))
    for start in _starts(links):
        walk.install(start)
    return {path: list(_told(path, walk.faults[path])) for path in sorted(files)}


def named_by(path: str, says: Requirements) -> Iterator[str]:
    """The files that one names, as far as lint reads them."""
    others = (*(each for each in says.included if not _is_source(each.name)), *says.constraints)
    yield from (there for other in others if (there := beside(path, other.name)) is not None)


def beside(path: str, name: str) -> str | None:
    """The path of the file that the one at this path names; None for what cannot be in the repository."""
    if _ADDRESS in name or "\0" in name:
        return None
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
    return None if found.startswith(("/", "..")) else found


def _is_source(name: str) -> bool:
    """Whether a lock is compiled from this file, and nothing is installed from it."""
    return name.lower().endswith(".in")


def _unfollowed(
    path: str, other: OtherFile, files: Mapping[str, Requirements], unread: frozenset[str]
) -> str | None:
    """Why an include is not followed, unless somebody else tells.

    Constraints that are not there need no word: what they leave unpinned is told.
    """
    name = redacted(other.name, 80)
    if _is_source(other.name):
        return f"includes {name}, which is no lock; include what was compiled from it"
    there = beside(path, other.name)
    if there in files or there in unread:
        return None
    return f"includes {name}, which is no file that git holds; include one that is"


def _told(path: str, faults: Mapping[tuple[int, str], Fault]) -> Iterator[Finding]:
    for count, key in enumerate(sorted(faults)):
        if count == MOST:
            mend = "compile a lock with hashes"
            yield Finding(path, None, f"holds more than {MOST:,} that are not pinned; {mend}")
            return
        yield Finding(path, faults[key].line, faults[key].told)


@dataclass(frozen=True)
class _Links:
    """The files that one includes, and those that it names as constraints."""

    included: frozenset[str]
    constraints: frozenset[str]

    @staticmethod
    def of(path: str, says: Requirements, files: Mapping[str, Requirements]) -> "_Links":
        included = (beside(path, each.name) for each in says.included if not _is_source(each.name))
        constraints = (beside(path, each.name) for each in says.constraints)
        return _Links(
            frozenset(each for each in included if each is not None and each in files),
            frozenset(each for each in constraints if each is not None and each in files),
        )


def _starts(links: Mapping[str, _Links]) -> Iterator[str]:
    """Files at which an install begins: those that none includes, then those of circles."""
    included = frozenset[str]().union(*(each.included for each in links.values()))
    named = sorted(path for path in links if is_requirements(path))
    yield from (path for path in named if path not in included)
    yield from (path for path in named if path in included)


@dataclass
class _Walk:
    """faults: by file, and by line and what is wrong, since several installs may look at one file."""

    files: Mapping[str, Requirements]
    links: Mapping[str, _Links]
    faults: dict[str, dict[tuple[int, str], Fault]] = field(default_factory=lambda: defaultdict(dict))
    reached: set[str] = field(default_factory=set)
    steps: int = 0

    def tell(self, path: str, fault: Fault) -> None:
        self.faults[path][fault.line or 0, fault.what] = fault

    def install(self, start: str) -> None:
        """Look at one install; not at a file of a circle that an install before has reached."""
        if start in self.reached:
            return
        if self.steps > MOST_STEPS:
            mend = "let fewer requirements files include others"
            self.tell(start, Fault(None, f"begins one of more installs than lint looks at; {mend}"))
            return
        parts = self._with_others({start})
        self.reached |= parts
        pins = self._pins(parts)
        for part in parts:
            self.steps += len(self.files[part].faults)
            for fault in self.files[part].faults:
                if fault.package is None or not pins.get(fault.package, False):
                    self.tell(part, fault)

    def _pins(self, parts: set[str]) -> dict[str, bool]:
        """The packages that constraints hold, and whether each to one version."""
        named = {each for part in parts for each in self.links[part].constraints}
        held: dict[str, bool] = {}
        for path in self._with_others(named, constraints=True):
            pins = self.files[path].pins
            self.steps += len(pins)
            for package, exact in pins.items():
                held[package] = exact and held.get(package, True)
        return held

    def _with_others(self, starts: set[str], *, constraints: bool = False) -> set[str]:
        """The files and those that they include, and those include, and so on; or also their constraints."""
        found, waiting = set(starts), list(starts)
        while waiting:
            links = self.links[waiting.pop()]
            theirs = links.included | links.constraints if constraints else links.included
            self.steps += len(theirs) + 1
            new = theirs - found
            found |= new
            waiting += new
        return found
