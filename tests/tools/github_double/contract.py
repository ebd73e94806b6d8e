"""Holds requests and answers against GitHub's published API description."""

import functools
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

EXTRACT = Path(__file__).resolve().parents[2] / "contract" / "extract.py"
RAW = "application/vnd.github.raw+json"  # answers a file's bytes; the description has no schema for it
# Any operation may answer these, although the description does not list them for each.
ANYWHERE = frozenset({401, 403, 404, 429, 500, 502, 503})


@dataclass(frozen=True)
class Operation:
    id: str
    parameters: dict[str, str]
    description: dict[str, Any]


@functools.cache
def load() -> "Contract | str":
    """The contract, or the reason why there is none."""
    done = subprocess.run([sys.executable, str(EXTRACT)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stdout.strip() or done.stderr.strip()[-300:]
    return Contract(json.loads(Path(done.stdout.strip()).read_bytes()))


class Contract:
    def __init__(self, cut: dict[str, Any]) -> None:
        self._operations = cut["operations"]
        self._components = cut["components"]
        self._validators: dict[str, Draft202012Validator] = {}

    def operation(self, method: str, path: str) -> Operation | None:
        for description in self._operations:
            # {path} of the contents and {ref} of git span folders.
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", description["path"])
            pattern = re.sub(r"<(path|ref)>\[\^/\]\+", r"<\1>.*", pattern)
            match = re.fullmatch(pattern, path)
            if match and description["method"] == method.lower():
                return Operation(description["id"], match.groupdict(), description)
        return None

    def request_faults(self, operation: Operation, query: dict[str, str], body: bytes) -> list[str]:
        """What a request has that the description does not allow, or lacks."""
        described = {p["name"]: p for p in map(self._resolve, operation.description["parameters"])}
        faults = [f"unknown query parameter {name}" for name in query if name not in described]
        for name, text in {**query, **operation.parameters}.items():
            if name in described:
                schema = described[name]["schema"]
                faults += self._faults(f"parameter {name}", schema, _typed(text, schema))
        wanted = operation.description["body"]
        if wanted is None:
            return faults + (["a body where none is described"] if body else [])
        try:
            value = json.loads(body)
        except ValueError:
            return [*faults, "the body is not JSON"]
        schema = wanted["content"]["application/json"]["schema"]
        faults += [f"unknown key {key} in the body" for key in value if key not in schema["properties"]]
        return faults + self._faults("body", schema, value)

    def answer_faults(self, operation: Operation, status: int, accept: str, body: bytes) -> list[str]:
        """What is wrong with an answer, by the description."""
        answers = operation.description["responses"]
        if str(status) in answers:
            content = self._resolve(answers[str(status)]).get("content", {})
            if accept == RAW and status == 200:
                return []
            if not content:
                return [f"a body with {status}"] if body and status != 302 else []
            schema = content["application/json"].get("schema", {})
        elif status in ANYWHERE:
            schema = {"$ref": "#/components/schemas/basic-error"}
        else:
            return [f"status {status} is not described"]
        try:
            value = json.loads(body)
        except ValueError:
            return ["the answer is not JSON"]
        return self._faults(f"answer {status}", schema, value)

    def _resolve(self, value: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in value:
            return value
        _, _, kind, name = value["$ref"].split("/")
        return self._components[kind][name]

    def _faults(self, what: str, schema: dict[str, Any], value: object) -> list[str]:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            self._validators[key] = Draft202012Validator({**schema, "components": self._components})
        return [
            f"{what}: {error.json_path}: {error.message[:200]}"
            for error in self._validators[key].iter_errors(value)
        ]


def _typed(text: str, schema: dict[str, Any]) -> object:
    if schema.get("type") == "integer" and re.fullmatch(r"-?(0|[1-9][0-9]*)", text):
        return int(text)
    return text
