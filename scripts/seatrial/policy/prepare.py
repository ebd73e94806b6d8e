"""What brings the data to where the gates look for them, before any gate of a job runs."""

from seatrial.policy.fields import CommandLine, Duration, Size
from seatrial.policy.limits import Section
from seatrial.policy.units import duration

PREPARE_TIME = "30m"


class Prepare(Section):
    """A command that fetches or makes the data; ci.yml runs it in every job that reads them."""

    run: CommandLine
    """Your command; it writes the files that the other sections name."""
    time: Duration = duration(PREPARE_TIME)
    """How long it may run."""
    memory: Size | None = None
    """How much memory the command and all its descendants may hold."""
