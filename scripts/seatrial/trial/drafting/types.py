"""What the columns of the data are: as Parquet says, and for CSV whatever every cell can be read as."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from seatrial.errors import BadInput
from seatrial.gates.data.measures import Asked, Facts, Measure, Reading, Source
from seatrial.policy.data import Csv

Scan = Callable[[Sequence[Asked]], tuple[Facts, ...]]
Find = Callable[[Csv], Mapping[str, Source]]
Questions = Mapping[str, Sequence[str]]  # by source, the columns whose type is open

# In this order: what is read as a date can be read as a time too.
CANDIDATES = ("integer", "number", "boolean", "date", "timestamp")
# Digits that are a name: a leading zero or sign, or more of them than a number keeps.
DIGITS_OF_A_NAME = r"[-+]?0[0-9].*|[+].*|[-+]?[0-9]{19,}"
OTHER_DELIMITERS = (";", "\t", "|")
WITH_A_ZONE = r".*(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
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


def typed(
    find: Find, fixed: Sequence[Reading], given: Csv | None, told: Mapping[str, str], scan: Scan
) -> Typed:
    """Find the types. find: the sources, where CSV is written so; fixed: columns whose reading is known.

    given: how the CSV is written, where that is known too; told: as much of it as is known, else. A CSV is
    read once for each type that its columns might have.
    """
    csv: dict[str, object] = {}
    if given is None:
        written, sources = _delimited(find, told)
        csv |= {key: value for key, value in written.items() if value != getattr(Csv(), key)}
    else:
        sources = find(given)
    readings = {reading.column: reading for reading in fixed}
    questions = {
        name: [column for column in _columns(source) if column not in readings]
        for name, source in sources.items()
        if source.format == "csv"
    }
    known: Mapping[str, Facts] = {}
    if any(questions.values()):
        best, csv = _guessed(find, sources, questions, csv, scan, given=given is not None)
        known = best.facts
        readings |= best.readings
        sources = find(given or _csv(csv))
    rest = {name: source for name, source in sources.items() if name not in known}
    opened = scan([Asked(source, (), show=0) for source in rest.values()]) if rest else ()
    facts = {**known, **dict(zip(rest, opened, strict=True))}
    facts = {name: facts[name] for name in sources}
    whole = {name: replace(source, readings=tuple(readings.values())) for name, source in sources.items()}
    types = {
        name: {
            column: _type(readings.get(column), kind, sources[name].format)
            for column, kind in each.columns.items()
        }
        for name, each in facts.items()
    }
    return Typed(whole, types, {name: each.rows for name, each in facts.items()}, csv)


def _columns(source: Source) -> list[str]:
    """The names in a CSV's header, and those that its path gives."""
    return [*source.csv["headers"][0], *(source.partitions[0] if source.partitions else ())]


def _csv(changed: Mapping[str, object]) -> Csv:
    return Csv.model_validate(dict(changed))


def _type(reading: Reading | None, kind: str, written: str) -> str:
    return reading.type if reading is not None and (written == "csv" or reading.type == "number") else kind


def _delimited(find: Find, told: Mapping[str, str]) -> tuple[Mapping[str, str], Mapping[str, Source]]:
    """How CSV is written as far as its header says, and the sources so.

    Where no delimiter is told, the first that makes several columns of every header, else the comma.
    """
    if "delimiter" in told:
        return told, find(_csv(told))
    usual = Csv().delimiter
    refused: BadInput | None = None
    single: Mapping[str, Source] | None = None
    for mark in (usual, *OTHER_DELIMITERS):
        written = {"delimiter": mark, **told}
        try:
            sources = find(_csv(written))
        except BadInput as error:
            refused = refused or error
            continue
        if all(len(each.csv["headers"][0]) > 1 for each in sources.values() if each.format == "csv"):
            return written, sources
        single = sources if mark == usual else single
    if single is not None:
        return {"delimiter": usual, **told}, single
    assert refused is not None, "with the comma, sources were found or refused"
    raise refused


def _guessed(
    find: Find,
    sources: Mapping[str, Source],
    questions: Questions,
    csv: dict[str, object],
    scan: Scan,
    *,
    given: bool,
) -> tuple["_Read", dict[str, object]]:
    """A reading for each open column, and how the CSV is written."""
    best = _read_as(sources, questions, scan)
    if given:
        return best, csv
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
            return again, with_words
    return best, csv


@dataclass(frozen=True)
class _Read:
    """suspects: columns of text that hold words for a missing value. facts: by source, rows and columns."""

    readings: dict[str, Reading]
    suspects: frozenset[str]
    facts: dict[str, Facts]

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
        asked.append(Asked(replace(sources[name], readings=_readings(columns, "string")), tuple(text), 0))
        for kind in CANDIDATES:
            as_kind = replace(sources[name], name=f"{name} {kind}", readings=_readings(columns, kind))
            asked.append(
                Asked(as_kind, tuple(Measure("unreadable", (c,), kind, 1.0) for c in columns), show=0)
            )
    facts = iter(scan(asked))
    unfit: dict[str, set[str]] = {}
    full, suspects, unzoned = set[str](), set[str](), set[str]()
    told: dict[str, Facts] = {}
    for name, columns in questions.items():
        text_facts = told[name] = next(facts)
        each = len(_of_text(""))
        for place, column in enumerate(columns):
            nulls, unlike, outside, zoneless = text_facts.answers[each * place : each * (place + 1)]
            values = text_facts.rows - nulls.count
            full |= {column} if values else set()
            unfit.setdefault(column, set()).update(("integer", "number") if unlike.count < values else ())
            suspects |= {column} if outside.count < values else set()
            unzoned |= {column} if zoneless.count else set()
        for kind in CANDIDATES:
            for column, answer in zip(columns, next(facts).answers, strict=True):
                if answer.count or answer.problem is not None:
                    unfit[column].add(kind)
    readings = {}
    for column, refused in unfit.items():
        fit = next((kind for kind in CANDIDATES if kind not in refused), "string")
        zone = "UTC" if fit == "timestamp" and column in unzoned and column in full else None
        readings[column] = Reading(column, fit if column in full else "any", zone)
    texts = {column for column, reading in readings.items() if reading.type == "string"}
    return _Read(readings, frozenset(suspects & texts), told)


def _of_text(column: str) -> tuple[Measure, ...]:
    return (
        Measure("null", (column,), None, 1.0),
        Measure("mismatch", (column,), DIGITS_OF_A_NAME, 1.0),
        Measure("outside", (column,), list(MISSING_WORDS), 1.0),
        Measure("mismatch", (column,), WITH_A_ZONE, 1.0),
    )


def _readings(columns: Sequence[str], kind: str) -> tuple[Reading, ...]:
    return tuple(Reading(column, kind) for column in columns)


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
