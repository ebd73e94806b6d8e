"""The parts of `data` that are about rows as a whole, where the data already meet them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from seatrial.gates.data.evidence import spoken
from seatrial.gates.drafting import layout, names, room
from seatrial.gates.drafting.columns import percent, reason_to_hide
from seatrial.gates.drafting.seen import Column, Seen
from seatrial.policy import writing

TELLS_ALL = 0.98
_TIMES = ("date", "timestamp")


def rows(seen: Seen) -> Iterator[str]:
    """data.rows."""
    least = min(seen.rows.values())
    which = "rows in the smaller file" if len(seen.rows) > 1 else "rows"
    yield from layout.entry(
        f"  rows: {{min: {writing.scalar(room.fewest(least))}}}", [f"{least:,} {which} now, less a fifth"]
    )


def fresh(seen: Seen, now: datetime) -> Iterator[str]:
    """data.fresh, where some column of times is recent: in test alone where train comes before it."""
    judged = ["test"] if split_by(seen) is not None else list(seen.files)
    for column in _clocks(seen):
        told = newest(column, judged)
        days = room.within(now - told) if told is not None and told <= now else None
        if told is not None and days is not None:
            yield from layout.entry(
                f"  fresh: {{column: {writing.scalar(column.name)}, within: {days}d}}",
                [f"the newest row is from {told:%Y-%m-%d}"],
            )
            return


def newest(column: Column, judged: Sequence[str]) -> datetime | None:
    """The newest time, in the file where it is oldest; None where some file has none."""
    parts = [column.parts[name] for name in judged if name in column.parts]
    told = [_instant(part.extremes[1]) for part in parts if part.extremes is not None]
    known = [each for each in told if each is not None]
    return min(known) if known and len(known) == len(judged) else None


def whole(seen: Seen, task: str | None) -> Iterator[str]:
    """Everything about rows that comes after the columns."""
    yield from _duplicates(seen)
    yield from _balance(seen, task)
    yield from _split(seen)
    yield from _leakage(seen)
    yield from _personal(seen)
    yield from _drift(seen)


def _clocks(seen: Seen) -> list[Column]:
    """Columns of times that may be named, the likeliest to tell when a row came about first."""
    found = [
        column
        for column in seen.columns
        if column.type in _TIMES and set(column.parts) == set(seen.files) and writing.key(column.name)
    ]
    return sorted(found, key=lambda column: not names.is_time(column.name))


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _duplicates(seen: Seen) -> Iterator[str]:
    """Where a key is named, its own check tells of rows that stand twice."""
    if seen.key or set(seen.repeated) != set(seen.rows):
        return
    worst, of = max(
        ((count, seen.rows[name]) for name, count in seen.repeated.items()), key=lambda c: c[0] / c[1]
    )
    if worst == 0:
        yield from layout.entry("  duplicates: {max: 0}", ["no row stands again as it is"])
        return
    share = writing.share(room.tolerated(worst, of))
    yield from layout.entry(
        f"  duplicates: {{max: {share}}}", [f"{percent(worst, of)} of the rows stand again as they are"]
    )


def _balance(seen: Seen, task: str | None) -> Iterator[str]:
    label = seen.column(seen.label) if seen.label else None
    if label is None or label.classes is None or task not in ("binary", "multiclass"):
        return
    if any(len(part.classes or ()) != len(label.classes) for part in label.parts.values()):
        return
    rarest = [(rows, part.values) for part in label.parts.values() for _, rows in part.classes or ()]
    count, of = min(rarest, key=lambda c: c[0] / c[1], default=(0, 1))
    if 0 < count < of:
        yield from layout.entry(
            f"  balance: {{min: {writing.share(room.rarest(count / of))}}}",
            [f"the rarest class has {percent(count, of)} of the rows now; half is accepted"],
        )


def split_by(seen: Seen) -> str | None:
    """The column of times by which all of train comes before all of test."""
    if len(seen.files) < 2:
        return None
    for column in _clocks(seen):
        train, test = (column.parts[name].extremes for name in ("train", "test"))
        if column.worst("nulls")[0] == 0 and train and test and str(train[1]) < str(test[0]):
            return column.name
    return None


def _split(seen: Seen) -> Iterator[str]:
    column = split_by(seen)
    if column is not None:
        yield from layout.entry(
            f"  split: {{time: {writing.scalar(column)}}}", ["all of train comes before all of test"]
        )


def _leakage(seen: Seen) -> Iterator[str]:
    entries: list[tuple[str, str, str]] = []
    remarks: list[str] = []
    if seen.key and seen.shared_keys == 0:
        keys = ", ".join(str(writing.scalar(name)) for name in seen.key)
        entries.append(("keys", f"[{keys}]", "no row of test stands in train"))
    elif seen.key and seen.shared_keys:
        remarks.append(f"{seen.shared_keys:,} rows of test have a key of train: is that meant?")
    if not seen.key and seen.shared_rows == 0:
        entries.append(("rows", "{max: 0}", "no row of test stands in train as it is"))
    elif not seen.key and seen.shared_rows:
        remarks.append(f"{seen.shared_rows:,} rows of test stand in train as they are: is that meant?")
    if seen.told and seen.label is not None:
        strongest = max(seen.told, key=lambda name: seen.told[name])
        told = f"{spoken(strongest)} tells {seen.told[strongest]:.2f} of {seen.label}"
        if seen.told[strongest] < TELLS_ALL:
            entries.append(("target_correlation", f"{{max: {TELLS_ALL}}}", f"at most now: {told}"))
        else:
            remarks.append(f"{told}: a column that gives the label away is a leak.")
    for remark in remarks:
        yield from layout.comment(f"Leakage: {remark}", "  ")
    if entries:
        yield "  leakage:"
        for key, value, why in entries:
            yield from layout.entry(f"    {key}: {value}", [why])


def _personal(seen: Seen) -> Iterator[str]:
    hidden = [spoken(each.name) for each in seen.columns if each.personal and reason_to_hide(each)]
    why = ["e-mail, phone, card, IBAN and IP in columns of text"]
    if hidden:
        why = [f"found in {', '.join(hidden)}; where that is meant, add allowed_in: [COLUMN]"]
    if any(column.type == "string" for column in seen.columns):
        yield from layout.entry("  personal: {action: warn}", why)


def _drift(seen: Seen) -> Iterator[str]:
    source, path = next(iter(seen.files.items()))
    yield ""
    yield from layout.comment(
        f"Drift against today's data: run `seatrial profile {path} --out data/reference.json`, commit the "
        "profile (it holds no rows), and take the marks away.",
        "  ",
    )
    asked = ["  drift:", "    against: data/reference.json", "    psi: {warn: 0.1, max: 0.25}"]
    if source == "test":
        asked.append("    data: test")
    yield from layout.commented(asked, "  ")
