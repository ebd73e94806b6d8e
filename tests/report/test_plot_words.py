"""A plot speaks the language of its task."""

import pytest

from seatrial.report.plots import figures
from seatrial.stats.pictures import Calibration, Histogram, Pictures


def drawn(task: str) -> str:
    found = Pictures(
        task,
        calibration={"candidate": Calibration((0.2, 0.8), (0.3, 0.7), (0.2, 0.6), (0.4, 0.8), (50, 50))},
        histogram={"candidate": Histogram((0.0, 0.5, 1.0), {"all": (3, 4)})},
    )
    return " ".join(f"{figure.title} {figure.caption} {figure.svg}" for figure in figures(found))


@pytest.mark.parametrize(
    ("task", "own", "others"),
    [
        ("binary", ("Scores", "observed share"), ("Residuals", "Confidence")),
        ("multiclass", ("Confidence", "share that was right"), ("Residuals", "Scores")),
        ("regression", ("Residuals", "observed mean"), ("probability", "Scores")),
    ],
)
def test_axes_are_named_after_the_task(task: str, own: tuple[str, ...], others: tuple[str, ...]) -> None:
    text = drawn(task)
    assert all(word in text for word in own)
    assert not any(word in text for word in others)
