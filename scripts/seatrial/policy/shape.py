"""The shape of the policy: unknown, missing and empty entries, and values of the wrong kind."""

import difflib
from collections.abc import Iterator
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from seatrial.policy import later
from seatrial.policy.describing import descriptions
from seatrial.policy.findings import Finding, dotted
from seatrial.policy.limits import Section
from seatrial.policy.model import Policy
from seatrial.policy.units import kind
from seatrial.policy.yaml import Document, Path
from seatrial.text import shown

SHORT_LIST = 12


def findings(error: ValidationError | None, document: Document) -> Iterator[Finding]:
    """What pydantic found, in our words, and the entries without a value."""
    details = error.errors(include_url=False) if error else []
    details = [_as_written(detail, document) for detail in details]
    details = [detail for detail in details if not _filled_in(detail, document)]
    for detail in details:
        if detail["type"] == "extra_forbidden" and str(detail["loc"][-1]).strip():
            yield _unknown(_path(detail))
    yield from _empty(document.data, ())
    for detail in details:
        if detail["type"] != "extra_forbidden" and detail["input"] is not None:
            yield _finding(detail)


def nearest(word: str, known: list[str]) -> str | None:
    """The known word that was probably meant."""
    plain = word[:60].lower().replace("-", "_")
    swapped = [other for other in known if sorted(other) == sorted(plain)]
    found = swapped or difflib.get_close_matches(plain, known, n=1, cutoff=0.6)
    return found[0] if found else None


def sections(annotation: Any) -> list[type[Section]]:
    """The sections that a type holds: of X, X | None, tuple[X, ...], dict[str, X]."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return [annotation]
    return [section for part in get_args(annotation) for section in sections(part)]


def every_section(section: type[Section]) -> set[type[Section]]:
    """The section and all those inside it."""
    inner = [part for info in section.model_fields.values() for part in sections(info.annotation)]
    return {section}.union(*(every_section(part) for part in inner))


def _as_written(detail: ErrorDetails, document: Document) -> ErrorDetails:
    """The fault at the place where the file has it: in the short form of lint the commands are its items."""
    loc = detail["loc"]
    if loc[:2] == ("lint", "run") and isinstance(document.data.get("lint"), list):
        detail["loc"] = ("lint", *loc[2:])
    return detail


def _filled_in(detail: ErrorDetails, document: Document) -> bool:
    """Whether the value comes from another entry, where the same fault is told."""
    path = _path(detail)
    while detail["type"] != "missing" and path not in document.marks:
        if isinstance(path[-1], str):
            return True
        path = path[:-1]
    return False


def _path(detail: ErrorDetails) -> Path:
    return tuple(part for part in detail["loc"] if part != "[key]")


def _finding(detail: ErrorDetails) -> Finding:
    path, value = _path(detail), detail["input"]
    here = dotted(path)
    match detail["type"]:
        case "policy":
            return Finding(path, f"{here}: {detail['ctx']['message']}")
        case "missing":
            return Finding(path, f"{here} is missing{_about(path)}", on_key=True)
        case "model_type" | "model_attributes_type" | "dict_type":
            known = ", ".join(_known(path)[:SHORT_LIST])
            keys = f" with the keys {known}" if known else ""
            return Finding(path, f"{here}: expected a mapping (key: value){keys}, found {kind(value)}")
    return Finding(path, f"{here}: {detail['msg']}, found {kind(value)}")


def _about(path: Path) -> str:
    section = _section(path[:-1])
    meaning = descriptions(section).get(str(path[-1]), "") if section else ""
    return f"; write what it is: {meaning[:1].lower()}{meaning[1:].rstrip('.')}" if meaning else ""


def _unknown(path: Path) -> Finding:
    key = str(path[-1])
    if key in later.SECTIONS.get(path[:-1], ()):  # type: ignore[arg-type]
        return Finding(path, later.message(dotted(path)), on_key=True, hides_inside=True)
    known = _known(path[:-1])
    close = nearest(key, known)
    place = dotted(path[:-1]) or "the policy"
    parts = [f"unknown key {shown(key)} in {place}"]
    elsewhere = _elsewhere(key)
    if not key.isascii() and key.strip():
        strange = next(c for c in key if not c.isascii())
        parts.append(f"it holds the character U+{ord(strange):04X}, type it again")
    if key.isdigit():
        parts.append("with a decimal comma, write the number with a point")
    elif ":" in key:
        parts.append("put a space after the colon")
    elif close:
        parts.append(f"did you mean {close}?")
    elif elsewhere:
        parts.append(f"it belongs into {elsewhere}")
    if not close and not elsewhere:
        listed = ", ".join(known) if len(known) <= SHORT_LIST else ", ".join(known[:SHORT_LIST]) + ", …"
        parts.append(f"known keys: {listed}")
    return Finding(path, "; ".join(parts), on_key=True, hides_inside=True)


def _known(path: Path) -> list[str]:
    section = _section(path)
    return list(section.model_fields) if section else []


def _section(path: Path) -> type[Section] | None:
    """The section that stands at a path; names of metrics and list indices lead into the same type."""
    section: type[Section] = Policy
    container = False
    for part in path:
        if container:
            container = False
            continue
        info = section.model_fields.get(str(part))
        found = sections(info.annotation) if info else []
        if info is None or not found:
            return None
        section, container = found[0], get_origin(info.annotation) in {dict, tuple}
    return None if container else section


def _elsewhere(key: str) -> str | None:
    """The only section that has the key, where it was written in another."""
    homes = [
        name
        for name, info in Policy.model_fields.items()
        for section in sections(info.annotation)
        if key in section.model_fields
    ]
    return homes[0] if len(homes) == 1 else None


def _empty(value: object, path: Path) -> Iterator[Finding]:
    entries: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    for key, inner in entries:
        here = (*path, key)
        if inner is None:
            yield Finding(here, f"{dotted(here)} has no value; write one, or remove the key", on_key=True)
        yield from _empty(inner, here)
