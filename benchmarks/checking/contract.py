"""The contract of the benchmark, and how many rows break it in the faulty data. Standard library only."""

from pathlib import Path
from typing import Any

INTEGERS = {f"i{n}": 10 ** (n + 1) - 1 for n in range(6)}
NUMBERS = tuple(f"f{n}" for n in range(8))
SETS = {"c0": 5, "c1": 50, "c2": 200}
COLUMNS = ("id", *INTEGERS, *NUMBERS, *SETS, "b", "t")

# Rows that break each rule in the faulty data; every other rule holds.
PLANTED = {
    "nulls/f0": 7,
    "nulls/c0": 5,
    "range/i2": 4,
    "range/f1": 11,
    "range/f2": 3,
    "set/c1": 9,
    "unique/id": 6,
}


def file_of(folder: Path, rows: int, kind: str, *, faulty: bool) -> Path:
    name = f"{'faulty' if faulty else 'sound'}-{rows}"
    return folder / (f"{name}.csv" if kind == "csv" else f"{name}-{kind}.parquet")


def values_of(name: str) -> list[str]:
    return [f"v{n:03}" for n in range(SETS[name])]


def ranges() -> dict[str, tuple[float, float]]:
    """The least and the largest value of each column that has them: 14."""
    return {name: (0, most) for name, most in INTEGERS.items()} | dict.fromkeys(NUMBERS, (0, 100))


def rules() -> list[str]:
    """Every rule that is counted: nulls on 20, ranges on 14, sets on 3, one unique id."""
    nulls = [f"nulls/{name}" for name in COLUMNS]
    return [*nulls, *(f"range/{n}" for n in ranges()), *(f"set/{n}" for n in SETS), "unique/id"]


def policy(data: str) -> str:
    """The contract as a policy of ours."""
    lines = ["version: 1", "model: {name: check, task: binary}", "data:", f"  train: {data}", "  columns:"]
    lines.append("    id: {type: integer, unique: true}")
    for name, (low, high) in ranges().items():
        kind = "integer" if name in INTEGERS else "number"
        lines.append(f"    {name}: {{type: {kind}, min: {low}, max: {high}}}")
    for name in SETS:
        lines.append(f"    {name}: {{type: string, one_of: [{', '.join(values_of(name))}]}}")
    lines += ["    b: {type: boolean}", "    t: {type: timestamp}", ""]
    return "\n".join(lines)


def counts_of(decision: dict[str, Any]) -> dict[str, int]:
    """Rows that break each rule, from a Decision of ours."""
    words = {"nulls": "nulls", "min": "range", "max": "range", "one_of": "set", "unique": "unique"}
    found = dict.fromkeys(rules(), 0)
    for check in decision["checks"]:
        if check["metric"] in words:
            (part,) = check["evidence"]["parts"]
            found[f"{words[check['metric']]}/{check['column']}"] += part["count"]
    return found
