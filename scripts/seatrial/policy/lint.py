"""The lint gate: the consumer's commands and the built-in checks, as the policy writes them."""

from typing import Annotated

from pydantic import BeforeValidator

from seatrial.policy.fields import CommandLine, Duration, Size, Text
from seatrial.policy.limits import Section
from seatrial.policy.units import duration, size
from seatrial.policy.values import listed

LINT_TIME = "10m"
LARGEST = "10MB"


class Lint(Section):
    """The lint gate: your commands, and the built-in checks of the repository's files."""

    run: Annotated[tuple[CommandLine, ...], BeforeValidator(listed)] = ()
    """Your commands; each is a check of its own, named by its text, that passes with exit code 0."""
    advisory: Annotated[tuple[Text, ...], BeforeValidator(listed)] = ()
    """Checks that only warn: a built-in one by its name, or a command by its text."""
    time: Duration = duration(LINT_TIME)
    """How long each command may run."""
    file_size: Size = size(LARGEST)
    """The size over which a file that git holds counts as large."""
