"""Import what is needed after a consumer's command has run, before it runs.

The command runs as the same user and could edit our files; what is in memory by then it cannot
change, and none of its processes is left when we go on.
"""

import importlib

NEEDED = (
    "seatrial.engines.files.csv_structure",
    "seatrial.gates.data.drift",
    "seatrial.gates.training.constant",
    "seatrial.trial.training.constant",
    "seatrial.forge.comments",
    "seatrial.forge.github",
    "seatrial.report.annotations",
    "seatrial.report.html",
    "seatrial.report.junit",
    "seatrial.report.markdown",
    "seatrial.report.terminal",
    "encodings.idna",
    "encodings.utf_16_be",
    "numpy.ma",
    "requests",
)


def preload() -> None:
    """Import it all, and the pages' template with it."""
    for name in NEEDED:
        importlib.import_module(name)
    from seatrial.report import html

    html.page([])
