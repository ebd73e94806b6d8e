"""What a command prints: handed on line by line up to a limit, its last lines kept."""

from collections import deque
from collections.abc import Callable

TAIL = 20
MAX_LINE = 10_000


class Output:
    """A sink of bytes. After `limit` bytes lines are dropped, and one line says so; the tail goes on."""

    def __init__(self, limit: int, on_line: Callable[[str], None]) -> None:
        self._limit = limit
        self._on_line = on_line
        self._partial = b""
        self._tail: deque[str] = deque(maxlen=TAIL)
        self.size = 0

    @property
    def truncated(self) -> bool:
        return self.size > self._limit

    @property
    def tail(self) -> tuple[str, ...]:
        return tuple(self._tail)

    def feed(self, data: bytes) -> None:
        """Take what was printed next."""
        was_truncated = self.truncated
        self.size += len(data)
        *lines, partial = data.split(b"\n")
        if lines:
            lines[0] = self._partial + lines[0]
            self._partial = partial[:MAX_LINE]
        else:
            self._partial = (self._partial + partial)[:MAX_LINE]
        if not self.truncated:
            for line in lines:
                self._emit(line)
            return
        if not was_truncated:
            self._on_line(f"[the output is longer than {self._limit:,} bytes; the rest is not shown]")
        self._tail.extend(map(_text, lines[-TAIL:]))

    def close(self) -> None:
        """Take the last line, if it has no line break."""
        if self._partial:
            last, self._partial = self._partial, b""
            if self.truncated:
                self._tail.append(_text(last))
            else:
                self._emit(last)

    def _emit(self, line: bytes) -> None:
        text = _text(line)
        self._tail.append(text)
        self._on_line(text)


def _text(line: bytes) -> str:
    return line[:MAX_LINE].rstrip(b"\r").decode("utf-8", "replace")
