"""Files of rows, read the way the data gate reads them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from seatrial.commands.running import Limits
from seatrial.engines.scanning import scan
from seatrial.engines.sources import find
from seatrial.gates.data.measures import Asked, Facts, Measure, Reading
from seatrial.policy.data import Csv

GENEROUS = Limits(time=120, memory=4 * 2**30)


def read(
    root: Path,
    path: str,
    types: Mapping[str, str] | None = None,
    *,
    csv: Csv | None = None,
    zones: Mapping[str, str] | None = None,
    measures: Sequence[Measure] | None = None,
    limits: Limits = GENEROUS,
    drafting: bool = False,
) -> Facts:
    """What a scan says of the rows; asked for missing and unreadable cells where nothing else is asked."""
    wanted = types or {}
    readings = tuple(Reading(name, kind, (zones or {}).get(name)) for name, kind in wanted.items())
    source = find("train", path, root, readings, csv or Csv()).source
    if measures is None:
        measures = [
            measure
            for name, kind in wanted.items()
            for measure in (Measure("null", (name,)), Measure("unreadable", (name,), kind))
        ]
    (root / ".scratch").mkdir(exist_ok=True)
    asked = Asked(source, tuple(measures))
    (facts,) = scan([asked], names=path, limits=limits, scratch=root / ".scratch", drafting=drafting)
    return facts


def counts(facts: Facts) -> list[int]:
    """The count of each answer."""
    assert [answer.problem for answer in facts.answers] == [None] * len(facts.answers)
    return [answer.count for answer in facts.answers]
