"""Score rows that have no label: python3 predict.py MODEL DATA OUT."""

import csv
import json
import sys

from train import FEATURES, score


def main(model_file: str, data: str, out: str) -> None:
    with open(model_file, encoding="utf-8") as stream:
        model = json.load(stream)
    with open(data, newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    with open(out, "w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["sample", "score"])
        for row in rows:
            writer.writerow([row["sample"], f"{score(model, [float(row[n]) for n in FEATURES]):.6f}"])


if __name__ == "__main__":
    main(*sys.argv[1:])
