"""What one job of a run hands to the next: files that are what they were, by their digests.

The reader gets the digest by another way than the files: as an output of the job that made them.
"""

import hashlib
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import rfc8785
from pydantic import Field, ValidationError

from seatrial.decision import Record, Text
from seatrial.engines.files.reading import MIB, read_source
from seatrial.errors import BadInput, Location
from seatrial.gates.training.judging import MOST_BYTES
from seatrial.text import shown

MANIFEST = "manifest.json"
NO_MODEL = "none"  # in place of a digest
MANIFEST_LIMIT = 65_536
_CHUNK = 4 * MIB
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_AGAIN = "run all jobs again"


@dataclass(frozen=True)
class Predictions:
    """What commands made for the job that judges: files of predictions, or the model that is the baseline.

    candidate: None where the judge runs the candidate itself. no_baseline: why there is no baseline.
    """

    candidate: Path | None
    baseline: Path | None
    no_baseline: str = ""


@dataclass(frozen=True)
class Handed:
    """What this job was handed; None where it was not.

    untrained: there should have been a model, and the training left none that may be judged.
    """

    model: Path | None = None
    predictions: Predictions | None = None
    untrained: bool = False


NOTHING = Handed()


class File(Record):
    """One file of a folder, by its name there."""

    file: Annotated[str, Field(pattern=r"^(candidate|baseline)\.(csv|onnx)$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(Record):
    """What a folder of predictions holds."""

    version: Literal[1] = 1
    candidate: File | None = None
    baseline: File | None = None
    no_baseline: Text = ""


def write_predictions(folder: Path, found: Predictions) -> str:
    """Put copies and their manifest into an empty folder; returns the manifest's digest."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        candidate=_copied(found.candidate, folder, "candidate"),
        baseline=_copied(found.baseline, folder, "baseline"),
        no_baseline=found.no_baseline,
    )
    content: bytes = rfc8785.dumps(manifest.model_dump(mode="json"))
    (folder / MANIFEST).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def read_predictions(folder: Path, sha256: str) -> Predictions:
    """The files of a folder whose manifest has this digest. Raises BadInput that names the file."""
    source = read_source(
        folder / MANIFEST, name=MANIFEST, root=folder, cap=MANIFEST_LIMIT, mend="this is no manifest"
    )
    _compare(source.sha256, sha256, MANIFEST, "predictions-sha256")
    try:
        manifest = Manifest.model_validate_json(source.data)
    except ValidationError:
        raise BadInput(
            "is not what the action `predict` writes; hand its folder on unchanged",
            location=Location(MANIFEST),
        ) from None
    candidate = _checked(folder, manifest.candidate)
    return Predictions(candidate, _checked(folder, manifest.baseline), manifest.no_baseline)


def read_model(place: Path, sha256: str) -> Path:
    """The one file at a path or in a folder, if it has this digest. Raises BadInput that names it."""
    file = _only_file(place) if place.is_dir() and not place.is_symlink() else place
    _compare(digest_of(file, file.name), sha256, file.name, "model-sha256")
    return file.resolve()


def digest_of(file: Path, name: str) -> str:
    """SHA-256 of a regular file, read in pieces."""
    where = Location(shown(name))
    if file.is_symlink() or not file.is_file():
        raise BadInput("there is no such file among what an earlier job handed on; " + _AGAIN, location=where)
    if file.stat().st_size > MOST_BYTES:
        raise BadInput(f"has more than {MOST_BYTES // MIB:,} MiB; write a smaller file", location=where)
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _copied(source: Path | None, folder: Path, name: str) -> File | None:
    if source is None:
        return None
    target = folder / f"{name}{'.onnx' if source.suffix == '.onnx' else '.csv'}"
    shutil.copyfile(source, target)
    return File(file=target.name, sha256=digest_of(target, target.name))


def _checked(folder: Path, file: File | None) -> Path | None:
    if file is None:
        return None
    _compare(digest_of(folder / file.file, file.file), file.sha256, file.file, MANIFEST)
    return folder / file.file


def _only_file(folder: Path) -> Path:
    found = sorted(folder.iterdir())
    if len(found) != 1:
        names = ", ".join(shown(path.name) for path in found[:5]) or "nothing"
        raise BadInput(f"the folder of the model holds {names}; expected one file: name the file")
    return found[0]


def _compare(found: str, expected: str, name: str, told_by: str) -> None:
    if _DIGEST.fullmatch(expected) is None:
        raise BadInput(
            f"{told_by} is {shown(expected) or 'empty'}; expected the SHA-256 that the job which made "
            f"{shown(name)} told: pass that job's output on"
        )
    if found != expected:
        raise BadInput(
            f"is not what the earlier job made: its SHA-256 is {found[:12]}…, and {told_by} says "
            f"{expected[:12]}…; {_AGAIN}",
            location=Location(shown(name)),
        )


def handed_by(inputs: Mapping[str, str]) -> Handed:
    """What an earlier job handed on, if it is what that job made."""
    model, predictions = inputs["model"], inputs.get("predictions", "")
    if inputs["model-sha256"] == NO_MODEL:
        return Handed(untrained=True)
    return Handed(
        read_model(Path(model), inputs["model-sha256"]) if model else None,
        read_predictions(Path(predictions), inputs["predictions-sha256"]) if predictions else None,
    )
