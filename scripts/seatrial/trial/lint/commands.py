"""The consumer's lint commands: each run in the checkout, what it prints shown, and read for places."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.commands.environment import child_environment, refuse_if_privileged
from seatrial.commands.parsing import parse
from seatrial.commands.running import Limits, run
from seatrial.decision import Place
from seatrial.errors import BadInput, Location
from seatrial.gates.lint.evidence import LONGEST_TEXT, MOST_AT, MOST_LINES, Action, At, Ran
from seatrial.linters.places import Places
from seatrial.linters.secrets import redacted
from seatrial.policy.lint import Lint
from seatrial.policy.lint_meaning import command_name
from seatrial.policy.model import Policy
from seatrial.report.text import clean
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.lint.built_in import at_of
from seatrial.trial.preloading import preload
from seatrial.trial.withholding import withheld


@dataclass(frozen=True)
class Command:
    """One command of the policy, ready to run."""

    name: str
    argv: Sequence[str]
    action: Action
    location: Location

    @property
    def place(self) -> Place:
        return Place.of(self.location)


def commands_of(policy: Policy, asked: Lint, call: Call) -> list[Command]:
    """The policy's commands. Raises BadInput where one cannot be run at all, before any is."""
    if not asked.run:
        return []
    short = not isinstance(policy.written("lint"), dict)
    found = []
    for index, command in enumerate(asked.run):
        location = policy.place("lint", index) if short else policy.place("lint", "run", index)
        name = command_name(command)
        action: Action = "warn" if name in asked.advisory else "fail"
        found.append(Command(name, parse(command, {}, location=location), action, location))
    refuse_if_privileged(call.environ)
    if call.subject.event == "pull_request_target":
        raise BadInput(
            "a lint command runs the change's own code, and a `pull_request_target` job holds the base's "
            "token and secrets; trigger this workflow on `pull_request`",
            location=policy.place("lint"),
        )
    preload(call)
    return found


def ran(command: Command, asked: Lint, call: Call) -> Ran:
    """Run it, and say how it ended."""
    found = _ran(command, asked, call)
    call.kept[_key(command, asked)] = json.dumps(found.to_json()).encode()
    return found


def ran_before(command: Command, asked: Lint, call: Call) -> Ran | None:
    """How it ended where this call has run it, for as long at most; else None."""
    kept = call.kept.get(_key(command, asked))
    return None if kept is None else replace(Ran.from_json(json.loads(kept)), action=command.action)


def _key(command: Command, asked: Lint) -> str:
    return "lint: " + json.dumps([*command.argv, asked.time.total_seconds()])


def _ran(command: Command, asked: Lint, call: Call) -> Ran:
    places = Places()
    known = withheld(call.environ)

    def hear(line: str) -> None:
        call.on_line(line)
        places.take(clean(known(line), limit=1_000))

    limits = Limits(time=asked.time.total_seconds())
    with call.group(f"lint: {command.name}"):
        try:
            finished = run(
                command.argv,
                cwd=call.root,
                env=child_environment(call.environ),
                limits=limits,
                on_line=hear,
            )
        except BadInput as error:
            call.on_line(error.message)
            return Ran(command.action, None, problem=shown(error.message, LONGEST_TEXT))
    failed = finished.code != 0 or finished.stopped is not None
    found = _inside(call.root, places) if failed else []
    tail = (clean(known(line), limit=1_000) for line in finished.log_tail)
    log = [redacted(line, LONGEST_TEXT) for line in tail if line]
    return Ran(
        command.action,
        finished.code,
        finished.stopped,
        round(finished.seconds, 3),
        limits.time,
        len(found),
        places.more or (failed and finished.truncated),
        found[:MOST_AT],
        finished.survivors,
        log[-MOST_LINES:] if failed and not found else [],
    )


def _inside(root: Path, places: Places) -> list[At]:
    """The places in files of the checkout, by their paths in it."""
    known: dict[str, str | None] = {}
    found = []
    for place in places.found:
        if place.file not in known:
            known[place.file] = _path(root, place.file)
        path = known[place.file]
        if path is not None:
            found.append(at_of(path, place.line, place.what or "see the log"))
    return found


def _path(root: Path, file: str) -> str | None:
    """The path in the checkout of a file that a command named; None for what is no file of it."""
    whole = os.path.normpath(os.path.join(root, file))
    inside = os.path.relpath(whole, root)
    parts = inside.split(os.sep)
    if parts[0] == os.pardir or ".git" in parts or "\0" in file:
        return None
    try:
        real = os.path.realpath(whole, strict=True)
    except (OSError, ValueError):
        return None
    return inside if real == whole and os.path.isfile(whole) else None
