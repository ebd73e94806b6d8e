"""The section `data` as a model: the files of rows, and what they must be before a model learns from them."""

from collections.abc import Collection
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, PrivateAttr

from seatrial.policy.fields import (
    Between,
    Bound,
    Cell,
    Column,
    Columns,
    DataPath,
    Delimiter,
    Duration,
    Encoding,
    Master,
    OneOf,
    Path,
    Share,
    Size,
    Text,
    Values,
    Whole,
    Zone,
)
from seatrial.policy.limits import Section
from seatrial.policy.units import duration, size
from seatrial.policy.values import listed, some

Type = Literal["integer", "number", "string", "boolean", "date", "timestamp", "any"]
Bite = Literal["allow", "warn", "fail"]
Personal = Literal["email", "phone", "card", "iban", "ip"]

TYPES: tuple[Type, ...] = get_args(Type)
BITES: tuple[Bite, ...] = get_args(Bite)
PERSONAL: tuple[Personal, ...] = get_args(Personal)
DISTANCES = ("psi", "ks", "js", "wasserstein")
MOST_ROWS = 10**12
DATA_TIME = "10m"
DATA_MEMORY = "4GiB"

Count = Annotated[int, Whole(0, MOST_ROWS)]


class Most(Section):
    """How much of something is accepted."""

    max: Share
    """The largest share of the rows that you accept, such as 0.1%."""


class Length(Section):
    """How long texts may be, in characters; one key or both."""

    min: Count | None = None
    """The fewest characters."""
    max: Count | None = None
    """The most characters."""


class ColumnRule(Section):
    """What a column must be. Values without a rule of their own are not missing, not NaN and not infinite."""

    type: Annotated[Type, OneOf(TYPES)] = "any"
    """What its values are; `any` checks no type."""
    required: bool = True
    """Whether the column must be there."""
    nulls: Most = Most(max=0.0)
    """How many values may be missing; none where it is left out."""
    nan: Most = Most(max=0.0)
    """How many values may be NaN; none where it is left out."""
    infinite: Most = Most(max=0.0)
    """How many values may be infinite; none where it is left out."""
    min: Bound | None = None
    """The least value: a number, a date or a time, as the type says."""
    max: Bound | None = None
    """The largest value: a number, a date or a time, as the type says."""
    one_of: Values | None = None
    """The values that there may be."""
    pattern: Text | None = None
    """The regular expression that the whole text must match."""
    length: Length | None = None
    """How long a text may be, in characters."""
    unlike: Most = Most(max=0.0)
    """How many rows may break type, min, max, one_of, pattern or length, each; none where it is left out."""
    unique: bool = False
    """Whether no value may stand twice."""
    constant: Annotated[Bite, OneOf(BITES)] = "warn"
    """What is said where all values are equal."""
    zone: Zone | None = None
    """The time zone of times that are written without one, such as Europe/Berlin."""
    hide: bool = False
    """Whether its values never leave the runner: not in comments, reports or Decisions."""


class Csv(Section):
    """How CSV files are written."""

    delimiter: Delimiter = ","
    """The character between two cells; write "\\t" for a tab."""
    nulls: Annotated[tuple[Cell, ...], BeforeValidator(listed)] = ("",)
    """The cells that stand for a missing value, such as ["", NA]; the empty cell where it is left out."""
    encoding: Encoding = "utf-8"
    """The encoding, such as latin-1."""
    decimal: Annotated[Literal[".", ","], OneOf((".", ","))] = "."
    """The decimal mark of numbers."""


class Engine(Section):
    """Where the data are read, if not here."""

    spark: Master
    """The master of a Spark cluster, such as local[2] or spark://host:7077."""


class Rows(Section):
    """How many rows there must be, in each file."""

    min: Count | None = None
    """The fewest rows."""
    max: Count | None = None
    """The most rows."""
    change: Share | None = None
    """How much the rows of data.train may be more or fewer than those of the reference, such as 20%."""


class Fresh(Section):
    """How old the newest row of each file may be; of test alone, where split has train come before it."""

    column: Column
    """The column of dates or times; a date is as old as its end."""
    within: Duration
    """How old the newest row may be at the time of the trial, such as 45d."""
    zone: Zone | None = None
    """The time zone of times that are written without one; UTC where it is left out."""


class RowRule(Section):
    """A rule over several columns. Where a value that it needs is missing, it is not broken."""

    expect: Text
    """An expression that holds for every row, such as `arr_time > dep_time or overnight`."""
    max: Share = 0.0
    """How many rows may break it; none where it is left out."""


class Balance(Section):
    """How rare a class may be."""

    min: Annotated[float, Between(0, 1)]
    """The smallest share of the rows that a class of the label may have, in each file."""


class Split(Section):
    """How train and test are told apart."""

    time: Column
    """The column of dates or times: every row of train comes before every row of test."""


class KnownBy(Section):
    """Columns that tell when something was known."""

    event: Column
    """The time of the event that is predicted."""
    columns: Columns
    """The columns of times that may not be later than the event."""


