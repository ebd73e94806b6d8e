"""What `init` measures of the data, by the same engine and in the same child process as the gate."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from seatrial.commands.running import Limits
from seatrial.engines.scanning import scan
from seatrial.engines.sources import find
from seatrial.gates.data.measures import Answer, Asked, Facts, Measure, Reading, Source
from seatrial.gates.drafting import names
from seatrial.gates.drafting.metrics import task_of
from seatrial.gates.drafting.seen import Column, Part, Seen
from seatrial.policy.data import DATA_MEMORY, DATA_TIME, PERSONAL, Csv
from seatrial.policy.units import duration, size
from seatrial.trial.drafting_told import refuse_key, refuse_label, refuse_unknown
from seatrial.trial.drafting_types import Typed, typed

MOST_VALUES = 100
_SPREAD = 60  # whole numbers that span more are not counted one by one
_KEYS = 4
_Asked = tuple[str, tuple[str, ...]]
_EXTREMES = ("integer", "number", "date", "timestamp")


@dataclass
class Survey:
    """The sources of one call, and what is asked of them.

    fixed: columns whose reading is known; csv: how CSV is written, where that is known; counted: columns
    whose values are counted, whatever they are.
    """

    root: Path
    files: Mapping[str, str]
    fixed: tuple[Reading, ...] = ()
    csv: Csv | None = None
    counted: frozenset[str] = frozenset()
    _scratch: Path = field(default_factory=Path)

    def seen(self, key: tuple[str, ...], label: str | None, task: str | None) -> Seen:
        """Everything. Raises BadInput where there is nothing to read, or no column that was told."""
        with tempfile.TemporaryDirectory(prefix="seatrial-") as folder:
            self._scratch = Path(folder)
            self.counted |= {label} if label else frozenset()
            found = typed(self._find, self.fixed, self.csv, self.scan)
            refuse_unknown(found.rows, found.types, self.files, key, label)
            columns = self._columns(found)
            told = next((column for column in columns if column.name == label), None)
            seen = Seen(self.files, found.rows, columns, key, label, task, csv=found.csv)
            refuse_label(seen)
            return self._whole(found, replace(seen, task=task or (task_of(told) if told else None)))

    def again(self, label: str | None, *, duplicates: bool) -> Seen:
        """The columns alone, of data for which there is a policy; and rows that stand twice, where wanted."""
        with tempfile.TemporaryDirectory(prefix="seatrial-") as folder:
            self._scratch = Path(folder)
            found = typed(self._find, self.fixed, self.csv, self.scan)
            twice = Measure("repeated", (), None, 1.0)
            answers = self._ask(found, {name: [twice] for name in found.sources}) if duplicates else {}
            repeated = {name: told.count for name, ((_, told),) in answers.items() if told.problem is None}
            return Seen(self.files, found.rows, self._columns(found), label=label, repeated=repeated)

    def _find(self, csv: Csv) -> dict[str, Source]:
        return {name: find(name, path, self.root, (), csv).source for name, path in self.files.items()}

    def scan(self, asked: Sequence[Asked]) -> tuple[Facts, ...]:
        return scan(
            asked,
            names=" and ".join(self.files.values()),
            limits=Limits(duration(DATA_TIME).total_seconds(), size(DATA_MEMORY)),
            scratch=self._scratch,
        )

    def _columns(self, found: Typed) -> tuple[Column, ...]:
        """Each column alone: missing values and extremes first, then the values of those that have few."""
        asked = {
            name: [measure for column, kind in types.items() for measure in _plain(column, kind)]
            for name, types in found.types.items()
        }
        answers = self._ask(found, asked)
        parts: dict[str, dict[str, Part]] = {}
        for name, told in answers.items():
            for measure, answer in told:
                of = parts.setdefault(measure.columns[0], {})
                part = of.setdefault(name, Part(found.rows[name]))
                of[name] = _with(part, measure, answer)
        columns = tuple(
            Column(name, found.type_of(name), parts.get(name, {}), zone=found.zone_of(name))
            for name in found.names
        )
        return self._with_values(found, columns)

    def _with_values(self, found: Typed, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        few = [column for column in columns if self._may_be_few(column)]
        asked = {
            name: [
                *(Measure("classes", (column.name,), MOST_VALUES) for column in few if name in column.parts),
                Measure("personal", (), {"kinds": list(PERSONAL), "except": []}),
            ]
            for name in found.sources
        }
        told = self._ask(found, asked)
        changed = {column.name: dict(column.parts) for column in columns}
        personal: dict[str, set[str]] = {}
        for name, answers in told.items():
            for measure, answer in answers:
                if measure.kind == "classes":
                    of = changed[measure.columns[0]]
                    of[name] = _with(of[name], measure, answer)
                elif isinstance(answer.detail, dict):
                    for column, kinds in answer.detail.items():
                        personal.setdefault(column, set()).update(
                            kind for kind, rows in kinds.items() if rows
                        )
        return tuple(
            replace(
                column,
                parts=changed[column.name],
                personal=tuple(kind for kind in PERSONAL if kind in personal.get(column.name, ())),
            )
            for column in columns
        )

    def _may_be_few(self, column: Column) -> bool:
        if column.name in self.counted:
            return True
        if column.type == "integer" and column.extremes is not None and not names.is_code(column.name):
            low, high = column.extremes
            return bool(high - low <= _SPREAD)
        return column.type == "string"

    def _whole(self, found: Typed, seen: Seen) -> Seen:
        """Rows as wholes: keys, rows that stand twice, and what tells of the label."""
        keys = [seen.key] if seen.key else [(name,) for name in _candidates(seen.columns, found, seen.label)]
        both = {"train", "test"} <= set(found.sources)
        asked: dict[str, list[Measure]] = {}
        for name in found.sources:
            asked[name] = [Measure("repeated", key, None, 1.0) for key in (*keys, ())]
            if seen.label is not None and seen.task is not None and seen.label in found.types[name]:
                value = {"task": seen.task, "except": [name for key in keys for name in key]}
                asked[name].append(Measure("told", (seen.label,), value))
            if both and name == "test":
                asked[name] += [Measure("shared", key, None, 1.0, "train") for key in (*keys, ())]
        answers = self._ask(found, asked)
        counts: dict[str, dict[_Asked, int]] = {
            name: {(m.kind, m.columns): a.count for m, a in told if a.problem is None}
            for name, told in answers.items()
        }
        if seen.key:
            twice = {name: count.get(("repeated", seen.key), 0) for name, count in counts.items()}
            refuse_key(seen.key, twice, found.rows, self.files)
        key = next((k for k in keys if all(c.get(("repeated", k)) == 0 for c in counts.values())), ())
        shared = counts.get("test", {})
        return replace(
            seen,
            key=key,
            repeated={name: c[("repeated", ())] for name, c in counts.items() if ("repeated", ()) in c},
            shared_keys=shared.get(("shared", key)) if key else None,
            shared_rows=shared.get(("shared", ())),
            told=_told(answers),
        )

    def _ask(
        self, found: Typed, asked: Mapping[str, Sequence[Measure]]
    ) -> dict[str, list[tuple[Measure, Answer]]]:
        """Answers by source, each with its question."""
        facts = self.scan(
            [Asked(source, tuple(asked.get(name, ())), show=0) for name, source in found.sources.items()]
        )
        return {
            name: list(zip(asked.get(name, ()), each.answers, strict=True))
            for name, each in zip(found.sources, facts, strict=True)
        }


def _plain(column: str, kind: str) -> Iterator[Measure]:
    yield Measure("null", (column,), None, 1.0)
    if kind in ("number", "any", "other"):
        yield Measure("nan", (column,), None, 1.0)
        yield Measure("infinite", (column,), None, 1.0)
    if kind in _EXTREMES:
        yield Measure("extremes", (column,))


def _with(part: Part, measure: Measure, answer: Answer) -> Part:
    if answer.problem is not None:
        return part
    match measure.kind:
        case "null":
            return replace(part, nulls=answer.count)
        case "nan":
            return replace(part, nan=answer.count)
        case "infinite":
            return replace(part, infinite=answer.count)
        case "extremes" if isinstance(answer.detail, list | tuple) and None not in answer.detail:
            low, high = answer.detail
            return replace(part, extremes=(low, high))
        case "classes" if isinstance(answer.detail, list | tuple):
            told = [(value, int(rows)) for value, rows in answer.detail]
            known = tuple((value, rows) for value, rows in told if value is not None)
            return replace(part, classes=known, distinct=answer.count - (len(told) - len(known)))
    return part


def _candidates(columns: Sequence[Column], found: Typed, label: str | None) -> list[str]:
    """Columns that may name one row: those whose name says so, and the first."""
    fit = [
        column.name
        for column in columns
        if column.type in ("integer", "string", "timestamp")
        and column.name != label
        and column.worst("nulls")[0] == 0
        and set(column.parts) == set(found.sources)
    ]
    likely = [name for name in fit if names.is_id(name)]
    first = [name for name in fit[:1] if columns and name == columns[0].name and name not in likely]
    return [*likely, *first][:_KEYS]


def _told(answers: Mapping[str, Sequence[tuple[Measure, Answer]]]) -> dict[str, float]:
    """By column, how much of the label it tells, in the file where it tells most."""
    found: dict[str, float] = {}
    for told in answers.values():
        for measure, answer in told:
            if measure.kind == "told" and isinstance(answer.detail, dict):
                for column, value in answer.detail.items():
                    if isinstance(value, int | float):
                        found[column] = max(found.get(column, 0.0), float(value))
    return found
