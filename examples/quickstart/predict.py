"""Make the two files that the trial reads: labelled rows, and what the model says of them.

Rows: the 569 biopsies of the Breast Cancer Wisconsin (Diagnostic) data that scikit-learn
carries; every second one trains the model, the others are predicted.
"""

import csv
from pathlib import Path

from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def write(file: str, header: list[str], rows: list[list[object]]) -> None:
    Path(file).parent.mkdir(exist_ok=True)
    with open(file, "w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


def main() -> None:
    features, benign = load_breast_cancer(return_X_y=True)
    malignant = 1 - benign
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features[::2], malignant[::2])
    scores = model.predict_proba(features[1::2])[:, 1]
    samples = range(1, len(features), 2)
    labels = zip(samples, malignant[1::2].tolist(), strict=True)
    write("data/test.csv", ["sample", "malignant"], [list(row) for row in labels])
    predictions = zip(samples, scores, strict=True)
    write("predictions.csv", ["sample", "score"], [[n, f"{score:.4f}"] for n, score in predictions])


if __name__ == "__main__":
    main()
