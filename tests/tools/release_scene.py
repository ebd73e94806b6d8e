"""A repository that is about to be released, and the GitHub that it lives on."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from acting import Consumer
from release_double import TOKEN, ReleaseDouble

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "seatrial/seatrial"
CHANGES = """\
# Changelog

## [Unreleased]: 1.3.0

- What is to come.

## [1.2.3] - 2027-01-31

### Fixed

- A fault.

## [1.2.2] - 2027-01-02

- An older fault.

[1.2.3]: https://example.invalid/compare
"""
FILES = {
    "scripts/seatrial/__init__.py": '"""Seatrial."""\n\n__version__ = "1.2.3"\n',
    "CHANGELOG.md": CHANGES,
    "run.sh": "#!/bin/sh\n",
    "ünï.md": "crlf\r\n",
}


@dataclass
class Ship:
    """The repository, at its tag, and a way to publish from it."""

    repository: Consumer
    folder: Path
    github: ReleaseDouble

    def tag(self, name: str = "v1.2.3", *, annotated: bool = False) -> str:
        more = ["--annotate", "--message", "x"] if annotated else []
        self.repository.git("tag", "--force", *more, name)
        commit = self.repository.git("rev-parse", "HEAD")
        self.github.tags[name] = self.repository.git("rev-parse", name)
        if annotated:
            self.github.annotated[self.github.tags[name]] = commit
        return commit

    def publish(self, verb: str, *, tag: str = "v1.2.3", **environ: str) -> subprocess.CompletedProcess[str]:
        """The script as the workflow calls it, on a checkout of the tag."""
        program = "import os, sys; from pathlib import Path; from publish import main; "
        program += "sys.exit(main(sys.argv[1:], os.environ, Path.cwd()))"
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT / "scripts"),
            "GITHUB_REF_TYPE": "tag",
            "GITHUB_REF_NAME": tag,
            "GITHUB_SHA": self.repository.git("rev-parse", "HEAD"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_API_URL": self.github.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": TOKEN,
            "RUNNER_TEMP": str(self.folder / "temp"),
            **environ,
        }
        return subprocess.run(
            [sys.executable, "-c", program, verb],
            cwd=self.repository.root,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def outputs(self) -> dict[str, str]:
        lines = (self.folder / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def release(self, **environ: str) -> subprocess.CompletedProcess[str]:
        """Build the archive and publish it."""
        built = self.publish("archive")
        assert built.returncode == 0, built.stdout + built.stderr
        return self.publish("release", **{"SHA256": self.outputs["sha256"], **environ})
