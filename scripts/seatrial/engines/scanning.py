"""`scan`: what an engine measures of the consumer's data, in a child process under limits."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work
from seatrial.engines.spark_scanning import SparkCall, ask_spark
from seatrial.errors import BadInput, Location
from seatrial.gates.data.measures import Asked, Facts, facts_of, request
from seatrial.text import shown

_CHILD = Path(__file__).with_name("polars_child.py")


def scan(
    asked: Sequence[Asked], *, names: str, limits: Limits, scratch: Path, spark: SparkCall | None = None
) -> tuple[Facts, ...]:
    """Facts of each source, in order. names: what the user calls the data, for messages.

    spark: where Spark reads the data instead of this machine's own engine.
    """
    place = Location(names)
    with tempfile.TemporaryDirectory(prefix="scan-", dir=scratch) as folder:
        try:
            reply = _ask(request(asked), Path(folder), limits, spark)
        except WorkerStopped as stopped:
            raise BadInput(
                f"the reader {stopped}; raise data.time or data.memory, or write the data again",
                location=place,
            ) from None
    if reply.get("status") == "read":
        return facts_of(reply)
    detail = shown(str(reply.get("detail")), 200)
    raise BadInput(f"the data cannot be read ({detail}); write them again", location=place)


def _ask(
    asked: Mapping[str, Any], folder: Path, limits: Limits, spark: SparkCall | None
) -> Mapping[str, object]:
    if spark is not None:
        return ask_spark(spark, asked, folder=folder, limits=limits)
    return work(_CHILD, asked, folder=folder, limits=limits, env={"POLARS_MAX_THREADS": "2"})
