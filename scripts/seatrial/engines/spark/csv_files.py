"""CSV as a frame of typed columns. Imported in a child process only.

Our parent process has seen that every file is whole, and that it is UTF-8 with as many cells in every row as
in its header; Spark splits it into cells, all of which are text at first.
"""

from collections.abc import Sequence
from itertools import groupby

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from seatrial.engines.measures.engine import STRING
from seatrial.engines.spark.cells import ZONED, Cells, read
from seatrial.engines.spark.columns import FILE, ROW, inside_names, quoted
from seatrial.engines.spark.files import file_number, unglobbed
from seatrial.engines.spark.frames import Frame, of_path
from seatrial.gates.data.measures import Reading, Source

_SAMPLE = 10_000
_NOTHING = "\0"  # no cell holds it


def read_csv(spark: SparkSession, source: Source) -> Frame:
    """Every column that has a type in the policy is read as that; the others stay text."""
    names = list(dict.fromkeys([*source.csv["headers"][0], *source.partitions[0]]))
    inside = inside_names(names)
    text = _text(spark, source, range(len(source.files)), names)
    readings = {each.column: each for each in source.readings if each.type not in ("any", STRING)}
    types, faults, columns = dict.fromkeys(names, STRING), {}, []
    for number, name in enumerate(names):
        if name not in readings:
            columns.append(quoted(name).alias(inside.get(name, name)))
            continue
        cells = _cells(spark, source, readings[name])
        value, fault = read(quoted(name), cells)
        types[name], faults[name] = cells.type, f"\0fault {number}"
        columns += [value.alias(inside.get(name, name)), fault.alias(faults[name])]
    return Frame(text.select(FILE, ROW, *columns), types, faults, inside)


def _text(spark: SparkSession, source: Source, numbers: Sequence[int], names: Sequence[str]) -> DataFrame:
    """Files as text, with the columns in the order of `names`."""
    frames = []
    for header, run in groupby(numbers, lambda n: tuple(source.csv["headers"][n])):
        files = [source.files[n] for n in run]
        frames.append(_alike(spark, source, header, files).select(FILE, ROW, *map(quoted, names)))
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionAll(frame)
    return whole


def _alike(spark: SparkSession, source: Source, header: Sequence[str], files: Sequence[str]) -> DataFrame:
    """Files of one header. A file is read by one task: where rows begin is known from its start alone."""
    schema = t.StructType([t.StructField(name, t.StringType()) for name in header])
    reader = spark.read.schema(schema).option("recursiveFileLookup", "true")
    raw = reader.csv(
        [unglobbed(file) for file in files],
        sep=source.csv["delimiter"],
        header=True,
        enforceSchema=True,
        quote='"',
        escape='"',
        multiLine=True,
        mode="FAILFAST",
        encoding="UTF-8",
        nullValue=_NOTHING,
        emptyValue="",
        maxColumns=len(header) + 1,
    )
    nulls = list(source.csv["nulls"])
    number = file_number(spark, source.files)
    own = [_cell(quoted(name), nulls).alias(name) for name in header]
    others = [
        of_path(source, name, number).alias(name) for name in source.partitions[0] if name not in header
    ]
    return raw.select(number.alias(FILE), f.monotonically_increasing_id().alias(ROW), *own, *others)


def _cell(text: Column, nulls: Sequence[str]) -> Column:
    """Spark gives null for what is empty; which cells stand for missing values the policy says."""
    cell = f.coalesce(text, f.lit(""))
    return f.when(~cell.isin(nulls), cell) if nulls else cell


def _cells(spark: SparkSession, source: Source, reading: Reading) -> Cells:
    zoned = reading.type == "timestamp" and _zoned(spark, source, reading.column)
    decimal, empty = source.csv["decimal"], "" in source.csv["nulls"]
    return Cells(reading.type, decimal, empty, reading.zone, zoned)


def _zoned(spark: SparkSession, source: Source, column: str) -> bool:
    """Whether times among the first rows carry an offset."""
    seen = 0
    for number in range(len(source.files)):
        first = _text(spark, source, [number], [column]).limit(_SAMPLE - seen)
        counted = first.select(f.count("*"), f.sum(quoted(column).rlike(ZONED).cast("bigint"))).collect()[0]
        if counted[1]:
            return True
        seen += counted[0]
        if seen >= _SAMPLE:
            break
    return False
