"""Files as Spark is told of them. Imported in a child process only."""

import json
import re
from collections.abc import Sequence
from typing import Any

from pyspark.sql import Column, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t


def uri(file: str) -> str:
    """A file of this machine, whatever file system a cluster reads where none is named."""
    return f"file:{file}"


def unglobbed(file: str) -> str:
    """A path that means this one file, whatever characters are in its name."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", uri(file))


def file_number(spark: SparkSession, files: Sequence[str]) -> Column:
    """The number of the file that a row comes from."""
    if len(files) == 1:
        return f.lit(0)
    path: Any = spark._jvm.org.apache.hadoop.fs.Path
    return looked_up(
        {str(path(uri(file)).toUri().toString()): number for number, file in enumerate(files)},
        f.col("_metadata.file_path"),
        t.IntegerType(),
    )


def looked_up(known: dict[str, Any], key: Column, to: t.DataType) -> Column:
    """The value of a key in a table that is part of the query."""
    return f.from_json(f.lit(json.dumps(known)), t.MapType(t.StringType(), to))[key]


def reason(error: Exception) -> str:
    """The first line of what Java says."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() or java.toString()) if java is not None else str(error)
    return text.splitlines()[0] if text else type(error).__name__
