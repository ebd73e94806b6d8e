"""What a consumer's command inherits: the step's environment without what is only ours or the runner's.

This is hygiene, no boundary: a child of the same user reads its parent's environment from /proc.
"""

from collections.abc import Mapping
from pathlib import Path

from seatrial.errors import BadInput

_NAMES = frozenset(
    {
        "INPUTS",
        "GITHUB_OUTPUT",
        "GITHUB_ENV",
        "GITHUB_PATH",
        "GITHUB_STATE",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "GITHUB_ENTERPRISE_TOKEN",
        "GH_ENTERPRISE_TOKEN",
    }
)
_PREFIXES = ("SEATRIAL_", "ACTIONS_", "INPUT_")


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a consumer's command; PATH stays as it was found."""
    return {
        name: value
        for name, value in environ.items()
        if name not in _NAMES and not name.startswith(_PREFIXES)
    }


def environment_in(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The same for a command of another commit, checked out there: nothing points back to this one's files.

    It may well look for its own by GITHUB_WORKSPACE, and would find what the change put there.
    """
    found = child_environment(environ) | {"PWD": str(folder)}
    found.pop("OLDPWD", None)
    if "GITHUB_WORKSPACE" in found:
        found["GITHUB_WORKSPACE"] = str(folder)
    return found


def refuse_if_privileged(environ: Mapping[str, str]) -> None:
    """A job that can ask for identity tokens must not run a pull request's code."""
    if environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
        raise BadInput(
            "this job has `id-token: write`, and a command of the repository would run in it; move this "
            "step into a "
            "job without `id-token: write`"
        )
