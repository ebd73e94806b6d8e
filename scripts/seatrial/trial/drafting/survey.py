"""What `init` measures of the data, by the same engine and in the same child process as the gate.

Each scan is a child process, so everything is asked as early as it can be.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seatrial.commands.running import Limits
from seatrial.engines.scanning import scan
from seatrial.engines.sources import find
from seatrial.gates.data.measures import Asked, Facts, Measure, Reading, Source
from seatrial.gates.drafting.metrics import task_of
from seatrial.gates.drafting.seen import Column, Seen
from seatrial.policy.data import DATA_MEMORY, DATA_TIME, Csv
from seatrial.policy.units import duration, size
from seatrial.trial.drafting.answers import (
    Answered,
    candidates,
    classes,
    may_be_few,
    personal,
    plain,
    told_of_label,
    with_answers,
)
from seatrial.trial.drafting.told import refuse_key, refuse_label, refuse_unknown, refuse_unneeded
from seatrial.trial.drafting.types import Typed, typed

Keys = Sequence[tuple[str, ...]]
WHOLE: tuple[str, ...] = ()  # all columns


@dataclass
class Survey:
    """The sources of one call, and what is asked of them.

    fixed: columns whose reading is known; csv: how CSV is written, where that is known; told: as much of it
    as is known, where the rest is to be found out; counted: columns whose values are counted, whatever they
    are.
    """

    root: Path
    files: Mapping[str, str]
    fixed: tuple[Reading, ...] = ()
    csv: Csv | None = None
    counted: frozenset[str] = frozenset()
    told: Mapping[str, str] = field(default_factory=dict)
    _scratch: Path = field(default_factory=Path)

    def seen(self, key: tuple[str, ...], label: str | None, task: str | None) -> Seen:
        """Everything. Raises BadInput where there is nothing to read, or no column that was told."""
        with tempfile.TemporaryDirectory(prefix="seatrial-") as folder:
            self._scratch = Path(folder)
            self.counted |= {label} if label else frozenset()
            found = typed(self._find, self.fixed, self.csv, self.told, self._scan)
            refuse_unneeded(self.told, found.sources, self.files)
            refuse_unknown(found.rows, found.types, self.files, key, label)
            first = Seen(self.files, found.rows, self._first(found), key, label, csv=found.csv)
            refuse_label(first)
            told = first.column(label) if label else None
            return self._whole(found, replace(first, task=task or (task_of(told) if told else None)))

    def again(self, label: str | None, *, duplicates: bool) -> Seen:
        """The columns alone, of data for which there is a policy; and rows that stand twice, where wanted."""
        with tempfile.TemporaryDirectory(prefix="seatrial-") as folder:
            self._scratch = Path(folder)
            found = typed(self._find, self.fixed, self.csv, self.told, self._scan)
            more = [Measure("repeated", WHOLE, None, 1.0)] if duplicates else []
            columns, answers = self._second(found, self._first(found), dict.fromkeys(found.sources, more))
            return Seen(
                self.files,
                found.rows,
                columns,
                label=label,
                repeated=_counts(answers).get(("repeated", WHOLE), {}),
            )

    def _find(self, csv: Csv) -> dict[str, Source]:
        return {name: find(name, path, self.root, (), csv).source for name, path in self.files.items()}

    def _scan(self, asked: Sequence[Asked]) -> tuple[Facts, ...]:
        return scan(
            asked,
            names=" and ".join(self.files.values()),
            limits=Limits(duration(DATA_TIME).total_seconds(), size(DATA_MEMORY)),
            scratch=self._scratch,
            drafting=True,
        )

    def _first(self, found: Typed) -> tuple[Column, ...]:
        """Each column alone: missing values, extremes, and the values of those that are counted anyhow."""
        asked = {
            name: [
                *(measure for column, kind in types.items() for measure in plain(column, kind)),
                *(classes(column) for column in types if column in self.counted),
            ]
            for name, types in found.types.items()
        }
        columns = [Column(name, found.type_of(name), {}, zone=found.zone_of(name)) for name in found.names]
        return with_answers(columns, found.rows, self._ask(found, asked))

    def _second(
        self, found: Typed, columns: Sequence[Column], more: Mapping[str, Sequence[Measure]]
    ) -> tuple[tuple[Column, ...], Answered]:
        """The columns with the values of those that may have few, and the answers to what else is asked."""
        parted = {name for source in found.sources.values() for part in source.partitions for name in part}
        skipped = self.counted | parted  # folders come to be with the data, so their names are no set
        few = [column for column in columns if may_be_few(column) and column.name not in skipped]
        asked = {
            name: [*(classes(column.name) for column in few if name in column.parts), personal(), *more[name]]
            for name in found.sources
        }
        answers = self._ask(found, asked)
        return with_answers(columns, found.rows, answers), answers

    def _whole(self, found: Typed, seen: Seen) -> Seen:
        """Values, and rows as wholes: keys, rows that stand twice, and what tells of the label."""
        keys = (
            [seen.key]
            if seen.key
            else [(name,) for name in candidates(seen.columns, found.sources, seen.label)]
        )
        more = {name: list(_of_rows(seen, keys, name, found.types[name])) for name in found.sources}
        columns, answers = self._second(found, seen.columns, more)
        counts = _counts(answers)
        if seen.key:
            refuse_key(seen.key, counts.get(("repeated", seen.key), {}), found.rows, self.files)
        alone = (k for k in keys if counts.get(("repeated", k)) == dict.fromkeys(found.sources, 0))
        key = next(alone, ())
        return replace(
            seen,
            columns=columns,
            key=key,
            repeated=counts.get(("repeated", WHOLE), {}),
            shared_keys=counts.get(("shared", key), {}).get("test") if key else None,
            shared_rows=counts.get(("shared", WHOLE), {}).get("test"),
            told=told_of_label(answers),
        )

    def _ask(self, found: Typed, asked: Mapping[str, Sequence[Measure]]) -> Answered:
        """Answers by source, each with its question."""
        facts = self._scan(
            [Asked(source, tuple(asked[name]), show=0) for name, source in found.sources.items()]
        )
        return {
            name: list(zip(asked[name], each.answers, strict=True))
            for name, each in zip(found.sources, facts, strict=True)
        }


def _of_rows(seen: Seen, keys: Keys, source: str, types: Mapping[str, str]) -> list[Measure]:
    asked = [Measure("repeated", key, None, 1.0) for key in (*keys, WHOLE)]
    if seen.label in types and seen.task is not None:
        value = {"task": seen.task, "except": [name for key in keys for name in key]}
        asked.append(Measure("told", (str(seen.label),), value))
    if source == "test" and "train" in seen.files:
        asked += [Measure("shared", key, None, 1.0, "train") for key in (*keys, WHOLE)]
    return asked


def _counts(answered: Answered) -> dict[tuple[str, tuple[str, ...]], dict[str, int]]:
    """By kind and columns of the measure, and by source, what was counted."""
    found: dict[tuple[str, tuple[str, ...]], dict[str, int]] = {}
    for source, answers in answered.items():
        for measure, answer in answers:
            if answer.problem is None and measure.kind in ("repeated", "shared"):
                found.setdefault((measure.kind, measure.columns), {})[source] = answer.count
    return found
