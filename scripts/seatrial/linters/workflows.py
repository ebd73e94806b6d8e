"""What workflows and actions use of others, and whether it can change under them.

Read from YAML's events without recursion, aliases followed by name only: the file may be hostile.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from seatrial.linters.findings import Finding
from seatrial.linters.secrets import redacted

LARGEST = 512 * 1024  # bytes; GitHub refuses larger workflow files
DEEPEST = 200
_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml\Z", re.IGNORECASE)
_ACTION = re.compile(r"(?:.*/)?action\.ya?ml\Z")
_COMMIT = re.compile(r"@[0-9a-fA-F]{40}\Z")
_DIGEST = re.compile(r"@sha256:[0-9a-fA-F]{64}\Z")
# Below these keys a key `uses` is data of somebody's own.
_DATA = frozenset({"with", "env", "inputs", "outputs", "secrets", "strategy", "on", "defaults", "run"})


def is_workflow(path: str) -> bool:
    """A workflow of this repository, or the manifest of an action anywhere in it."""
    return _WORKFLOW.match(path) is not None or _ACTION.match(path) is not None


def unpinned_actions(path: str, data: bytes) -> Iterator[Finding]:
    """A finding for each `uses:` that is not pinned, and one for a file that cannot be read."""
    if len(data) > LARGEST:
        told = f"has more than {LARGEST:,} bytes, so what it uses cannot be told; make it smaller"
        yield Finding(path, None, told)
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Finding(path, None, "is not UTF-8, so what it uses cannot be told; save it as UTF-8")
        return
    walk = _Walk()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            walk.take(event)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        yield Finding(
            path, line, "cannot be read from here on, so what it uses cannot be told; mend the YAML"
        )
    for line, used in walk.uses:
        what = "an alias that stands for more than text" if used is None else _fault(used)
        if what is not None:
            yield Finding(path, line, what)


def _fault(used: str) -> str | None:
    """What is wrong with a `uses:`; None where nothing is."""
    name = redacted(used, 120)
    if used.startswith(("./", "$/")):
        return None
    if used.startswith("docker://"):
        mend = "its tag can be moved; write its digest, @sha256: and 64 hex digits"
        return None if _DIGEST.search(used) else f"{name} is not pinned: {mend}"
    if _COMMIT.search(used):
        return None
    mend = "a tag or branch can be moved; write the full commit id, @ and 40 hex digits"
    return f"{name} is not pinned: {mend}"


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
    """Collects `uses:` with their lines. anchors: the text that each stands for, None for what is none."""

    uses: list[tuple[int, str | None]] = field(default_factory=list)
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
                self.uses.append((_line(event), None))
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
        of_jobs = len(self.levels) == 2 and top.name == "jobs"  # whose keys are names of somebody's choice
        return top.counts and not (top.mapping and top.key in _DATA and not of_jobs)

    def _remember(self, anchor: str | None, value: str | None, counted: bool = False) -> None:
        if anchor is not None:
            self.anchors[anchor] = (value, counted)

    def _node(self, event: yaml.Event, value: str | None) -> None:
        top = self.levels[-1] if self.levels else None
        if top is not None and top.mapping and top.expects_key:
            top.key, top.expects_key = value or "", False
            return
        if top is not None and top.mapping and top.key == "uses" and top.counts:
            self.uses.append((_line(event), value))
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
