"""What every engine does alike when it profiles, so that equal data have equal profiles.

Standard library only, and imported in child processes only.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from seatrial.engines.measures.engine import BOOLEAN, DATE, INTEGER, NUMBER, STRING, TIMESTAMP
from seatrial.gates.data.packing import cuts

NUMBERS = (INTEGER, NUMBER, DATE, TIMESTAMP)
NAMES = (STRING, BOOLEAN)
SAMPLE, CELLS = 65_536, 2**24
BITS = 37  # of sums that are told; others have more, and differ in them
LARGEST = 1e145  # of more, the squares of 2**53 rows might not add up
TOO_LARGE = "the numbers are too large to add up"

# Which rows are sampled follows from their numbers: those whose numbers, mixed, are the smallest. Mixed as by
# SplitMix64 (Steele, Lea & Flood 2014), and compared as signed numbers.
WEYL = 0x9E3779B97F4A7C15
ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))


def sample_rows(columns: int) -> int:
    """How many rows are sampled, of a table with so many columns of numbers."""
    return max(SAMPLE // 4, min(SAMPLE, CELLS // max(1, columns)))


def cut_at(
    values: Sequence[float], counts: Sequence[int], steps: int, least: int, known: int | None = None
) -> list[float]:
    """Where to cut a column. values, counts: distinct finite values, ascending, and how often each stands.

    known: None where that is the whole column; else it is a sample of so many.
    """
    if known is None:
        found = cuts(values, counts, least, least)
    else:
        size = sum(counts)
        mass = max(size / steps, least * size / max(1, known))
        found = cuts(values, counts, mass, mass)[:steps]
    return [edge + 0.0 for edge in found]  # of the two zeros the positive one


def moments_told(mean: float, deviation: float) -> tuple[float, float]:
    """Mean and standard deviation, without the digits that depend on the order in which rows were added."""
    return told(mean, max(abs(mean), deviation)), told(deviation, deviation)


def told(value: float, size: float) -> float:
    """A number to 11 digits or so of one of this size."""
    if not size:
        return value
    grain = math.ldexp(1.0, math.frexp(size)[1] - BITS)
    return round(value / grain) * grain if grain else value


def at_edges(sketched: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What to ask of other data, by column of a sketch: its edges, or the names of its categories."""
    return {
        name: {"edges": found["steps"]["edges"]}
        if "steps" in found
        else {"categories": [each for each, _ in found["categories"]]}
        for name, found in sketched.items()
        if "steps" in found or found.get("categories")
    }
