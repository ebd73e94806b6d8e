"""What the user told of the data, against the data: a draft from a wrong word would be wrong throughout."""

from collections.abc import Mapping

from seatrial.errors import BadInput, Location
from seatrial.gates.data.evidence import spoken
from seatrial.gates.data.measures import Source
from seatrial.gates.drafting.seen import Seen
from seatrial.policy import writing
from seatrial.text import shown

_LISTED = 12


def refuse_unknown(
    rows: Mapping[str, int],
    types: Mapping[str, Mapping[str, str]],
    files: Mapping[str, str],
    key: tuple[str, ...],
    label: str | None,
) -> None:
    """Raises BadInput where there are no rows, or a column that was told is not there. Mappings by source."""
    for name, count in rows.items():
        if count == 0:
            raise BadInput(
                "there are no rows to draft from; name data with rows", location=Location(files[name])
            )
    everywhere = dict.fromkeys(column for columns in types.values() for column in columns)
    shared = [column for column in everywhere if all(column in columns for columns in types.values())]
    for option, told, known in (
        ("--label", [label] if label is not None else [], list(everywhere)),
        ("--key", key, shared),
    ):
        for column in told:
            named = f"{option} {shown(spoken(column))}"
            if column not in known:
                names = ", ".join(shown(spoken(each), 40) for each in known[:_LISTED])
                more = ", …" if len(known) > _LISTED else ""
                raise BadInput(
                    f"{named} is no column of the data; its columns are {names}{more}",
                    location=Location(" and ".join(files.values())),
                )
            if writing.key(column) is None:
                raise BadInput(f"{named} is a name that no policy can hold; name the column anew")
    if label is not None and label in key:
        raise BadInput(f"--key {shown(label)} is the label too; a key names a row, so name other columns")


def refuse_unneeded(told: Mapping[str, str], sources: Mapping[str, Source], files: Mapping[str, str]) -> None:
    """Raises BadInput where it is told how CSV is written, and there is none. told: by option."""
    if told and not any(source.format == "csv" for source in sources.values()):
        options = " and ".join(f"--{option}" for option in told)
        raise BadInput(
            f"{options}: the data are Parquet, which says itself how it is written; leave this out",
            location=Location(" and ".join(files.values())),
        )


def refuse_key(
    key: tuple[str, ...], twice: Mapping[str, int], rows: Mapping[str, int], files: Mapping[str, str]
) -> None:
    """Raises BadInput where the key that was told does not name one row. twice: rows that stand before."""
    for name, count in twice.items():
        if count:
            raise BadInput(
                f"--key {shown(', '.join(key))} does not name one row: {count:,} of {rows[name]:,} rows "
                "stand before with the same values; name the columns that do, or leave --key out",
                location=Location(files[name]),
            )


def refuse_label(seen: Seen) -> None:
    """Raises BadInput where there is nothing to predict."""
    label = seen.column(seen.label) if seen.label else None
    if label is not None and (label.values == 0 or label.single):
        what = "has no value" if label.values == 0 else "holds one value in every row"
        raise BadInput(
            f"--label {shown(label.name)} {what}, so there is nothing to predict; name another column",
            location=Location(" and ".join(seen.files[name] for name in label.parts)),
        )
