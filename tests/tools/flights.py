"""Invented flights, late or not, what models say of them, and policies about that. Always alike."""

import math
import random
from collections.abc import Iterable

ROWS = 1500
CARRIERS = ("AA", "B6", "UA")


def _latent(rows: int) -> list[float]:
    source = random.Random("flights")
    return [source.gauss(0, 1) for _ in range(rows)]


def flights(rows: int = ROWS, carriers: tuple[str, ...] = CARRIERS) -> str:
    """The labelled rows as CSV; about four in ten are late."""
    source = random.Random("labels")
    lines = ["id,late,carrier,wind"]
    for number, latent in enumerate(_latent(rows)):
        late = int(source.random() < 1 / (1 + math.exp(-2.5 * latent + 0.6)))
        lines.append(f"{number},{late},{carriers[number % len(carriers)]},{latent:.4f}")
    return "\n".join(lines) + "\n"


def scores(noise: float, rows: int = ROWS, skip: Iterable[int] = ()) -> str:
    """A model's predictions as CSV: the more noise, the worse the model. skip: rows that it forgot."""
    source, forgotten = random.Random(f"noise {noise}"), set(skip)
    lines = ["id,score"]
    for number, latent in enumerate(_latent(rows)):
        score = 1 / (1 + math.exp(-2.5 * (latent + source.gauss(0, noise)) + 0.6))
        if number not in forgotten:
            lines.append(f"{number},{score:.4f}")
    return "\n".join(lines) + "\n"


GOOD, PLAIN, POOR = scores(0.1), scores(0.3), scores(3.0)


def policy(
    *lines: str,
    name: str = "flight-delay",
    data: str = "data/flights.csv",
    candidate: str = "predictions: candidate.csv",
    baseline: str = "path: baseline.csv",
    metrics: str = "roc_auc: {margin: 0.03}",
) -> str:
    """A policy; `lines` are further top-level lines. The limit stands on line 9."""
    return "\n".join(
        [
            "version: 1",
            f"model: {{name: {name}, task: binary}}",
            f"data: {{test: {data}, key: [id]}}",
            "evaluate:",
            "  label: late",
            f"  {candidate}",
            f"  baseline: {{{baseline}}}" if baseline else "  # no baseline",
            "  metrics:",
            f"    {metrics}",
            *lines,
            "",
        ]
    )


LIMIT_LINE = "9"
FILES: dict[str, str] = {
    "data/flights.csv": flights(),
    "baseline.csv": PLAIN,
    "candidate.csv": GOOD,
}
