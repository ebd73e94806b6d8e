"""Names and types of Spark's columns. Imported in a child process only."""

from pyspark.sql import Column
from pyspark.sql import functions as f
from pyspark.sql import types as t

from seatrial.engines.measures.engine import BOOLEAN, DATE, INTEGER, NOTHING, NUMBER, OTHER, STRING, TIMESTAMP

FILE, ROW = "\0file", "\0row"  # the number of the file, and what orders the rows inside it


def quoted(name: str) -> Column:
    """A column by exactly this name: a dot in it reaches into nothing."""
    return f.col("`" + name.replace("`", "``") + "`")


def inside_names(names: list[str]) -> dict[str, str]:
    """Other names for those that narwhals cannot give to Spark, and for those that could be ours."""
    return {name: f"\0{number}" for number, name in enumerate(names) if set(name) & set(".`\0")}


def type_of(dtype: t.DataType, mark: str) -> str:
    """The policy's name of a type. mark: what a Parquet file says of the values."""
    if mark.startswith("TIMESTAMP("):
        return TIMESTAMP
    if mark.startswith(("UNKNOWN", "NULL")):
        return NOTHING
    match dtype:
        case t.ByteType() | t.ShortType() | t.IntegerType() | t.LongType():
            return INTEGER
        case t.DecimalType() if mark.startswith("INTEGER("):
            return INTEGER
        case t.FloatType() | t.DoubleType() | t.DecimalType():
            return NUMBER
        case t.StringType():
            return STRING
        case t.BooleanType():
            return BOOLEAN
        case t.DateType():
            return DATE
        case t.TimestampType() | t.TimestampNTZType():
            return TIMESTAMP
        case t.NullType():
            return NOTHING
    return OTHER
