"""In the child of the Spark engine: the request, a session, and the reply."""

from pathlib import Path

from seatrial.commands.workers import reply, request_of
from seatrial.engines.measures.engine import Unreadable
from seatrial.gates.data import measures

_LONGEST = 500


def answer_in(folder: Path) -> None:
    """Answer the request that lies in the folder."""
    from seatrial.engines.measures.measuring import ask
    from seatrial.engines.spark.engine import Spark
    from seatrial.engines.spark.session import session

    request = request_of(folder)
    try:
        spark = session(str(request["master"]), folder, int(str(request["memory"])))
    except Exception as error:
        reply(folder, {"status": "no session", "detail": _first_line(error)})
        return
    try:
        engine, asked = Spark(spark), measures.asked_of(request)
        facts = ask(engine, asked)
        engine.confirm({each.source.name: found for each, found in zip(asked, facts, strict=True)})
    except Unreadable as error:
        reply(folder, {"status": "unreadable", "detail": str(error), "file": error.file})
    except Exception as error:
        reply(folder, {"status": "damaged", "detail": _first_line(error)})
    else:
        reply(folder, {"status": "read", **measures.reply(facts)})
    finally:
        spark.stop()


def _first_line(error: Exception) -> str:
    """Java's errors carry their whole stack; its first line says what happened."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else ''}"[:_LONGEST]
