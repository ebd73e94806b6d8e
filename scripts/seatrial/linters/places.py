"""Places in what a command prints: `file:line:col: message` and its kin. A command may print anything."""

import re
from dataclasses import dataclass, field

MOST = 1000
_LINE = 1000  # characters of a line that are looked at
_POINTED = re.compile(r"\s{0,20}--> ([^\s:][^:]{0,300}):(\d{1,7}):(\d{1,6})\s*\Z")
_PLAIN = re.compile(r"([^\s:][^:]{0,300}):(\d{1,7})(?::(\d{1,6}))?(?::\s{0,4}|\s{1,4})(\S.{0,900})\Z")
_COMMAND = re.compile(r"::(?:error|warning) ([^:]{0,600})::(.{1,900})\Z")
_PROPERTY = re.compile(r"(?:^|,)(file|line)=([^,]{1,300})")
_NOTE = re.compile(r"note: ")


@dataclass(frozen=True)
class Place:
    """What a command said of a line of a file, as it named the file."""

    file: str
    line: int
    what: str


@dataclass
class Places:
    """Takes the lines of an output one by one, as plain text, and keeps the places in them.

    more: whether there were more than are kept.
    """

    found: list[Place] = field(default_factory=list)
    more: bool = False
    _before: str = ""
    _seen: set[Place] = field(default_factory=set)

    def take(self, line: str) -> None:
        line = line[:_LINE].rstrip()
        place = self._place(line)
        if place is not None and place.line > 0 and place not in self._seen:
            if len(self.found) >= MOST:
                self.more = True
            else:
                self._seen.add(place)
                self.found.append(place)
        if line.strip():
            self._before = line.strip()

    def _place(self, line: str) -> Place | None:
        pointed = _POINTED.match(line)
        if pointed is not None:
            return Place(pointed[1], int(pointed[2]), self._before)
        command = _COMMAND.match(line.lstrip())
        if command is not None:
            told = dict(_PROPERTY.findall(command[1]))
            number = told.get("line", "")
            ok = "file" in told and number.isascii() and number.isdigit() and len(number) <= 7
            return Place(told["file"], int(number), command[2]) if ok else None
        plain = _PLAIN.match(line)
        if plain is None or _NOTE.match(plain[4]):
            return None
        return Place(plain[1], int(plain[2]), plain[4])
