"""What a workflow or the manifest of an action uses of others, as it is written.

Read from YAML's events without recursion, aliases followed by name only: the file may be hostile.
"""

from dataclasses import dataclass, field

import yaml

from seatrial.linters.weights import weight

LARGEST = 512 * 1024  # bytes; GitHub refuses larger workflow files
HEAVIEST = 2 * LARGEST  # what workflows hold comes to no more than twice their bytes
DEEPEST = 32  # what the parser takes for each bracket grows with those that are open
# Below these keys a key `uses` or `image` is data of somebody's own.
_DATA = frozenset({"with", "env", "inputs", "outputs", "secrets", "strategy", "on", "defaults", "run"})
_IMAGES = frozenset({"image", "container"})


@dataclass(frozen=True)
class Unread:
    """Why a file, or the rest of one, cannot be read."""

    line: int | None
    why: str
    mend: str


@dataclass
class Used:
    """Each `uses:` with its line, None for an alias of more than text; each image with its line.

    unread: why the rest of the file is not looked at.
    """

    uses: list[tuple[int, str | None]] = field(default_factory=list)
    images: list[tuple[int, str]] = field(default_factory=list)
    unread: Unread | None = None


def heft(data: bytes) -> int:
    """What it costs to read this file."""
    return weight(data, b"[]{},:-?!&*", 8)


def used_in(data: bytes) -> Used:
    """What the file uses, as far as it can be read."""
    if len(data) > LARGEST:
        return Used(unread=Unread(None, f"has more than {LARGEST:,} bytes", "make it smaller"))
    if heft(data) > HEAVIEST:
        return Used(unread=Unread(None, "is punctuation more than text", "make it smaller"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Used(unread=Unread(None, "is not UTF-8", "save it as UTF-8"))
    walk = _Walk()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            walk.take(event)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        walk.found.unread = Unread(line, "cannot be read from here on", "mend the YAML")
    return walk.found


@dataclass
class _Level:
    """A list or mapping that is open. name: the key that it stands under. key: whose value comes next."""

    mapping: bool
    counts: bool
    name: str
    key: str | None = None
    expects_key: bool = True


@dataclass
class _Walk:
    """Collects as it goes. anchors: the text that each stands for, None for what is none."""

    found: Used = field(default_factory=Used)
    levels: list[_Level] = field(default_factory=list)
    anchors: dict[str, tuple[str | None, bool]] = field(default_factory=dict)

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._remember(event.anchor, event.value)
            self._node(event, event.value)
        elif isinstance(event, yaml.AliasEvent):
            value, counted = self.anchors.get(event.anchor or "", (None, False))
            level = self.levels[-1] if self.levels else None
            lost = value is None and not counted and self._counts() and not self._is_key(level)
            if lost:  # a list or mapping that was passed over as data, brought back as steps
                self.found.uses.append((_line(event), None))
                self._end_node()
            else:
                self._node(event, value)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(self.levels) >= DEEPEST:
                raise ValueError("nested too deep")
            counts = self._counts()
            self._remember(event.anchor, None, counts)
            name = (self.levels[-1].key or "") if self.levels else ""
            self.levels.append(_Level(isinstance(event, yaml.MappingStartEvent), counts, name))
        elif isinstance(event, yaml.CollectionEndEvent):
            self.levels.pop()
            self._end_node()

    @staticmethod
    def _is_key(level: _Level | None) -> bool:
        return level is not None and level.mapping and level.expects_key

    def _counts(self) -> bool:
        """Whether what begins here may hold a `uses:` that GitHub reads."""
        if not self.levels:
            return True
        top = self.levels[-1]
        return top.counts and not (top.mapping and top.key in _DATA and not self._names_are_free())

    def _names_are_free(self) -> bool:
        """Whether the keys here are names of somebody's choice: of jobs, or of a job's services."""
        names = [level.name for level in self.levels[1:]]
        return names == ["jobs"] or (len(names) == 3 and names[0] == "jobs" and names[2] == "services")

    def _remember(self, anchor: str | None, value: str | None, counted: bool = False) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, counted)

    def _node(self, event: yaml.Event, value: str | None) -> None:
        top = self.levels[-1] if self.levels else None
        if top is not None and top.mapping and top.expects_key:
            top.key, top.expects_key = value or "", False
            return
        if top is not None and top.mapping and top.counts:
            if top.key == "uses":
                self.found.uses.append((_line(event), value))
            elif top.key in _IMAGES and value:
                self.found.images.append((_line(event), value))
        self._end_node()

    def _end_node(self) -> None:
        """A value has ended, or a key that is no text."""
        if not self.levels or not self.levels[-1].mapping:
            return
        top = self.levels[-1]
        if top.expects_key:
            top.key, top.expects_key = "", False
        else:
            top.key, top.expects_key = None, True


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
