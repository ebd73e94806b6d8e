"""A command of the policy as an argument vector. No shell, unless it is a block of several lines."""

import re
import shlex
from collections.abc import Mapping, Sequence

from seatrial.errors import BadInput, Location
from seatrial.text import shown

SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
# {{name}} is a literal {name}; ${name} belongs to the shell.
_PLACEHOLDER = re.compile(r"\{\{([a-z][a-z0-9_-]*)\}\}|(?<!\$)\{([a-z][a-z0-9_-]*)\}")
_SHELL_WORDS = frozenset({"&&", "||", "|", ";", "&", ">", ">>", "<", "2>", "2>&1", "<<"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*")


def parse(
    command: str | Sequence[str], values: Mapping[str, str], *, location: Location | None = None
) -> list[str]:
    """The argument vector, placeholders filled in after splitting, so that no value is split or expanded.

    A string is split by shlex; a list is taken as it is; a string of several lines is a bash script, in which
    values are shell-quoted.
    """
    if any("\0" in part for part in ([command] if isinstance(command, str) else command)):
        raise BadInput("the command holds a NUL character; remove it", location=location)
    if not "".join(command).strip():
        raise BadInput("the command is empty; write what to run", location=location)
    if not isinstance(command, str):
        argv = [_filled(part, values, location) for part in command]
    elif "\n" in command:
        quoted = {name: shlex.quote(value) for name, value in values.items()}
        return [*SHELL, _filled(command, quoted, location)]
    else:
        argv = [_filled(part, values, location) for part in _split(command, location)]
    if not argv or not argv[0]:
        raise BadInput("the command does not begin with a program; write what to run", location=location)
    return argv


def _split(command: str, location: Location | None) -> list[str]:
    try:
        parts = shlex.split(command)
    except ValueError:
        raise BadInput(
            f"the command has a quote that is not closed ({shown(command)}); close it", location=location
        ) from None
    operator = next((part for part in parts if part in _SHELL_WORDS), None)
    if operator is not None:
        raise BadInput(
            f"the command uses {operator}, but one line runs without a shell; write a block (`|`) for bash",
            location=location,
        )
    if parts and _ASSIGNMENT.fullmatch(parts[0]):
        raise BadInput(
            f"the command begins with an assignment ({shown(parts[0])}), but one line runs without a shell; "
            "put `env` before it, or write a block (`|`) for bash",
            location=location,
        )
    return parts


def _filled(text: str, values: Mapping[str, str], location: Location | None) -> str:
    def fill(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal is not None:
            return f"{{{literal}}}"
        if name not in values:
            known = ", ".join(f"{{{other}}}" for other in sorted(values)) or "none"
            raise BadInput(
                f"the command asks for {{{shown(name)}}}, which has no value here (known: {known}); for "
                "literal "
                f"braces write {{{{{shown(name)}}}}}",
                location=location,
            )
        return values[name]

    return _PLACEHOLDER.sub(fill, text)


def uses(command: str | Sequence[str], name: str) -> bool:
    """Whether the command has this placeholder."""
    parts = [command] if isinstance(command, str) else command
    return any(match[2] == name for part in parts for match in _PLACEHOLDER.finditer(part))
