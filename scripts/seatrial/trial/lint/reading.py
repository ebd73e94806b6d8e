"""Reading files of the checkout, of which there may be any number of any size."""

from collections.abc import Iterator

from seatrial.trial.lint.files import CannotRead, Listed, Tree
from seatrial.trial.lint.kinds import WHOLE

MOST_BYTES = 4 * 1024**3  # of all files together


class Reader:
    """Reads files as long as there is something left to be read."""

    def __init__(self, tree: Tree, left: int = MOST_BYTES) -> None:
        self._tree = tree
        self._left = left

    def blocks(self, listed: Listed) -> Iterator[bytes]:
        """The file's bytes in blocks. Raises CannotRead."""
        for block in self._tree.blocks(listed):
            self._left -= len(block)
            if self._left < 0:
                raise CannotRead("so many bytes were read before it that lint stopped reading")
            yield block


def beginning(blocks: Iterator[bytes]) -> tuple[bytes, bool]:
    """As much as is read as one, and whether there is more."""
    parts: list[bytes] = []
    while sum(map(len, parts)) < WHOLE:
        block = next(blocks, b"")
        if not block:
            return b"".join(parts), False
        parts.append(block)
    return b"".join(parts), True
