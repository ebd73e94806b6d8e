"""Score rows that have no label: python3 predict.py MODEL DATA OUT."""

import csv
import json
import math
import sys


def main(model_file: str, data: str, out: str) -> None:
    with open(model_file, encoding="utf-8") as stream:
        model = json.load(stream)
    with (
        open(data, newline="", encoding="utf-8") as rows,
        open(out, "w", newline="", encoding="utf-8") as scores,
    ):
        writer = csv.writer(scores, lineterminator="\n")
        writer.writerow(["sample", "score"])
        for row in csv.DictReader(rows):
            scaled = [(float(row[n]) - c) / model["scale"][n] for n, c in model["centre"].items()]
            writer.writerow([row["sample"], f"{1 / (1 + math.exp(-sum(scaled))):.6f}"])


if __name__ == "__main__":
    main(*sys.argv[1:])
