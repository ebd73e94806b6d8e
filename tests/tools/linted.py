"""A repository that is linted as `seatrial lint` does, and what came of it."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from seatrial.decision import Check, Decision, Outcome, from_json
from seatrial.gates.rejudging import disagreements
from seatrial.trial.local import run_local

HEAD = "version: 1\nmodel: {name: m, task: binary}\n"
TOKEN = "ghp_" + "0aB1cD2eF3" * 4


@dataclass
class Play:
    """A repository, judged as `seatrial lint` does."""

    folder: Path
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": os.environ["PATH"]})

    def git(self, *words: str) -> None:
        settings = ["-c", "user.name=n", "-c", "user.email=e@e.invalid", "-c", "init.defaultBranch=main"]
        subprocess.run(["git", *settings, *words], cwd=self.folder, check=True, capture_output=True)

    def write(self, name: str | bytes, data: bytes) -> Path:
        path = self.folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def code(self, lint: str, *, commit: bool = True, more: str = "") -> int:
        self.write("seatrial.yml", f"{HEAD}lint:{lint}\n{more}".encode())
        if commit:
            self.git("init", "-q")
            self.git("add", "-A", "-f")
            self.git("commit", "-q", "-m", "x", "--allow-empty")
        out = self.folder.parent / "out"
        return run_local(self.folder, "seatrial.yml", "lint", None, out, self.environ)

    @property
    def decision(self) -> Decision:
        raw = (self.folder.parent / "out" / "lint.json").read_bytes()
        assert TOKEN.encode() not in raw and TOKEN[4:12].encode() not in raw
        found = from_json(raw)
        assert disagreements(found) == []
        return found

    def check(self, name: str) -> Check:
        return next(check for check in self.decision.checks if check.id == f"lint/{name}")

    def bad(self) -> list[str]:
        return [check.metric for check in self.decision.checks if check.outcome is not Outcome.PASSED]

    def places(self, name: str) -> list[tuple[str, int | None]]:
        at = self.check(name).evidence["at"]
        assert isinstance(at, list)
        return [(place["file"], place["line"]) for place in at]  # type: ignore[index,call-overload,misc]
