"""`scan`: what an engine measures of the consumer's data, in a child process under limits."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seatrial.commands.ahead import Ahead
from seatrial.commands.running import Limits
from seatrial.commands.workers import WorkerStopped, work
from seatrial.engines import reader
from seatrial.engines.preparing import prepared
from seatrial.engines.spark.scanning import SparkCall, ask_spark
from seatrial.engines.witness import Witness
from seatrial.errors import BadInput, CouldNotDecide, Location
from seatrial.gates.data.measures import Asked, Facts, facts_of, request
from seatrial.text import shown


def scan(
    asked: Sequence[Asked],
    *,
    names: str,
    limits: Limits,
    scratch: Path,
    spark: SparkCall | None = None,
    ahead: Ahead | None = None,
    drafting: bool = False,
) -> tuple[Facts, ...]:
    """Facts of each source, in order. names: what the user calls the data, for messages.

    drafting: there is no policy yet whose limits somebody could raise.

    spark: where Spark reads the data instead of this machine's own engine. ahead: that engine, started.
    """
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="scan-", dir=scratch) as folder:
        ready = [prepared(each.source, Path(folder), deadline=begun + limits.time) for each in asked]
        witness = Witness(ready)
        try:
            witness.look()
            plain = [replace(each, source=mine.read) for each, mine in zip(asked, ready, strict=True)]
            left = replace(limits, time=max(0.01, limits.time - (time.monotonic() - begun)))
            try:
                reply = _ask(request(plain), Path(folder), left, spark, ahead)
            except WorkerStopped as stopped:
                raise _stopped(stopped, limits, names, drafting) from None
            facts = _facts(reply, names)
        except BadInput:
            witness.end()  # what it saw says more than an engine can
            raise
        except BaseException:
            witness.leave()
            raise
        seen = witness.end()
    for each, mine, found in zip(seen, asked, facts, strict=True):
        if each.rows is not None and found.unscanned is None and each.rows != found.rows:
            raise CouldNotDecide(
                f"the engine read {found.rows:,} rows of {mine.source.name}, but there are {each.rows:,}: "
                "please report this",
                location=Location(names),
            )
    return tuple(
        replace(each, sha256=was.sha256, rows=each.rows if was.rows is None else was.rows)
        for each, was in zip(facts, seen, strict=True)
    )


def _ask(
    asked: Mapping[str, Any], folder: Path, limits: Limits, spark: SparkCall | None, ahead: Ahead | None
) -> Mapping[str, object]:
    if spark is not None:
        if ahead is not None:
            ahead.end()
        return ask_spark(spark, asked, folder=folder, limits=limits)
    script, env = Path(reader.SCRIPT), reader.environment()
    return work(script, asked, folder=folder, limits=limits, env=env, ahead=ahead)


def _stopped(stopped: WorkerStopped, limits: Limits, names: str, drafting: bool) -> BadInput:
    mend = "write the data again"
    if stopped.limit is not None and drafting:
        mend = "name a part of the data, with fewer rows or fewer columns"
    elif stopped.limit == "time":
        mend = f"raise data.time ({limits.time:g} s), or give fewer rows"
    elif stopped.limit == "memory":
        mend = "raise data.memory, or write Parquet with smaller row groups"
    return BadInput(f"the reader {stopped}; {mend}", location=Location(names))


def _facts(reply: Mapping[str, object], names: str) -> tuple[Facts, ...]:
    if reply.get("status") == "read":
        return facts_of(reply)
    place = Location(names)
    detail = shown(str(reply.get("detail")), 200)
    if reply.get("status") == "unreadable":
        file = reply.get("file")
        raise BadInput(detail, location=Location(str(file)) if file else place)
    raise BadInput(f"the data cannot be read ({detail}); write them again", location=place)
