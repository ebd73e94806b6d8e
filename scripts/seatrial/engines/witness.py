"""What the files were while an engine read them: digests, whether they changed, whether CSV is whole.

In a thread beside the engine's process: hashing and numpy let go of the interpreter's lock.
"""

import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.engines.files.csv_faults import FaultFound
from seatrial.engines.files.reading import Signature, signature, unreadable
from seatrial.engines.files.unpacking import BLOCK
from seatrial.engines.preparing import Prepared, refusal, structure
from seatrial.engines.sources import digest
from seatrial.errors import BadInput, Location
from seatrial.gates.data.measures import Source

_SMALL = 2**22
_BLINK = 0.01


@dataclass(frozen=True)
class Seen:
    """A source as it was. rows: of CSV files that are read as they are; None where a copy is read."""

    sha256: str
    rows: int | None


class Witness:
    """Begins at once."""

    def __init__(self, sources: Sequence[Prepared]) -> None:
        self._sources = sources
        self._seen: list[Seen] = []
        self._fault: BaseException | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self) -> tuple[Seen, ...]:
        """What was seen, once all is read. Raises BadInput for what is wrong, or has changed since."""
        self._thread.join()
        if self._fault is not None:
            raise self._fault
        for each in self._sources:
            for number, file in enumerate(each.source.files):
                try:
                    after = signature(os.stat(file, follow_symlinks=False))
                except OSError:
                    raise changed(each.source.called(number)) from None
                if after != each.signatures[number]:
                    raise changed(each.source.called(number))
        return tuple(self._seen)

    def look(self) -> None:
        """Raises what is wrong, if that is known within the blink that small files take."""
        if sum(size for each in self._sources for _, _, size, _ in each.signatures) <= _SMALL:
            self._thread.join(_BLINK)
        if self._fault is not None:
            raise self._fault

    def leave(self) -> None:
        """Nobody wants to know any more."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._seen = [self._of(each) for each in self._sources]
        except BaseException as fault:
            self._fault = fault

    def _of(self, prepared: Prepared) -> Seen:
        source, copied = prepared.source, prepared.copied
        digests = []
        rows = 0
        for number in range(len(source.files)):
            text = source.format == "csv" and number not in copied
            whole, more = self._file(source, number, prepared.signatures[number], text)
            digests.append(whole)
            rows += more
        counted = source.format == "csv" and not copied
        return Seen(digest(source.names or source.files, tuple(digests)), rows if counted else None)

    def _file(self, source: Source, number: int, before: Signature, text: bool) -> tuple[str, int]:
        """Digest and rows of one file. before: what it was before anything of it was read."""
        file, name = source.files[number], source.called(number)
        watch = structure(source, number) if text else None
        hashed = hashlib.sha256()
        block = bytearray(BLOCK)
        view = memoryview(block)
        try:
            descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            raise changed(name) from None
        except OSError as error:
            raise unreadable(error, Location(name)) from None
        with os.fdopen(descriptor, "rb", buffering=0) as opened:
            if signature(os.fstat(descriptor)) != before:
                raise changed(name)
            left = before[2]
            try:
                while not self._stop.is_set() and (size := opened.readinto(view)):
                    left -= size
                    part = view[:size]
                    hashed.update(part)
                    if watch is not None:
                        watch.feed(block if size == BLOCK else bytes(part))
                if left and not self._stop.is_set():
                    raise changed(name)
                return hashed.hexdigest(), watch.end() - 1 if watch is not None else 0
            except FaultFound as found:
                if signature(os.fstat(descriptor)) != before:
                    raise changed(name) from None
                raise refusal(found, name) from None
            except OSError as error:
                raise unreadable(error, Location(name)) from None


def changed(name: str) -> BadInput:
    """A file that was written to meanwhile."""
    return BadInput(
        "the file changed while it was read; let the step that writes it end first", location=Location(name)
    )
