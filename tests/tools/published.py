"""What consumers call, under act: our repository with one line in each place written another way, and
stand-ins for the actions of others, which cannot be fetched here.

Stubbed: actions/setup-python (the Python that is there is taken), actions/upload-artifact and
actions/download-artifact (artifacts are folders of one run's folder), actions/checkout where it brings
another commit (else act itself takes its place).
"""

import re
import shutil
from dataclasses import replace
from pathlib import Path

from acting import ROOT, Act, export

SELF = re.compile(r"^(\s*(?:- )?uses: )\$/(\S+)$", re.MULTILINE)
OTHERS = re.compile(r"^\s*(?:- )?uses: (actions/[a-z-]+)@([0-9a-f]{40}) # v[0-9.]+$", re.MULTILINE)
NEEDED = ("action.yml", "actions/", "scripts/", "requirements/", ".github/")
STUBS = Path(__file__).parent / "stubs"
WORKFLOWS = ".github/workflows"


def rewritten(text: str) -> str:
    """A workflow that names our repository, since act knows no `$/`."""
    return SELF.sub(r"\1seatrial/seatrial/\2@v1", text)


def publish(destination: Path) -> Path:
    """A copy of our repository whose reusable workflows act can read.

    Of what no action needs nothing is copied: act copies the whole for every step that uses it.
    """
    export(destination, NEEDED)
    for workflow in (destination / WORKFLOWS).glob("*.yml"):
        workflow.write_text(rewritten(workflow.read_text()))
    return destination


def stubs() -> list[str]:
    """NAME@COMMIT=FOLDER for each action of others that our workflows use and that is stubbed."""
    found: dict[str, Path] = {}
    for workflow in (ROOT / WORKFLOWS).glob("*.yml"):
        for name, commit in OTHERS.findall(workflow.read_text()):
            folder = STUBS / name.partition("/")[2]
            if folder.is_dir():
                found[f"{name}@{commit}"] = folder
    return [f"{name}={folder}" for name, folder in sorted(found.items())]


WARM = """\
#!/bin/sh
# The set-up of an earlier job of the session serves this one too.
if [ -n "$RUNNER_TEMP" ] && [ ! -e "$RUNNER_TEMP/seatrial" ]; then
    ln -s "$KEPT" "$RUNNER_TEMP/seatrial"
fi
exec {python} "$@"
"""


def warm(act: Act, folder: Path) -> Act:
    """act on a runner where our environment lies ready: jobs of reusable workflows cannot be given a step
    that links to it, so the `python3` that they start does."""
    folder.mkdir()
    real = shutil.which("python3", path=act.path)
    assert real is not None
    program = folder / "python3"
    program.write_text(WARM.format(python=real))
    program.chmod(0o755)
    return replace(act, path=f"{folder}:{act.path}")
