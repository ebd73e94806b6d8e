"""How an action ends: whatever happens, with an exit code and, where it is bad, one line that says why."""

import gc
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from types import FrameType

from seatrial.errors import COULD_NOT_DECIDE, CouldNotDecide, SeatrialError
from seatrial.forge.runner import Runner

INTERRUPTED = 130


def ended(action: Callable[[Mapping[str, str], Runner], int], environ: Mapping[str, str]) -> int:
    """Run an action to its exit code. A fault of ours ends as "could not decide", never as a pass."""
    runner = Runner(environ)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return _code_of(action, environ, runner)
    finally:
        runner.close()
        gc.freeze()  # the interpreter ends sooner where it does not look through all that it gives up anyway


def _code_of(
    action: Callable[[Mapping[str, str], Runner], int], environ: Mapping[str, str], runner: Runner
) -> int:
    try:
        return action(environ, runner)
    except SeatrialError as error:
        runner.report_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        runner.last_word("Stopped", "The run was cancelled before its end; it is no pass.")
        return INTERRUPTED
    except OSError as error:  # a full disk, a read-only file system
        runner.report_error(CouldNotDecide(f"{error.strerror or error}: {error.filename or 'no file named'}"))
        return COULD_NOT_DECIDE
    except Exception as error:
        if environ.get("RUNNER_DEBUG") == "1":
            traceback.print_exc(file=sys.stderr)
        told = f"{type(error).__name__}, a fault of Seatrial; run again with debug logging and report it"
        runner.report_error(CouldNotDecide(told))
        return COULD_NOT_DECIDE


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
