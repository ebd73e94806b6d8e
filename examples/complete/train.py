"""Learn data/train.csv: a logistic regression in plain Python, as JSON. The same rows give the same bytes."""

import argparse
import csv
import json
import math
from pathlib import Path

FEATURES = ("radius", "texture", "smoothness", "concavity", "concave_points")
LABEL = "malignant"
RATE, RIDGE = 0.5, 0.01
HERE = Path(__file__).parent

Row = list[float]


def score(model: dict[str, list[float]], row: Row) -> float:
    scaled = ((x - m) / s for x, m, s in zip(row, model["means"], model["scales"], strict=True))
    total = model["weights"][0] + sum(w * x for w, x in zip(model["weights"][1:], scaled, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def fit(rows: list[Row], labels: list[int], steps: int) -> dict[str, list[float]]:
    columns = list(zip(*rows, strict=True))
    means = [math.fsum(column) / len(column) for column in columns]
    scales = [
        math.sqrt(math.fsum((x - m) ** 2 for x in column) / len(column)) or 1.0
        for column, m in zip(columns, means, strict=True)
    ]
    model = {"means": means, "scales": scales, "weights": [0.0] * (len(columns) + 1)}
    for _ in range(steps):
        slopes = [0.0] * (len(columns) + 1)
        for row, label in zip(rows, labels, strict=True):
            error = score(model, row) - label
            slopes[0] += error
            for at, (x, m, s) in enumerate(zip(row, means, scales, strict=True), 1):
                slopes[at] += error * (x - m) / s
        model["weights"] = [
            w - RATE * (slope / len(rows) + (RIDGE * w if at else 0.0))
            for at, (w, slope) in enumerate(zip(model["weights"], slopes, strict=True))
        ]
    return {name: [round(x, 6) for x in values] for name, values in model.items()}


def measured(model: dict[str, list[float]], rows: list[Row], labels: list[int]) -> dict[str, float]:
    scores = [score(model, row) for row in rows]
    losses = [-math.log(p if label else 1 - p) for p, label in zip(scores, labels, strict=True)]
    right = [(p >= 0.5) == bool(label) for p, label in zip(scores, labels, strict=True)]
    return {"log_loss": math.fsum(losses) / len(losses), "accuracy": sum(right) / len(right)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, help="learn from this many rows only")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--out", type=Path, default=Path("model.json"))
    parser.add_argument("--metrics", type=Path)
    given = parser.parse_args()
    with open(HERE / "data" / "train.csv", newline="", encoding="utf-8") as stream:
        table = list(csv.DictReader(stream))[: given.rows]
    rows = [[float(each[name]) for name in FEATURES] for each in table]
    labels = [int(each[LABEL]) for each in table]
    model = fit(rows, labels, given.steps)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")
    if given.metrics:
        given.metrics.parent.mkdir(parents=True, exist_ok=True)
        given.metrics.write_text(json.dumps(measured(model, rows, labels)) + "\n", encoding="utf-8")
    print(f"{len(rows)} rows, {given.steps} steps: {given.out}")


if __name__ == "__main__":
    main()
