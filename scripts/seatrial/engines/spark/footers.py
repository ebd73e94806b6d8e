"""What Parquet files say of themselves, read by Spark's own Parquet library.

Spark's schema does not tell an unsigned integer from a decimal, nor nanoseconds from an integer; the footers
do. Imported in a child process only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from seatrial.engines.measures.engine import Unreadable
from seatrial.engines.spark.files import reason, uri
from seatrial.gates.data.measures import Source
from seatrial.text import shown


@dataclass(frozen=True)
class Footer:
    """rows: of the file. schema: as text. marks: column to what its values are, as Parquet writes it."""

    rows: int
    schema: str
    marks: Mapping[str, str]


def footers(spark: SparkSession, source: Source) -> tuple[Footer, ...]:
    """Of each file, in order. Raises Unreadable for a file that is not Parquet."""
    jvm: Any = spark._jvm
    hadoop, conf = jvm.org.apache.parquet.hadoop, spark._jsc.hadoopConfiguration()
    found: list[Footer] = []
    known: dict[str, Mapping[str, str]] = {}
    for number, file in enumerate(source.files):
        path = jvm.org.apache.hadoop.fs.Path(uri(file))
        try:
            reader = hadoop.ParquetFileReader.open(hadoop.util.HadoopInputFile.fromPath(path, conf))
        except Exception as error:
            raise Unreadable(
                f"it cannot be read as Parquet ({shown(reason(error), 150)}); write it again",
                source.called(number),
            ) from None
        try:
            schema = reader.getFooter().getFileMetaData().getSchema()
            text = str(schema.toString())
            if text not in known:
                known[text] = {str(field.getName()): _mark(field) for field in schema.getFields()}
            found.append(Footer(int(reader.getRecordCount()), text, known[text]))
        finally:
            reader.close()
    return tuple(found)


def _mark(field: Any) -> str:
    logical = field.getLogicalTypeAnnotation()
    return "" if logical is None else str(logical.toString())
