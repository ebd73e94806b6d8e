"""What a run leaves behind: Decisions of invented models, and the zips that they come in, honest or not."""

import functools
import io
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from flights import FILES, policy

from seatrial.decision import Decision, Subject, from_json, to_json
from seatrial.trial.local import run_local


@functools.cache
def decided(
    candidate: str, metrics: str = "roc_auc: {margin: 0.03}", model: str = "flight-delay"
) -> Decision:
    """The evaluation gate's Decision about these predictions, as a gate makes it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = {**FILES, "candidate.csv": candidate, "seatrial.yml": policy(metrics=metrics, name=model)}
        for path, text in texts.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text)
        out = folder / "out"
        run_local(folder, "seatrial.yml", "", None, out, {"PATH": os.defpath})
        return from_json((out / "evaluation.json").read_bytes())


def about(decision: Decision, **subject: object) -> bytes:
    """The same Decision about another subject, as its file."""
    return to_json(decision.model_copy(update={"subject": Subject.model_validate(subject)}))


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """A zip as upload-artifact makes one: deflated, sizes behind the data."""
    sink = _Stream()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return bytes(sink.written)


class _Stream(io.RawIOBase):
    """A file that cannot go back."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.written += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]
