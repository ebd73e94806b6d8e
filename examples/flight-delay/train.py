"""Train the model and write it as ONNX: one file from the columns as they are to the probability.

The encoding of the codes is part of the file, so what is judged is what is served.
"""

import argparse
from pathlib import Path

import polars as pl
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder
from threadpoolctl import threadpool_limits

LABEL = "late"
NUMBERS = ["departure_delay", "departure_minute", "distance"]
CODES = ["carrier", "origin"]
SEED = 2013


def learn(rows: pl.DataFrame) -> Pipeline:
    columns = ColumnTransformer(
        [
            ("numbers", "passthrough", NUMBERS),
            ("codes", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), CODES),
        ]
    )
    trees = HistGradientBoostingClassifier(
        max_iter=100, max_leaf_nodes=15, learning_rate=0.1, early_stopping=False, random_state=SEED
    )
    model = Pipeline([("columns", columns), ("trees", trees)])
    with threadpool_limits(1):  # sums in one order, so that the same rows give the same bytes
        return model.fit(rows.select(NUMBERS + CODES), rows[LABEL].to_numpy())


def as_onnx(model: Pipeline) -> bytes:
    """One input for each column, under the column's name."""
    numbers = [(name, FloatTensorType([None, 1])) for name in NUMBERS]
    codes = [(name, StringTensorType([None, 1])) for name in CODES]
    opset = {"": 18, "ai.onnx.ml": 3}
    graph = to_onnx(model, initial_types=numbers + codes, options={"zipmap": False}, target_opset=opset)
    graph.graph.name = "flight-delay"  # skl2onnx gives it a random name, and the opsets a random order
    graph.opset_import.sort(key=lambda opset: opset.domain)
    return graph.SerializeToString(deterministic=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("data/train.parquet"))
    parser.add_argument("--out", type=Path, default=Path("model/model.onnx"))
    given = parser.parse_args()

    rows = pl.read_parquet(given.data)
    content = as_onnx(learn(rows))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_bytes(content)
    print(f"learned from {rows.height:,} rows; {given.out} has {len(content):,} bytes")


if __name__ == "__main__":
    main()
