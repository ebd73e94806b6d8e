"""Predictions as one job of a run hands them to another."""

from pathlib import Path

from seatrial.trial.workflow.handing import Predictions, write_predictions


def hand_on(folder: Path) -> tuple[Path, str]:
    """A folder of predictions below this one, and the digest that its maker told."""
    for name, score in (("a.csv", 1), ("b.csv", 0)):
        (folder / name).write_text(f"id,score\n1,0.{score}\n")
    handed = folder / "handed"
    return handed, write_predictions(handed, Predictions(folder / "a.csv", folder / "b.csv"))
