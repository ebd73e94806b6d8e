"""Streams that cannot be written: a full disk, or a reader who went away."""

import os
from contextlib import suppress
from typing import TextIO


def drop_unwritten(stream: TextIO) -> None:
    """Send what a stream still holds nowhere if it cannot be written.

    Python would try again at its end, and end with an exit code of its own.
    """
    try:
        stream.flush()
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
