"""What reading gives, whatever the form of the files. Imported in a child process only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Frame:
    """A lazy frame, and the types of its columns as the policy names them.

    faults: columns of the frame that tell where a cell of a column is not of its type. inside: what columns
    are called in the frame, where polars would take their names for patterns.
    """

    frame: pl.LazyFrame
    types: Mapping[str, str]
    faults: Mapping[str, str]
    inside: Mapping[str, str]


def inside_names(names: Iterable[str]) -> dict[str, str]:
    """Other names for those that mean other columns to polars, or that are ours."""
    return {
        name: f"\0column {number}"
        for number, name in enumerate(names)
        if name == "*" or name.startswith("\0") or (name.startswith("^") and name.endswith("$"))
    }


def partitioned(
    frame: pl.LazyFrame, header: Iterable[str], partition: Mapping[str, str], inside: Mapping[str, str]
) -> pl.LazyFrame:
    """With the columns that the path of the files gives; a column of the files themselves counts more."""
    had = set(header)
    return frame.with_columns(
        pl.lit(None if value == HIVE_NULL else value, pl.String()).alias(inside.get(name, name))
        for name, value in partition.items()
        if name not in had
    )
