"""What one job hands to another is what it was, or is refused by name."""

from pathlib import Path

from handed import hand_on

from seatrial.trial.workflow.handing import (
    Predictions,
    digest_of,
    read_model,
    read_predictions,
    write_predictions,
)


def test_what_was_handed_on_is_read(tmp_path: Path) -> None:
    folder, digest = hand_on(tmp_path)
    found = read_predictions(folder, digest)
    assert found.candidate is not None and found.candidate.read_text() == "id,score\n1,0.1\n"
    assert found.baseline is not None and found.baseline.read_text() == "id,score\n1,0.0\n"


def test_why_there_is_no_baseline_is_handed_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,score\n")
    digest = write_predictions(tmp_path / "handed", Predictions(tmp_path / "a.csv", None, "first release"))
    assert read_predictions(tmp_path / "handed", digest).no_baseline == "first release"


def test_model_by_its_folder_or_its_path(tmp_path: Path) -> None:
    model = tmp_path / "model" / "model.onnx"
    model.parent.mkdir()
    model.write_bytes(b"weights")
    digest = digest_of(model, "model.onnx")
    assert read_model(model.parent, digest) == read_model(model, digest) == model.resolve()
