"""The lint gate: the consumer's commands and the built-in checks, as the policy writes them."""

from typing import Annotated

from pydantic import BeforeValidator

from seatrial.policy.fields import CommandLine, Duration, Size, Text
from seatrial.policy.limits import Section
from seatrial.policy.units import duration, size
from seatrial.policy.values import listed

LINT_TIME = "10m"
LARGEST = "10MB"

# Built-in checks by name, each with what it finds. Checks of commands are named by their text.
BUILT_IN: dict[str, str] = {
    "policy": "a policy file in the change that would be refused",
    "notebook_outputs": "notebooks that hold outputs",
    "notebook_order": "notebooks whose cells were not run from top to bottom",
    "pickles": "pickled objects, which run code when they are loaded",
    "large_files": "files over the size limit that are in neither LFS nor DVC",
    "unpinned_actions": "actions and workflows that are not pinned to a full commit id",
    "unpinned_requirements": "requirements without an exact version",
    "secrets": "what looks like a key or a token of a well-known kind",
}


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
