"""What the keys of lint mean together."""

import shlex
from collections.abc import Iterator, Sequence

from seatrial.policy.findings import Finding
from seatrial.policy.lint_names import BUILT_IN
from seatrial.policy.yaml import Path
from seatrial.text import shown

LONGEST = 80  # characters of a command in the name of its check


def command_name(command: str | Sequence[str]) -> str:
    """What the check of a command is called: its text; of a block its first line."""
    if not isinstance(command, str):
        return _cut(shlex.join(str(part) for part in command))
    lines = [line.strip() for line in command.strip().splitlines()]
    first = next((line for line in lines if line), "")
    return _cut(f"{first} ..." if len(lines) > 1 else first)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


def lint_findings(lint: object) -> Iterator[Finding]:
    """Two commands of one name, and advisory names that no check has."""
    entries: object = lint.get("run") if isinstance(lint, dict) else lint
    short = not isinstance(lint, dict)
    names: list[str] = []
    for index, command in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(command, str | list) or not "".join(map(str, command)).strip():
            continue
        name = command_name(command)
        here: Path = ("lint", index) if short else ("lint", "run", index)
        if name in names or name in BUILT_IN:
            why = "is there twice" if name in names else "has the name of a built-in check"
            yield Finding(here, f"the command {shown(name)} {why}; write it another way")
        names.append(name)
    advisory = lint.get("advisory") if isinstance(lint, dict) else None
    for index, name in enumerate(advisory if isinstance(advisory, list) else []):
        if isinstance(name, str) and name.strip() and name not in (*names, *BUILT_IN):
            known = ", ".join(BUILT_IN)
            message = (
                f"lint.advisory: there is no check {shown(name)}; expected the text of a command of "
                f"lint.run, or one of {known}"
            )
            yield Finding(("lint", "advisory", index), message)
