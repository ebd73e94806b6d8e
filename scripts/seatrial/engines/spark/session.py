"""A Spark session of our own, quiet and on this machine only unless the policy names a cluster.

Imported in a child process only.
"""

from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

MIB = 2**20
_LOCAL = "local"
_PARTITIONS, _FEWEST = "spark.sql.shuffle.partitions", 8  # 200 are meant for a cluster
_EXACT = {
    # Times without a zone are made into UTC by us, and nothing else may move them.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    # What is not of its type is counted, with the rows in which it stands; ANSI would end the scan instead.
    "spark.sql.ansi.enabled": "false",
    # What cannot be read is an error, never fewer rows.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # A row that is too short or too long counts whichever columns are asked for.
    "spark.sql.csv.parser.columnPruning.enabled": "false",
    # Nanoseconds have no type in Spark: they are read as integers, and made into times by us.
    "spark.sql.legacy.parquet.nanosAsLong": "true",
    "spark.sql.timeType.enabled": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def session(master: str, scratch: Path, memory: int) -> SparkSession:
    """A new session. master: as the policy says; memory: bytes that reading may take, heap and all.

    A local master listens on loopback only, and leaves nothing outside `scratch`.
    """
    wanted: dict[str, Any] = dict(_EXACT)
    if is_local(master):
        wanted |= {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.local.dir": str(scratch / "spark"),
            "spark.sql.warehouse.dir": str(scratch / "warehouse"),
            "spark.driver.memory": f"{heap(memory)}m",
            "spark.driver.extraJavaOptions": f"-XX:-UsePerfData -Djava.io.tmpdir={scratch}",
        }
    builder = SparkSession.builder.master(master).appName("seatrial")
    for name, value in wanted.items():
        builder = builder.config(name, value)
    made: SparkSession = builder.getOrCreate()
    made.sparkContext.setLogLevel("OFF")
    if is_local(master) and not made.sparkContext.getConf().contains(_PARTITIONS):
        made.conf.set(_PARTITIONS, str(max(_FEWEST, 2 * made.sparkContext.defaultParallelism)))
    return made


def is_local(master: str) -> bool:
    return master == _LOCAL or master.startswith(f"{_LOCAL}[")


def heap(memory: int) -> int:
    """MiB of Java's heap: half of what is allowed, since code, threads and buffers lie outside of it."""
    return max(512, memory // 2 // MIB)
