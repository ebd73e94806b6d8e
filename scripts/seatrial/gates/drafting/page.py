"""The whole of a drafted policy as text: what was measured and what the repository holds, with reasons."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from seatrial.gates.drafting import columns, layout, metrics, sections
from seatrial.gates.drafting.seen import Seen
from seatrial.policy import writing
from seatrial.text import counted, shown

MOST_COLUMNS = 1_000
MANY_COLUMNS = 300  # beyond it types and missing values only
REFERENCE = "https://github.com/seatrial/seatrial/blob/main/docs/policy.md"


@dataclass(frozen=True)
class Repository:
    """What was found beside the data. training: the command that trains; model, predictions: paths."""

    name: str
    model: str | None = None
    predictions: str | None = None
    training: str | None = None


def page(
    seen: Seen,
    repository: Repository,
    now: datetime,
    *,
    few_words: bool = False,
    most: int = MOST_COLUMNS,
) -> str:
    """The text of the policy.

    few_words: columns with their type and missing values only, for data so wide that no more fits;
    most: how many columns are named.
    """
    task = seen.task
    evaluate = metrics.section(seen, repository.model, repository.predictions, task)
    lines = [
        *_head(seen),
        "version: 1",
        *layout.entry(
            f"model: {{name: {writing.scalar(repository.name)}, task: {task or 'binary'}}}", _task(seen, task)
        ),
        "",
        "data:",
        *_files(seen, labelled_below=evaluate.active),
        *sections.rows(seen),
        *sections.fresh(seen, now),
        *_columns(seen, few_words, most),
        *sections.whole(seen, task),
        "",
        *evaluate.lines,
        *_training(repository.training),
    ]
    return "\n".join(lines) + "\n"


def _head(seen: Seen) -> Iterator[str]:
    files = " and ".join(f"{path} ({counted(seen.rows[name], 'row')})" for name, path in seen.files.items())
    yield from layout.comment(
        f"Drafted by `seatrial init` from {files}. Every limit is a proposal with room: "
        "a bound lies a tenth of the range beyond the extreme, a share of missing values half as much again. "
        "Tighten what you know better. All keys: "
    )
    yield f"# {REFERENCE}"


def _task(seen: Seen, task: str | None) -> list[str]:
    if task is None:
        return ["a guess, since no label was told: --label COLUMN"]
    label = seen.column(seen.label) if seen.label else None
    return [] if label is None else [f"what {label.name} holds"]


def _files(seen: Seen, *, labelled_below: bool) -> Iterator[str]:
    for name, path in seen.files.items():
        yield f"  {name}: {writing.scalar(path)}"
    if seen.key:
        names = ", ".join(str(writing.scalar(name)) for name in seen.key)
        yield from layout.entry(f"  key: [{names}]", ["no row stands twice in it"])
    if seen.label and not labelled_below:
        yield f"  label: {writing.scalar(seen.label)}"
    if seen.csv:
        yield f"  csv: {_mapping(seen.csv)}"


def _mapping(found: Mapping[str, object]) -> str:
    def written(value: object) -> str:
        if isinstance(value, list | tuple):
            return f"[{', '.join(written(each) for each in value)}]"
        return writing.scalar(str(value)) or json.dumps(value)  # the empty cell, and the tab

    return "{" + ", ".join(f"{key}: {written(value)}" for key, value in found.items()) + "}"


def _columns(seen: Seen, few_words: bool, most: int) -> Iterator[str]:
    wide = few_words or len(seen.columns) > MANY_COLUMNS
    drafted = {column.name: columns.rule(column, seen, short=wide) for column in seen.columns}
    named = [rule for rule in drafted.values() if rule is not None]
    unnamed = [
        name if name.strip() else f"column {number} (its name is blank)"
        for number, (name, rule) in enumerate(drafted.items(), 1)
        if rule is None
    ]
    if named:
        yield ""
        yield "  columns:"
        yield from layout.rules(named[:most], "    ")
    left = len(named) - len(named[:most])
    if wide and named:
        yield from layout.comment("Types and missing values only, since there are so many.", "    ")
    if left:
        yield from layout.comment(f"{left:,} more columns are not named, to keep this file short.", "    ")
    if unnamed:
        told = shown("; ".join(unnamed[:5]), 400)
        yield from layout.comment(f"Names that no policy can hold, so not named: {told}", "    ")
    if named:
        yield from layout.entry("  extra: warn", ["what is said of columns that are not named above"])
    yield ""


def _training(command: str | None) -> Iterator[str]:
    if command is not None:
        yield ""
        yield from layout.comment("Training was found, and is not judged in this version of Seatrial:")
        yield from layout.commented(["train:", f"  full: {{run: {writing.scalar(command)}}}"])
