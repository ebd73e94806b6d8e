"""What the columns of the data are: as Parquet says, and for CSV whatever every cell can be read as."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from seatrial.gates.data.measures import Asked, Facts, Measure, Reading, Source
from seatrial.policy.data import Csv

Scan = Callable[[Sequence[Asked]], tuple[Facts, ...]]
Find = Callable[[Csv], Mapping[str, Source]]
Questions = Mapping[str, Sequence[str]]  # by source, the columns whose type is open

# In this order: what is read as a date can be read as a time too.
CANDIDATES: tuple[tuple[str, str | None], ...] = (
    ("integer", None),
    ("number", None),
    ("boolean", None),
    ("date", None),
    ("timestamp", None),
    ("timestamp", "UTC"),
)
# Digits that are a name: a leading zero or sign, or more of them than a number keeps.
DIGITS_OF_A_NAME = r"[-+]?0[0-9].*|[+].*|[-+]?[0-9]{19,}"
MISSING_WORDS = ("NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "nan", "NaN", "\\N", "-", "?")


@dataclass(frozen=True)
class Typed:
    """The sources with a reading for each column. types: by source and column; csv: what is unusual."""

    sources: Mapping[str, Source]
    types: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, int]
    csv: Mapping[str, object]

    @property
    def names(self) -> list[str]:
        """Every column, in the order of the first source that has it."""
        return list(dict.fromkeys(name for columns in self.types.values() for name in columns))

    def type_of(self, column: str) -> str:
        """The type that fits every source."""
        found = {types[column] for types in self.types.values() if column in types}
        if found == {"integer", "number"}:
            return "number"
        (kind,) = found if len(found) == 1 else ("any",)
        return "any" if kind == "other" else kind

    def zone_of(self, column: str) -> str | None:
        """The zone in which times without one are read, where they need one."""
        for source in self.sources.values():
            for reading in source.readings:
                if reading.column == column and reading.zone is not None:
                    return reading.zone
        return None


def typed(find: Find, fixed: Sequence[Reading], given: Csv | None, scan: Scan) -> Typed:
    """Find the types. find: the sources, where CSV is written so; fixed: columns whose reading is known.

    given: how the CSV is written, where that is known too. A CSV is read once for each type that its columns
    might have.
    """
    csv: dict[str, object] = {}
    sources = find(given or Csv())
    if given is None and (delimiter := _delimiter(sources)) is not None:
        csv["delimiter"] = delimiter
        sources = find(_csv(csv))
    facts = dict(zip(sources, scan([Asked(source, (), show=0) for source in sources.values()]), strict=True))
    rows = {name: each.rows for name, each in facts.items()}
    readings = {reading.column: reading for reading in fixed}
    questions = {
        name: [column for column in facts[name].columns if column not in readings]
        for name, source in sources.items()
        if source.format == "csv"
    }
    if any(questions.values()) and all(rows.values()):
        found, csv = _guessed(find, questions, given, csv, scan)
        readings |= found
        sources = find(given or _csv(csv))
    whole = {name: replace(source, readings=tuple(readings.values())) for name, source in sources.items()}
    types = {
        name: {
            column: _type(readings.get(column), kind, sources[name].format)
            for column, kind in each.columns.items()
        }
        for name, each in facts.items()
    }
    return Typed(whole, types, rows, csv)


def _csv(changed: Mapping[str, object]) -> Csv:
    return Csv.model_validate(dict(changed))


def _type(reading: Reading | None, kind: str, written: str) -> str:
    return reading.type if reading is not None and (written == "csv" or reading.type == "number") else kind


def _delimiter(sources: Mapping[str, Source]) -> str | None:
    """The delimiter that makes columns of a header that has only one with the comma."""
    for source in sources.values():
        header = source.csv.get("headers", [[]])[0] if source.format == "csv" else []
        if len(header) == 1:
            used = {mark: header[0].count(mark) for mark in (";", "\t", "|")}
            best = max(used, key=lambda mark: used[mark])
            return best if used[best] else None
    return None


def _guessed(
    find: Find, questions: Questions, given: Csv | None, csv: dict[str, object], scan: Scan
) -> tuple[dict[str, Reading], dict[str, object]]:
    """A reading for each open column, and how the CSV is written."""
    sources = find(given or _csv(csv))
    best = _read_as(sources, questions, scan)
    if given is not None:
        return best.readings, {}
    if csv.get("delimiter") in (";", "\t"):
        with_comma = {**csv, "decimal": ","}
        comma = _read_as(find(_csv(with_comma)), questions, scan)
        if comma.numbers > best.numbers:
            best, csv, sources = comma, with_comma, find(_csv(with_comma))
    if best.suspects:
        words = _words(sources, questions, best.suspects, scan)
        with_words = {**csv, "nulls": ["", *words]}
        again = _read_as(find(_csv(with_words)), questions, scan)
        if again.typed > best.typed:
            return again.readings, with_words
    return best.readings, csv


@dataclass(frozen=True)
class _Read:
    """suspects: columns of text that hold words for a missing value."""

    readings: dict[str, Reading]
    suspects: frozenset[str]

    @property
    def typed(self) -> int:
        return sum(reading.type != "string" for reading in self.readings.values())

    @property
    def numbers(self) -> int:
        return sum(reading.type in ("integer", "number") for reading in self.readings.values())


def _read_as(sources: Mapping[str, Source], questions: Questions, scan: Scan) -> _Read:
    """Each open column as the first candidate that every cell of every source can be read as."""
    asked: list[Asked] = []
    for name, columns in questions.items():
        text = [measure for column in columns for measure in _of_text(column)]
        asked.append(
            Asked(replace(sources[name], readings=_readings(columns, "string", None)), tuple(text), 0)
        )
        for number, (kind, zone) in enumerate(CANDIDATES):
            as_kind = replace(sources[name], name=f"{name} {number}", readings=_readings(columns, kind, zone))
            asked.append(
                Asked(as_kind, tuple(Measure("unreadable", (c,), kind, 1.0) for c in columns), show=0)
            )
    facts = iter(scan(asked))
    unfit: dict[str, set[int]] = {}
    empty: dict[str, bool] = {}
    suspects: set[str] = set()
    for columns in questions.values():
        text_facts = next(facts)
        for place, column in enumerate(columns):
            nulls, unlike, outside = text_facts.answers[3 * place : 3 * place + 3]
            values = text_facts.rows - nulls.count
            empty[column] = empty.get(column, True) and values == 0
            refused = unfit.setdefault(column, set())
            if unlike.count < values:
                refused |= {0, 1}
            if outside.count < values:
                suspects.add(column)
        for number in range(len(CANDIDATES)):
            for column, answer in zip(columns, next(facts).answers, strict=True):
                if answer.count or answer.problem is not None:
                    unfit[column].add(number)
    readings = {}
    for column, refused in unfit.items():
        fit = [number for number in range(len(CANDIDATES)) if number not in refused]
        kind, zone = CANDIDATES[fit[0]] if fit else ("string", None)
        readings[column] = Reading(column, "any" if empty[column] else kind, None if empty[column] else zone)
    texts = {column for column, reading in readings.items() if reading.type == "string"}
    return _Read(readings, frozenset(suspects & texts))


def _of_text(column: str) -> tuple[Measure, Measure, Measure]:
    return (
        Measure("null", (column,), None, 1.0),
        Measure("mismatch", (column,), DIGITS_OF_A_NAME, 1.0),
        Measure("outside", (column,), list(MISSING_WORDS), 1.0),
    )


def _readings(columns: Sequence[str], kind: str, zone: str | None) -> tuple[Reading, ...]:
    return tuple(Reading(column, kind, zone) for column in columns)


def _words(
    sources: Mapping[str, Source],
    questions: Questions,
    suspects: frozenset[str],
    scan: Scan,
) -> list[str]:
    """The words for a missing value that stand in the suspects."""
    asked, of = [], []
    for name, columns in questions.items():
        here = [(column, word) for column in columns if column in suspects for word in MISSING_WORDS]
        measures = [Measure("null", (column,), None, 1.0) for column, _ in here]
        measures += [Measure("outside", (column,), [word], 1.0) for column, word in here]
        asked.append(Asked(replace(sources[name], readings=()), tuple(measures), show=0))
        of.append(here)
    found: set[str] = set()
    for facts, here in zip(scan(asked), of, strict=True):
        nulls, outside = facts.answers[: len(here)], facts.answers[len(here) :]
        found |= {
            word
            for (_, word), null, other in zip(here, nulls, outside, strict=True)
            if null.count + other.count < facts.rows
        }
    return [word for word in MISSING_WORDS if word in found]
