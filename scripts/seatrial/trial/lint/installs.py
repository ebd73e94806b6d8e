"""What the repository installs: requirements files with those that they name, and projects without a lock."""

from collections.abc import Iterable, Iterator, Mapping

from seatrial.linters import installs, projects, requirements
from seatrial.linters.findings import Finding
from seatrial.linters.requirements import Requirements
from seatrial.trial.lint.files import CannotRead, Listed, Tree
from seatrial.trial.lint.kinds import MIB, Kind, Shelf
from seatrial.trial.lint.reading import Reader, beginning

CHECK = "unpinned_requirements"


class Installs:
    """Keeps what the files say until all have been read, since each may name others.

    unread: files that are there and could not be read, with the reason.
    """

    def __init__(self) -> None:
        self._files: dict[str, Requirements] = {}
        self._projects: dict[str, bytes] = {}
        self.unread: dict[str, str] = {}
        self._shelf = Shelf(
            Kind((CHECK,), _concerns, self._keep, requirements.heft, requirements.HEAVIEST, 128 * MIB)
        )
        self.shelves = (
            self._shelf,
            Shelf(
                Kind(
                    (CHECK,),
                    projects.is_project,
                    self._keep_project,
                    projects.heft,
                    projects.HEAVIEST,
                    16 * MIB,
                )
            ),
        )

    def _keep(self, path: str, data: bytes) -> Mapping[str, Iterable[Finding]]:
        self._files[path] = requirements.requirements_in(data)
        return {}

    def _keep_project(self, path: str, data: bytes) -> Mapping[str, Iterable[Finding]]:
        self._projects[path] = data
        return {}

    def findings(self, tree: Tree, reader: Reader) -> Iterator[Iterable[Finding]]:
        """What is wrong with each file that was looked at, those that others name with them."""
        listed = {each.path: each for each in tree.files}
        self._read_others(listed, reader)
        yield from installs.unpinned(self._files, frozenset(self.unread)).values()
        locks = (*filter(projects.is_lock, listed), *self._pinning())
        folders = frozenset(map(projects.folder_of, locks))
        for path, data in self._projects.items():
            yield () if projects.is_locked(path, folders) else projects.unlocked(path, data)

    def _pinning(self) -> Iterator[str]:
        return (path for path, found in self._files.items() if any(found.pins.values()))

    def _read_others(self, listed: Mapping[str, Listed], reader: Reader) -> None:
        """Read the files that others name, whatever they are called."""
        waiting = list(self._files)
        while waiting:
            path = waiting.pop()
            for there in installs.named_by(path, self._files[path]):
                if there in self._files or there in self.unread or there not in listed:
                    continue
                try:
                    data, more = beginning(reader.blocks(listed[there]))
                    refused = self._shelf.refused(data, more=more)
                except CannotRead as error:
                    refused = str(error)
                if refused is not None:
                    self.unread[there] = refused
                    continue
                self._keep(there, data)
                waiting.append(there)


def _concerns(path: str) -> bool:
    return requirements.is_requirements(path) or requirements.is_constraints(path)
