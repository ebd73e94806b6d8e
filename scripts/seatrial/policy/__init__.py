"""The policy file `seatrial.yml`: a strict reader, the model, its JSON Schema and its reference page."""

from typing import Any

from seatrial.policy.model import Policy
from seatrial.policy.parsing import parse

__all__ = ["Policy", "json_schema", "parse"]


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft-07) of the policy file, for editors."""
    from seatrial.policy.schema import json_schema as generated

    return generated()
