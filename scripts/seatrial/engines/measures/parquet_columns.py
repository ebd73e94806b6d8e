"""Parquet files of one source as one table: its columns, and of which type each is over all files.

Imported in child processes only.
"""

from collections.abc import Iterable, Mapping, Sequence

from seatrial.engines.measures.engine import INTEGER, NOTHING, NUMBER, STRING, Unreadable
from seatrial.gates.data.measures import Reading, Source
from seatrial.text import shown

MAX_COLUMNS = 10_000


def names_of(source: Source, first: Iterable[str]) -> list[str]:
    """The columns of the first file, and those that its path gives. Raises Unreadable for too many."""
    names = list(dict.fromkeys([*first, *source.partitions[0]]))
    if len(names) > MAX_COLUMNS:
        raise Unreadable(
            f"the file has {len(names):,} columns; at most {MAX_COLUMNS:,} are read: keep those that matter",
            source.called(0),
        )
    return names


def types_of(
    source: Source, files: Sequence[Mapping[str, str]], readings: Mapping[str, Reading]
) -> dict[str, str]:
    """The type of each column, as the policy names it.

    files: of each, its columns with their types; readings: of every column. Raises Unreadable where the files
    differ in their columns, or in the type of one.
    """
    types: dict[str, str] = {}
    for number, file in enumerate(files):
        if file.keys() != files[0].keys():
            (name, *_) = sorted(file.keys() ^ files[0].keys())
            lacks = source.called(number if name in files[0] else 0)
            raise Unreadable(
                f"the files differ in columns: {shown(lacks)} has no column {shown(name)}",
                source.called(number),
            )
        for name, here in file.items():
            before = types.get(name, NOTHING)
            if here in (before, NOTHING):
                types.setdefault(name, here)
            elif before == NOTHING:
                types[name] = here
            elif {here, before} == {INTEGER, NUMBER}:
                types[name] = NUMBER
            else:
                raise Unreadable(
                    f"the files differ in types: {shown(name)} is {here} here, and {before} before",
                    source.called(number),
                )
    for name in source.partitions[0]:
        types.setdefault(name, NOTHING)  # text, unless the policy reads it as something else
    for name, found in types.items():
        wanted = readings[name].type
        if found == NOTHING:
            types[name] = STRING if wanted == "any" else wanted
        elif (found, wanted) == (NUMBER, INTEGER):
            types[name] = INTEGER
    return types
