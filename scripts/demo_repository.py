"""The git repository that the demo plays in: a consumer's, with models and test data in it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from demo_parts import Stage

TRAIN, REFERENCE = "data/train.parquet", "data/reference.json"
MOMENT = "2026-11-02T09:00:00+00:00"
_NOT_COPIED = shutil.ignore_patterns(
    "pull-requests", "__pycache__", ".cache", "raw", "data", "model", "build"
)


@dataclass(frozen=True)
class Repository:
    """One checkout; raw is where the downloaded CSV files lie."""

    stage: Stage
    folder: Path
    raw: Path

    @classmethod
    def begin(cls, stage: Stage, folder: Path, raw: Path) -> "Repository":
        """The example as a repository of its own, with the model that it trains on branch main."""
        shutil.copytree(stage.example, folder, ignore=_NOT_COPIED)
        made = cls(stage, folder, raw)
        made.git("init", "--quiet", "--initial-branch", "main")
        made.prepare()
        stage.must("profile", TRAIN, "--out", REFERENCE, folder=folder)
        made.train("The flight-delay model")
        return made

    def branch(self, name: str) -> "Repository":
        """A clone on a new branch: the pull request's patch, then what its author ran and committed."""
        made = Repository(self.stage, self.stage.folder / name, self.raw)
        self.git("clone", "--quiet", "--local", str(self.folder), str(made.folder))
        made.git("switch", "--quiet", "--create", name)
        made.git("am", "--quiet", str(self.stage.example / "pull-requests" / f"{name}.patch"))
        if made.git("diff", "--name-only", "main", "--", "prepare.py"):
            made.prepare()
        made.train("Retrain")
        return made

    def prepare(self) -> None:
        self.stage.python(self.folder / "prepare.py", "--raw", str(self.raw), folder=self.folder)

    def train(self, message: str) -> None:
        """Train the model and commit it with all else."""
        self.stage.python(self.folder / "train.py", folder=self.folder)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def title(self) -> str:
        """The subject of the pull request's own commit."""
        return self.git("log", "--reverse", "--format=%s", "main..HEAD").splitlines()[0]

    def git(self, *arguments: str) -> str:
        """Run git as nobody in particular, without this machine's settings."""
        identity = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Ada Example"), ("EMAIL", "ada@example.com"), ("DATE", MOMENT))
        }
        settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        environment = self.stage.environment() | identity | settings
        return self.stage.run(
            ["git", *arguments], self.folder if self.folder.is_dir() else self.stage.folder, environment
        )
