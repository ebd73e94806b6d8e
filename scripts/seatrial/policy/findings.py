"""A fault of the policy by the path of its entry; turned into a place in the file at the end."""

from collections.abc import Iterable
from dataclasses import dataclass

from seatrial.errors import BadInput, Location
from seatrial.policy.yaml import Document, Path
from seatrial.text import shown

MOST = 50


@dataclass(frozen=True)
class Finding:
    """path: the entry at fault. on_key: it is the key, or the lack of it, that is wrong, not the value."""

    path: Path
    message: str
    on_key: bool = False
    hides_inside: bool = False

    def located(self, document: Document) -> BadInput:
        place = document.place(self.path) if self.on_key else document.value_place(self.path)
        return BadInput(self.message, location=place)


def dotted(path: Iterable[str | int]) -> str:
    """The path for people: evaluate.metrics.roc_auc, waivers[0].check."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{shown(part, 40)}" if text else shown(part, 40)
    return text


def faults(document: Document, findings: Iterable[Finding]) -> list[BadInput]:
    """Everything that is wrong, in the order of the file, once for each key and each value."""
    found = list(document.faults)
    unreadable = {fault.location for fault in found}
    every = list(findings)
    covered = {f.path for f in every if f.hides_inside}
    seen: set[tuple[Path, bool]] = set()
    for finding in every:
        inside = any(finding.path[:end] in covered for end in range(len(finding.path)))
        known = (
            not finding.on_key
            and finding.path in document.marks
            and document.value_place(finding.path) in unreadable
        )
        if inside or known or (finding.path, finding.on_key) in seen:
            continue
        seen.add((finding.path, finding.on_key))
        found.append(finding.located(document))
    found.sort(key=lambda fault: _order(fault.location))
    if len(found) > MOST:
        more = BadInput(f"and {len(found) - MOST} more faults", location=found[MOST].location)
        return [*found[:MOST], more]
    return found


def _order(place: Location | None) -> tuple[int, int]:
    return (place.line or 0, place.column or 0) if place else (0, 0)
