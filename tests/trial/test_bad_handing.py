"""What was changed between two jobs of a run is refused, and named."""

from pathlib import Path

import pytest
from handed import hand_on

from seatrial.errors import BadInput
from seatrial.trial.workflow.handing import MANIFEST, digest_of, read_model, read_predictions


@pytest.mark.parametrize("name", ["candidate.csv", "baseline.csv", MANIFEST])
def test_bad_predictions_changed_on_the_way(tmp_path: Path, name: str) -> None:
    folder, digest = hand_on(tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes() + b"1,0.9\n")
    with pytest.raises(BadInput, match="is not what the earlier job made: its SHA-256") as caught:
        read_predictions(folder, digest)
    assert str(caught.value).startswith(name)


@pytest.mark.parametrize("name", ["candidate.csv", MANIFEST])
def test_bad_predictions_gone_on_the_way(tmp_path: Path, name: str) -> None:
    folder, digest = hand_on(tmp_path)
    (folder / name).unlink()
    with pytest.raises(BadInput, match="no such file"):
        read_predictions(folder, digest)


def test_bad_predictions_behind_a_link(tmp_path: Path) -> None:
    folder, digest = hand_on(tmp_path)
    (folder / "candidate.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "candidate.csv").symlink_to(tmp_path / "elsewhere.csv")
    with pytest.raises(BadInput, match="no such file"):
        read_predictions(folder, digest)


@pytest.mark.parametrize("digest", ["", "abc", "A" * 64])
def test_bad_digest_of_predictions(tmp_path: Path, digest: str) -> None:
    with pytest.raises(BadInput, match="predictions-sha256 is"):
        read_predictions(hand_on(tmp_path)[0], digest)


@pytest.mark.parametrize(
    "manifest",
    [
        b"{}x",
        b'{"version": 1, "candidate": {"file": "../../etc/passwd", "sha256": "' + b"0" * 64 + b'"}}',
        b'{"version": 2}',
    ],
)
def test_bad_manifest(tmp_path: Path, manifest: bytes) -> None:
    """Even one whose digest fits: the job that told it may run the change's code."""
    (tmp_path / MANIFEST).write_bytes(manifest)
    with pytest.raises(BadInput, match="is not what the action `predict` writes"):
        read_predictions(tmp_path, digest_of(tmp_path / MANIFEST, MANIFEST))


def test_bad_model_handed_on(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"weights")
    with pytest.raises(BadInput, match="model-sha256 says 00000") as caught:
        read_model(tmp_path, "0" * 64)
    assert str(caught.value).startswith("model.onnx")
    (tmp_path / "more").touch()
    with pytest.raises(BadInput, match=r"the folder of the model holds model\.onnx, more"):
        read_model(tmp_path, "0" * 64)
    with pytest.raises(BadInput, match="no such file"):
        read_model(tmp_path / "nowhere", "0" * 64)
