"""What Parquet files say of themselves, read by Spark's own Parquet library.

Spark's schema does not tell an unsigned integer from a decimal, nor nanoseconds from an integer; the footers
do. Imported in a child process only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from seatrial.engines.engine import Unreadable


@dataclass(frozen=True)
class Footers:
    """rows: of each file, in order. marks: column to what its values are, as Parquet writes it."""

    rows: tuple[int, ...]
    marks: dict[str, str]


def read_footers(spark: SparkSession, files: Sequence[str]) -> Footers:
    """Raises Unreadable for a file that is not Parquet, or has other columns than the first."""
    jvm: Any = spark._jvm
    hadoop, conf = jvm.org.apache.parquet.hadoop, spark._jsc.hadoopConfiguration()
    rows: list[int] = []
    first = None
    for file in files:
        path = jvm.org.apache.hadoop.fs.Path(uri(file))
        try:
            reader = hadoop.ParquetFileReader.open(hadoop.util.HadoopInputFile.fromPath(path, conf))
        except Exception as error:
            raise Unreadable(f"{file} cannot be read as Parquet: {reason(error)}") from None
        try:
            rows.append(int(reader.getRecordCount()))
            schema = reader.getFooter().getFileMetaData().getSchema()
        finally:
            reader.close()
        if first is None:
            first = schema
        elif not schema.equals(first):
            raise Unreadable(f"{file} has other columns or types than {files[0]}; write all files alike")
    marks = {} if first is None else {str(field.getName()): _mark(field) for field in first.getFields()}
    return Footers(tuple(rows), marks)


def _mark(field: Any) -> str:
    logical = field.getLogicalTypeAnnotation()
    return "" if logical is None else str(logical.toString())


def uri(file: str) -> str:
    """A file of this machine, whatever file system a cluster reads where none is named."""
    return f"file:{file}"


def reason(error: Exception) -> str:
    """The first line of what Java says."""
    java = getattr(error, "java_exception", None)
    text = str(java.getMessage() or java.toString()) if java is not None else str(error)
    return text.splitlines()[0][:200] if text else type(error).__name__