class Leakage(Section):
    """What the test data, or a row's own columns, may not give away."""

    keys: Columns = ()
    """The columns whose values may not stand in both train and test."""
    rows: Most | None = None
    """How many rows of test may stand in train as they are."""
    target_correlation: Most | None = None
    """How much of the label a single column may tell, from 0 (nothing) to 1 (all)."""
    known_after: Columns = ()
    """Columns that are known only after the event; they may not be in the data."""
    known_by: KnownBy | None = None
    """Columns of times that may not be later than the event."""


class PersonalData(Section):
    """Patterns of personal data in columns of text."""

    action: Annotated[Literal["warn", "fail"], OneOf(("warn", "fail"))] = "warn"
    """What is said where one is found."""
    kinds: Annotated[tuple[Annotated[Personal, OneOf(PERSONAL)], ...], BeforeValidator(listed)] = PERSONAL
    """Which are looked for; all where it is left out."""
    allowed_in: Columns = ()
    """The columns in which they may be."""


class Show(Section):
    """What evidence of single rows is shown."""

    rows: Annotated[int, Whole(0, 100)] = 5
    """How many row numbers a failing check names."""
    values: bool = False
    """Whether their values are shown too; columns with `hide: true` never are."""


class Distance(Section):
    """A limit on how far a column may have moved from the reference."""

    warn: Share | None = None
    """From here on the check passes with a warning."""
    max: Share | None = None
    """The most that you accept."""


class Drift(Section):
    """How far the columns may have moved from a reference."""

    against: Path
    """A profile written by `seatrial profile`, or the reference data themselves."""
    data: Annotated[Literal["train", "test"], OneOf(("train", "test"))] = "train"
    """Which of the files is held against the reference."""
    psi: Distance | None = None
    """Population stability index: usually a warning from 0.1 and a failure from 0.25."""
    ks: Distance | None = None
    """Kolmogorov-Smirnov: the largest gap between the two cumulative shares (numbers)."""
    js: Distance | None = None
    """Jensen-Shannon distance to base 2, from 0 to 1."""
    wasserstein: Distance | None = None
    """Wasserstein distance in standard deviations of the reference (numbers)."""
    new_categories: Most | None = None
    """How many rows may hold a value that the reference never had (text and booleans)."""
    columns: Columns = ()
    """The columns that are compared; all of the reference where it is left out."""
    ignore: Columns = ()
    """Columns that are not compared."""
    alpha: Annotated[float, Between(0, 0.5)] = 0.05
    """The share of false alarms that you accept among the columns that fail."""


class Data(Section):
    """The files of rows, and what they must be."""

    train: DataPath | None = None
    """The rows that the model learns from: a CSV or Parquet file, a folder of them, or a pattern."""
    test: DataPath | None = None
    """The rows that the model is judged on: a CSV or Parquet file, a folder of them, or a pattern."""
    key: Columns = ()
    """The columns that name one row; the predictions are joined on them, and no row may stand twice."""
    label: Column | None = None
    """The column that holds the truth; evaluate.label where it is left out."""
    engine: Engine | None = None
    """Where the data are read; on the runner where it is left out."""
    csv: Csv = Csv()
    """How CSV files are written."""
    time: Duration = duration(DATA_TIME)
    """How long reading may take."""
    memory: Size = size(DATA_MEMORY)
    """How much memory reading may take; 4GiB where it is left out."""
    columns: Annotated[dict[Column, ColumnRule], BeforeValidator(some)] = Field(default_factory=dict)
    """What each column must be, by name."""
    extra: Annotated[Bite, OneOf(BITES)] = "warn"
    """What is said of columns that the section data does not name, where data.columns names any."""
    rows: Rows | None = None
    """How many rows there must be."""
    fresh: Fresh | None = None
    """How old the newest row may be."""
    duplicates: Most | None = None
    """How many rows may stand again as they are."""
    rules: Annotated[dict[str, RowRule], BeforeValidator(some)] = Field(default_factory=dict)
    """Rules over several columns, by a name of your own; the short form is NAME: EXPRESSION."""
    balance: Balance | None = None
    """How rare a class of the label may be."""
    split: Split | None = None
    """That train comes before test."""
    leakage: Leakage | None = None
    """What the data may not give away."""
    personal: PersonalData | None = None
    """Patterns of personal data."""
    show: Show = Show()
    """What evidence of single rows is shown."""
    drift: Drift | None = None
    """How far the columns may have moved from a reference."""

    _hidden: frozenset[str] = PrivateAttr(default=frozenset())

    def hides(self, column: str) -> bool:
        """Whether the column's values are never shown."""
        rule = self.columns.get(column)
        return column in self._hidden or (rule is not None and rule.hide)

    @property
    def hidden(self) -> frozenset[str]:
        """The columns whose values are never shown."""
        return self._hidden | {name for name, rule in self.columns.items() if rule.hide}

    def hiding(self, columns: Collection[str]) -> "Data":
        """The same, with more columns hidden, be there rules for them or not."""
        found = self.model_copy()
        found._hidden = self._hidden | frozenset(columns)
        return found

    @property
    def asks(self) -> bool:
        """Whether anything is asked of the data, beyond where they are."""
        return bool(self.model_fields_set & ASKING)


ASKING = frozenset(
    {
        "columns",
        "rows",
        "fresh",
        "duplicates",
        "rules",
        "balance",
        "split",
        "leakage",
        "personal",
        "drift",
    }
)
