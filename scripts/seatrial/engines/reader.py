"""The child process that reads data with this machine's own engine. Imports little: it is started first."""

import os

from seatrial.commands.ahead import Ahead

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "polars", "child.py")


def environment() -> dict[str, str]:
    """What is read ahead of what is worked on costs memory, and on a disk it gains no time.

    The allocator keeps a pool for each thread that works, where it would keep four for each processor: pages
    are used again instead of being asked for anew. Nothing here multiplies matrices, and idle threads for it
    would take a processor's time.
    """
    threads = len(os.sched_getaffinity(0))
    return {
        "POLARS_MAX_THREADS": str(threads),
        "POLARS_ROW_GROUP_PREFETCH_SIZE": "2",
        "POLARS_CSV_CHUNK_PREFETCH_LIMIT": "2",
        "_RJEM_MALLOC_CONF": f"narenas:{threads}",
        "OPENBLAS_NUM_THREADS": "1",
    }


def started() -> Ahead:
    """The child, which imports what it needs while we do."""
    return Ahead(SCRIPT, environment())
