"""What reading gives, whatever the form of the files. Imported in a child process only."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql import types as t

from seatrial.engines.spark.files import looked_up
from seatrial.gates.data.measures import Source

HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True)
class Frame:
    """A frame with FILE and ROW, and the types of its columns as the policy names them.

    faults: columns of the frame that tell where a cell of a column is not of its type. inside: what columns
    are called in the frame, where narwhals could not give their names to Spark.
    """

    frame: DataFrame
    types: Mapping[str, str]
    faults: Mapping[str, str]
    inside: Mapping[str, str]


def of_path(source: Source, name: str, number: Column) -> Column:
    """The text of a column that the path of the file gives. number: of the file."""
    values = [each.get(name) for each in source.partitions]
    known = {str(place): None if value == HIVE_NULL else value for place, value in enumerate(values)}
    if len(set(known.values())) == 1:
        return f.lit(known["0"]).cast("string")
    return looked_up(known, number.cast("string"), t.StringType())
