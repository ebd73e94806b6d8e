"""A strict reader of YAML 1.2 core: plain data, and the place of every key and value.

Built on PyYAML's events, since its loaders let the last of two equal keys win, follow aliases and tags,
and read `010` as 8.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from seatrial.errors import BadInput, Location, PolicyInvalid
from seatrial.policy import characters, scalars, syntax
from seatrial.text import code_point, is_hidden, shown

DEEPEST = 32
MOST_NODES = 10_000

Path = tuple[str | int, ...]
Data = dict[str, Any] | list[Any] | scalars.Scalar


class Block(str):
    """Text written as a block (`|` or `>`)."""

    __slots__ = ()


@dataclass(frozen=True)
class Mark:
    """Where an entry's key (None for items of a list) and its value begin."""

    key: Location | None
    value: Location


@dataclass(frozen=True)
class Document:
    """A policy file as data. faults: what is wrong in single keys or scalars; the rest could be read."""

    file: str
    data: dict[str, Any]
    marks: dict[Path, Mark]
    sha256: str
    faults: tuple[BadInput, ...] = ()

    def place(self, path: Path) -> Location:
        """Where the entry, or else the nearest one around it, begins: its key, or its value in a list."""
        mark = self._nearest(path)
        return mark.key or mark.value

    def value_place(self, path: Path) -> Location:
        """Where the value of the entry, or else of the nearest one around it, begins."""
        return self._nearest(path).value

    def _nearest(self, path: Path) -> Mark:
        while path not in self.marks:
            path = path[:-1]
        return self.marks[path]


def read(content: bytes | str, file: str) -> Document:
    """Read one document whose root is a mapping. Raises PolicyInvalid where reading cannot go on."""
    text = characters.checked(content, file)
    raw = content if isinstance(content, bytes) else content.encode()
    builder = _Builder(file)
    data = builder.document(_events(text, file))
    return Document(file, data, builder.marks, hashlib.sha256(raw).hexdigest(), tuple(builder.faults))


def _events(text: str, file: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise PolicyInvalid([syntax.fault(error, text, file)]) from None
    except yaml.YAMLError as error:
        raise PolicyInvalid([BadInput(f"not YAML: {shown(str(error))}", location=Location(file))]) from None
    except RecursionError:
        raise PolicyInvalid([BadInput(f"nested over {DEEPEST} deep", location=Location(file))]) from None


@dataclass
class _Builder:
    """Turns events into data; throws on what makes the rest unreadable, collects the rest."""

    file: str
    marks: dict[Path, Mark] = field(default_factory=dict)
    faults: list[BadInput] = field(default_factory=list)
    nodes: int = 0

    def document(self, events: Iterator[yaml.Event]) -> dict[str, Any]:
        root: Data = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._fatal(
                        event,
                        "a second document begins here; a policy is one document: "
                        'remove the line "---" and what follows it',
                    )
                if event.version or event.tags:
                    raise self._fatal(
                        event, "YAML directives are not allowed; remove the lines beginning with %"
                    )
            elif isinstance(event, yaml.NodeEvent):
                self.marks[()] = Mark(None, self._place(event))
                root = self._node(event, events, ())
        if not isinstance(root, dict):
            raise PolicyInvalid([self._not_a_mapping(root)])
        return root

    def _not_a_mapping(self, root: Data) -> BadInput:
        wanted = 'expected keys and values, beginning with "version: 1"'
        if root is None:
            return BadInput(f"the policy is empty; {wanted}", location=Location(self.file, 1, 1))
        found = "a list" if isinstance(root, list) else f"only the value {shown(root)}"
        return BadInput(f"the policy is {found}; {wanted}", location=self.marks[()].value)

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: Path) -> Data:
        self._refuse_references(event)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self._fatal(event, f"the policy has over {MOST_NODES:,} keys and values; make it smaller")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if len(path) >= DEEPEST:
            raise self._fatal(event, f"nested over {DEEPEST} deep; a policy needs no more than 6")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        return self._mapping(events, path)

    def _refuse_references(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._fatal(
                event,
                f"aliases (*{shown(event.anchor)}) are not allowed; write the value out, "
                "or put text that begins with * in quotes",
            )
        if event.anchor is not None:
            raise self._fatal(
                event,
                f"anchors (&{shown(event.anchor)}) are not allowed; write the value out "
                "at each place, or put text that begins with & in quotes",
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            written = shown(tag.replace("tag:yaml.org,2002:", "!!"))
            raise self._fatal(
                event,
                f"tags ({written}) are not allowed; remove the tag, or put text that begins with ! in quotes",
            )

    def _sequence(self, events: Iterator[yaml.Event], path: Path) -> list[Data]:
        items: list[Data] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            if isinstance(event, yaml.NodeEvent):
                here = (*path, len(items))
                self.marks[here] = Mark(None, self._place(event))
                items.append(self._node(event, events, here))
        return items

    def _mapping(self, events: Iterator[yaml.Event], path: Path) -> dict[str, Data]:
        data: dict[str, Data] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            place = self._place(event)
            value = next(events)
            if not isinstance(value, yaml.NodeEvent):
                raise self._fatal(event, "expected a value after this key")
            here = (*path, key)
            first = self.marks.get(here)
            if first is None:
                self.marks[here] = Mark(place, self._place(value))
                data[key] = self._node(value, events, here)
                continue
            line = first.key.line if first.key else None
            self._fault(
                place,
                f"duplicate key {shown(key)}: first on line {line}, again on line {place.line}; "
                "keep one of them",
            )
            kept = dict(self.marks)
            self._node(value, events, here)
            self.marks = kept
        return data

    def _key(self, event: yaml.Event) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            if isinstance(event, yaml.AliasEvent):
                self._refuse_references(event)
            raise self._fatal(event, "a key must be text, not a list or a mapping; write key: value")
        self._refuse_references(event)
        key: str = event.value
        place = self._place(event)
        if key == "<<":
            raise self._fatal(event, "merge keys (<<) are not allowed; write the keys out")
        if not key.strip():
            self._fault(place, "a key is missing before the colon; write key: value")
        hidden = next((c for c in key if is_hidden(c)), None)
        if hidden is not None:
            self._fault(
                place,
                f"the key {shown(key)} holds {characters.named(hidden)}, which cannot be seen; "
                "type the key again",
            )
            key = "".join(c for c in key if not is_hidden(c))  # as meant, so that the rest is told truly
        return key

    def _scalar(self, event: yaml.ScalarEvent) -> Data:
        text: str = event.value
        bad = next((c for c in text if characters.is_refused(c)), None)
        if bad is not None:
            self._fault(
                self._place(event),
                f"the value {shown(text)} holds {code_point(bad)} ({characters.kind(bad)}); remove it",
            )
        if event.style in {"|", ">"}:
            return Block(text)
        if event.style or not event.implicit[0]:
            return text
        result = scalars.plain(text)
        if result.objection:
            self._fault(self._place(event), result.objection)
        return result.value

    def _place(self, event: yaml.Event) -> Location:
        mark = event.start_mark
        return Location(self.file, mark.line + 1, mark.column + 1) if mark else Location(self.file)

    def _fault(self, place: Location, message: str) -> None:
        self.faults.append(BadInput(message, location=place))

    def _fatal(self, event: yaml.Event, message: str) -> PolicyInvalid:
        return PolicyInvalid([*self.faults, BadInput(message, location=self._place(event))])
