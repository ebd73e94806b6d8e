"""Small ONNX models, built node by node."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

FLOAT, INT64, STRING, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING, TensorProto.BOOL


class Models:
    """Builders of models as bytes."""

    @staticmethod
    def of(
        nodes: Sequence[Any],
        inputs: Sequence[Any],
        outputs: Sequence[Any],
        initializers: Sequence[Any] = (),
        *,
        opset: int = 17,
        ir: int = 8,
        domains: Sequence[str] = ("ai.onnx.ml",),
    ) -> bytes:
        graph = helper.make_graph(list(nodes), "g", list(inputs), list(outputs), list(initializers))
        versions = {"ai.onnx.ml": 3}
        opsets = [
            helper.make_opsetid("", opset),
            *(helper.make_opsetid(d, versions.get(d, 1)) for d in domains),
        ]
        model: bytes = helper.make_model(graph, opset_imports=opsets, ir_version=ir).SerializeToString()
        return model

    @staticmethod
    def port(name: str, kind: int, *shape: int | str | None) -> Any:
        return helper.make_tensor_value_info(name, kind, list(shape))

    @classmethod
    def named(cls) -> bytes:
        """score = x + 10 n + 100 flag + 1000 (carrier is "AA"): one input per column, of every type."""
        nodes = [
            helper.make_node("Cast", ["n"], ["nf"], to=FLOAT),
            helper.make_node("Cast", ["flag"], ["ff"], to=FLOAT),
            helper.make_node("Mul", ["nf", "ten"], ["n10"]),
            helper.make_node("Mul", ["ff", "hundred"], ["f100"]),
            helper.make_node(
                "LabelEncoder",
                ["carrier"],
                ["code"],
                domain="ai.onnx.ml",
                keys_strings=["AA"],
                values_floats=[1000.0],
                default_float=0.0,
            ),
            helper.make_node("Add", ["x", "n10"], ["s1"]),
            helper.make_node("Add", ["s1", "f100"], ["s2"]),
            helper.make_node("Reshape", ["code", "flat"], ["code1"]),
            helper.make_node("Add", ["s2", "code1"], ["score"]),
        ]
        inputs = [
            cls.port("x", FLOAT, None, 1),
            cls.port("n", INT64, None, 1),
            cls.port("flag", BOOL, None, 1),
            cls.port("carrier", STRING, None),
        ]
        constants = [
            helper.make_tensor("ten", FLOAT, [1], [10.0]),
            helper.make_tensor("hundred", FLOAT, [1], [100.0]),
            helper.make_tensor("flat", INT64, [2], [-1, 1]),
        ]
        return cls.of(nodes, inputs, [cls.port("score", FLOAT, None, 1)], constants)

    @classmethod
    def classifier(cls, classes: Sequence[str | int], weights: Any, zipmap: bool) -> bytes:
        """A linear classifier with softmax over [rows, features], as exporters write it."""
        weights = np.asarray(weights, dtype=np.float32)
        strings = isinstance(classes[0], str)
        named = {"classlabels_strings" if strings else "classlabels_ints": list(classes)}
        zipped = {"classlabels_strings" if strings else "classlabels_int64s": list(classes)}
        nodes = [
            helper.make_node(
                "LinearClassifier",
                ["X"],
                ["label", "probabilities"],
                domain="ai.onnx.ml",
                coefficients=weights.reshape(-1).tolist(),
                intercepts=[0.0] * len(classes),
                post_transform="SOFTMAX",
                **named,
            )
        ]
        kind = STRING if strings else INT64
        outputs = [cls.port("label", kind, None), cls.port("probabilities", FLOAT, None, len(classes))]
        if zipmap:
            nodes.append(
                helper.make_node(
                    "ZipMap", ["probabilities"], ["output_probability"], domain="ai.onnx.ml", **zipped
                )
            )
            value = helper.make_tensor_type_proto(FLOAT, [])
            kind_proto = helper.make_sequence_type_proto(helper.make_map_type_proto(kind, value))
            outputs[1] = helper.make_value_info("output_probability", kind_proto)
        return cls.of(nodes, [cls.port("X", FLOAT, None, weights.shape[1])], outputs)

    @classmethod
    def unary(cls, *operators: str) -> bytes:
        """Operators one after the other on a single column x."""
        names = ["x", *(f"y{number}" for number in range(len(operators)))]
        nodes = [helper.make_node(op, [names[k]], [names[k + 1]]) for k, op in enumerate(operators)]
        return cls.of(nodes, [cls.port("x", FLOAT, None, 1)], [cls.port(names[-1], FLOAT, None, 1)])

    @classmethod
    def endless(cls) -> bytes:
        """A loop of 2^62 turns."""
        turn = helper.make_graph(
            [helper.make_node("Identity", ["go"], ["on"]), helper.make_node("Sin", ["v"], ["w"])],
            "turn",
            [cls.port("i", INT64), cls.port("go", BOOL), cls.port("v", FLOAT, None, 1)],
            [cls.port("on", BOOL), cls.port("w", FLOAT, None, 1)],
        )
        constants = [
            helper.make_tensor("turns", INT64, [], [2**62]),
            helper.make_tensor("yes", BOOL, [], [True]),
        ]
        loop = helper.make_node("Loop", ["turns", "yes", "x"], ["y"], body=turn)
        return cls.of([loop], [cls.port("x", FLOAT, None, 1)], [cls.port("y", FLOAT, None, 1)], constants)

    @classmethod
    def greedy(cls) -> bytes:
        """A tensor of four gigabytes out of a file of a few hundred bytes."""
        nodes = [
            helper.make_node(
                "ConstantOfShape", ["size"], ["big"], value=helper.make_tensor("v", FLOAT, [1], [1.0])
            ),
            helper.make_node("ReduceSum", ["big"], ["sum"], keepdims=0),
            helper.make_node("Add", ["x", "sum"], ["y"]),
        ]
        size = [helper.make_tensor("size", INT64, [1], [1_000_000_000])]
        return cls.of(nodes, [cls.port("x", FLOAT, None, 1)], [cls.port("y", FLOAT, None, 1)], size)

    @classmethod
    def external(cls, location: str) -> bytes:
        """Weights that lie in another file."""
        tensor = TensorProto(name="w", data_type=FLOAT, dims=[1], data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value=location)
        node = helper.make_node("Add", ["x", "w"], ["y"])
        return cls.of([node], [cls.port("x", FLOAT, None, 1)], [cls.port("y", FLOAT, None, 1)], [tensor])


@pytest.fixture
def models() -> type[Models]:
    return Models


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Ten rows with a column of each type."""
    path = tmp_path / "data.csv"
    lines = [
        f"{k},{k / 4},{k % 3},{'true' if k % 2 else 'false'},{'AA' if k % 2 else 'DL'}" for k in range(10)
    ]
    path.write_text("id,x,n,flag,carrier\n" + "\n".join(lines) + "\n")
    return path
