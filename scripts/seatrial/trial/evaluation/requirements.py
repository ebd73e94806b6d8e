"""The base branch's own packages, for its commands, where a pull request changes them."""

from collections.abc import Mapping
from pathlib import Path

from seatrial.commands.running import Limits, run
from seatrial.errors import CouldNotDecide
from seatrial.text import shown
from seatrial.trial.call import Call
from seatrial.trial.withholding import withheld


def base_environment(
    requirements: str,
    call: Call,
    base: Path,
    environment: Mapping[str, str],
    limits: Limits,
    name: str = "base-venv",
) -> dict[str, str]:
    """The environment for a command of the base branch. name: of its folder below call.scratch.

    Equal requirements need nothing. Else a virtual environment is made with the consumer's own Python
    and pip, which are theirs as everything here is, and its folder comes first on PATH.
    """
    ours, theirs = call.root / requirements, base / requirements
    if not theirs.is_file() or (ours.is_file() and ours.read_bytes() == theirs.read_bytes()):
        return dict(environment)
    return own_environment(theirs, requirements, call, base, environment, limits, name)


def own_environment(
    file: Path,
    requirements: str,
    call: Call,
    base: Path,
    environment: Mapping[str, str],
    limits: Limits,
    name: str = "base-venv",
) -> dict[str, str]:
    """An environment of its own with what that file of the base branch names, whatever is installed."""
    venv = call.scratch / name
    python = str(venv / "bin" / "python")
    for what, argv in (
        ("making an environment for", ["python3", "-m", "venv", str(venv)]),
        ("installing", [python, "-m", "pip", "install", "--disable-pip-version-check", "-r", str(file)]),
    ):
        finished = run(argv, cwd=base, env=environment, limits=limits, on_line=call.on_line)
        if finished.code != 0 or finished.stopped:
            clean = withheld(call.environ)
            lines = " ⏎ ".join(shown(clean(line), 200) for line in finished.log_tail if line.strip())
            ended = f"failed (exit code {finished.code})"
            if finished.stopped is not None:
                ended = f"took more {finished.stopped} than its limit in the policy; raise that limit"
            raise CouldNotDecide(f"{what} the base branch's {shown(requirements)} {ended}: {lines}")
    path = environment.get("PATH", "")
    return {**environment, "PATH": f"{venv / 'bin'}:{path}", "VIRTUAL_ENV": str(venv)}
