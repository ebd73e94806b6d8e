"""The kinds of value that a policy holds: the checks of `values` as types, each with its JSON Schema."""

import datetime
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from seatrial.policy import units, values
from seatrial.policy.units import kind
from seatrial.text import shown

DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
INTEGER_PATTERN = r"^[1-9][0-9]{0,2}(_[0-9]{3})+$"

Text = Annotated[str, PlainValidator(values.text), WithJsonSchema({"type": "string", "minLength": 1})]
Name = Annotated[
    str, PlainValidator(values.name), WithJsonSchema({"type": "string", "pattern": values.NAME_PATTERN})
]
Column = Annotated[
    str,
    PlainValidator(values.column),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": values.COLUMN_LENGTH}),
]
_COLUMN_LIST = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
    "uniqueItems": True,
}
Columns = Annotated[
    tuple[Column, ...],
    BeforeValidator(values.one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, _COLUMN_LIST]}),
]
Path = Annotated[
    str,
    PlainValidator(values.path),
    WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"^(?![-/~])[^\\]+$"}),
]
DataPath = Annotated[
    str,
    PlainValidator(values.data_path),
    WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"^(?![-/~])[^\\]+$"}),
]
Zone = Annotated[
    str,
    PlainValidator(values.zone),
    WithJsonSchema({"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_+/-]*$"}),
]
Delimiter = Annotated[
    str,
    PlainValidator(values.delimiter),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 1}),
]
Encoding = Annotated[str, PlainValidator(values.encoding), WithJsonSchema({"type": "string", "minLength": 1})]
Cell = Annotated[str, PlainValidator(values.cell), WithJsonSchema({"type": "string"})]
Master = Annotated[
    str,
    PlainValidator(values.spark),
    WithJsonSchema({"type": "string", "pattern": values.SPARK_PATTERN}),
]
Bound = Annotated[
    int | float | str, PlainValidator(values.bound), WithJsonSchema({"type": ["number", "string"]})
]
Share = Annotated[
    float,
    PlainValidator(values.share),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": units.PERCENTAGE_PATTERN}]}),
]
Duration = Annotated[
    datetime.timedelta,
    PlainValidator(values.duration),
    WithJsonSchema({"type": "string", "pattern": units.DURATION_PATTERN}),
]
Size = Annotated[
    int, PlainValidator(values.size), WithJsonSchema({"type": "string", "pattern": units.SIZE_PATTERN})
]
Date = Annotated[
    datetime.date,
    PlainValidator(values.date),
    WithJsonSchema({"type": "string", "pattern": DATE_PATTERN}),
]
_LABEL = {"type": ["string", "number", "boolean"]}
Label = Annotated[values.Scalar, PlainValidator(values.scalar), WithJsonSchema(_LABEL)]
Values = Annotated[
    tuple[Label, ...],
    BeforeValidator(values.at_least_one),
    WithJsonSchema({"type": "array", "items": _LABEL, "minItems": 1, "uniqueItems": True}),
]
_WORDS = {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1}
CommandLine = Annotated[
    str | tuple[str, ...],
    PlainValidator(values.command),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, _WORDS]}),
]
Labels = Annotated[
    tuple[Label, ...],
    BeforeValidator(values.at_least_two),
    WithJsonSchema({"type": "array", "items": _LABEL, "minItems": 2, "uniqueItems": True}),
]


@dataclass(frozen=True)
class Whole:
    """Annotation: a whole number from `least` to `most`."""

    least: int
    most: int

    def check(self, value: object) -> int:
        found = values.integer(value)
        if not self.least <= found <= self.most:
            raise values.problem(
                f"expected a whole number from {self.least:,} to {self.most:,}, found {shown(found)}"
            )
        return found

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, {"type": "string", "pattern": INTEGER_PATTERN}]}


@dataclass(frozen=True)
class Between:
    """Annotation: a number or percentage strictly between two ends."""

    low: float
    high: float

    def check(self, value: object) -> float:
        found = values.share(value)
        if self.low < found < self.high:
            return found
        low, high, mend = shown(self.low), shown(self.high), "a number such as 0.05"
        if units.is_percentage(value):
            low, high, mend = f"{shown(self.low * 100)}%", f"{shown(self.high * 100)}%", "a share such as 5%"
        elif found >= 1 and self.low < found / 100 < self.high:
            mend = f"{shown(found / 100)} or {shown(found)}%"
        raise values.problem(
            f"expected more than {low} and less than {high}, found {shown(value)}; write {mend}"
        )

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"type": "number", "exclusiveMinimum": self.low, "exclusiveMaximum": self.high}
        return {"anyOf": [number, {"type": "string", "pattern": units.PERCENTAGE_PATTERN}]}


@dataclass(frozen=True)
class OneOf:
    """Annotation: one of a few words (or numbers)."""

    words: tuple[str | int, ...]

    def check(self, value: object) -> str | int:
        for word in self.words:
            if type(value) is type(word) and value == word:
                return word
        raise values.problem(f"expected {' or '.join(shown(w) for w in self.words)}, found {kind(value)}")

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"enum": list(self.words)}
