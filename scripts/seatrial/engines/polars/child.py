"""Run as a script in a child process: measures sources with Polars' streaming engine."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parents[3]))

from seatrial.commands.workers import folder_of, is_idle, leave, reply, request_of
from seatrial.engines.measures.engine import Unreadable
from seatrial.gates.data import measures


def main(arguments: Sequence[str]) -> None:
    try:
        import polars

        from seatrial.engines.measures.measuring import ask
        from seatrial.engines.polars.engine import Polars
    except ImportError as error:
        reply(folder_of(arguments), {"status": "no engine", "detail": str(error.name)})
        return
    if is_idle(arguments):
        import_module("seatrial.engines.polars.keys")  # with numpy, for which there is time now
    folder = folder_of(arguments)
    asked = measures.asked_of(request_of(folder))
    try:
        try:
            found = ask(Polars(), asked)
        except (polars.exceptions.ComputeError, polars.exceptions.InvalidOperationError):
            if not any(each.source.format == "csv" for each in asked):
                raise
            found = ask(Polars(exact=True), asked)  # perhaps a cell that is not of its type
    except Unreadable as error:
        reply(folder, {"status": "unreadable", "detail": str(error), "file": error.file})
    except BaseException as error:  # polars panics are BaseException
        reply(folder, {"status": "damaged", "detail": f"{type(error).__name__}: {error}"[:500]})
    else:
        reply(folder, {"status": "read", **measures.reply(found)})


if __name__ == "__main__":
    main(sys.argv)
    leave()
