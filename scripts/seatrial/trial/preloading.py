"""Import what is needed after a consumer's command has run, before it runs.

The command runs as the same user and could edit our files; what is in memory by then it cannot
change, and none of its processes is left when we go on. Children of ours that start later are read from
disk: a job whose verdict must hold against the change's code runs none of it.
"""

import importlib

from seatrial.decision import DATA, EVALUATION, LINT, TRAINING
from seatrial.trial.call import Call

# What each gate loads only when it comes to it.
OF_GATES = {
    LINT: ("seatrial.trial.lint.gate",),
    DATA: (
        "seatrial.trial.data.gate",
        "seatrial.engines.files.csv_structure",
        "seatrial.gates.data.drift",
        "encodings.idna",
        "encodings.utf_16_be",
        "numpy.ma",
    ),
    TRAINING: (
        "seatrial.trial.training.gate",
        "seatrial.engines.files.csv_structure",
        "seatrial.gates.training.constant",
        "seatrial.trial.training.constant",
        "numpy.ma",
    ),
    EVALUATION: ("seatrial.trial.evaluation.gate", "seatrial.engines.files.csv_structure", "numpy.ma"),
}
PAGES = (
    "seatrial.report.annotations",
    "seatrial.report.html",
    "seatrial.report.junit",
    "seatrial.report.markdown",
    "seatrial.report.terminal",
)
PREDICTIONS = ("seatrial.engines.files.csv_structure",)
POSTING = ("seatrial.forge.comments", "seatrial.forge.github", "requests")


def preload(call: Call) -> None:
    """Import all that this call may come to, and the pages' template with it."""
    gates = [name for gate in call.upcoming for name in OF_GATES[gate]]
    names = [*gates, *(PAGES if call.upcoming else PREDICTIONS), *(POSTING if call.artifacts else ())]
    for name in names:
        importlib.import_module(name)
    if call.upcoming:
        from seatrial.report import html

        html.page([])
