"""What a repository holds beside its data: a model, predictions, a command that trains. Nothing is run."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from seatrial.gates.drafting.page import Repository
from seatrial.policy.values import NAME_PATTERN

_FOLDERS = (
    "",
    "build",
    "model",
    "models",
    "artifacts",
    "output",
    "outputs",
    "predictions",
    "data",
    "results",
)
_PREDICTIONS = ("predictions.csv", "predictions.parquet", "preds.csv", "scores.csv")
_SCRIPTS = ("train.py", "src/train.py", "scripts/train.py", "training/train.py")
_LARGEST = 1_000_000  # bytes of a file of text that is looked into
_TRAIN = re.compile(r"(?:.*[_-])?train(?:ing|[_-].*)?")


def look(root: Path, name: str | None) -> Repository:
    """What is found in a few usual places. name: of the model, where the user told it."""
    return Repository(
        name=name or _name(root),
        model=_model(root),
        predictions=_first(root, (f"{folder}/{file}" for folder in _FOLDERS for file in _PREDICTIONS)),
        training=_training(root),
    )


def _name(root: Path) -> str:
    """The folder's name with what no name may hold taken out."""
    found = re.sub(r"[^A-Za-z0-9._-]+", "-", root.name).strip("-._")[:100].strip("-._")
    return found if re.fullmatch(NAME_PATTERN, found) else "model"


def _model(root: Path) -> str | None:
    """The ONNX model, where one is called so or there is only one."""
    usual = _first(root, (f"{folder}/model.onnx" for folder in _FOLDERS))
    if usual is not None:
        return usual
    found = [
        path.relative_to(root).as_posix()
        for folder in _FOLDERS
        for path in sorted((root / folder).glob("*.onnx"))
        if _is_ours(root, path)
    ]
    return found[0] if len(found) == 1 else None


def _training(root: Path) -> str | None:
    """The command that trains, from the most to the least deliberate place."""
    if re.search(r"^train\s*:", _text(root, "Makefile"), re.MULTILINE):
        return "make train"
    if re.search(r"^stages\s*:(?:\n[ \t#].*|\n)*?\n[ \t]+train\s*:", _text(root, "dvc.yaml"), re.MULTILINE):
        return "dvc repro train"
    script = next((name for name in _project_scripts(root) if _TRAIN.fullmatch(name)), None)
    if script is not None:
        return script
    path = _first(root, iter(_SCRIPTS))
    return f"python {path}" if path is not None else None


def _project_scripts(root: Path) -> list[str]:
    try:
        project = tomllib.loads(_text(root, "pyproject.toml")).get("project")
    except tomllib.TOMLDecodeError:
        return []
    scripts = project.get("scripts") if isinstance(project, dict) else None
    return [str(name) for name in scripts] if isinstance(scripts, dict) else []


def _text(root: Path, name: str) -> str:
    path = root / name
    try:
        if not _is_ours(root, path) or path.stat().st_size > _LARGEST:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _first(root: Path, names: Iterator[str]) -> str | None:
    return next((name.lstrip("/") for name in names if _is_ours(root, root / name.lstrip("/"))), None)


def _is_ours(root: Path, path: Path) -> bool:
    """Whether it is a file of the repository, and no link that leads out of it."""
    try:
        return path.is_file() and path.resolve().is_relative_to(root.resolve())
    except OSError:
        return False
