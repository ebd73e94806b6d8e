"""The policy file `seatrial.yml`: a strict reader, the model, its JSON Schema and its reference page."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seatrial.policy.model import Policy
    from seatrial.policy.parsing import parse

__all__ = ["Policy", "json_schema", "parse"]


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft-07) of the policy file, for editors."""
    from seatrial.policy.schema import json_schema as generated

    return generated()


def __getattr__(name: str) -> Any:
    """The model and its reader when they are asked for: names of metrics and gates are had without them."""
    if name == "Policy":
        from seatrial.policy.model import Policy

        return Policy
    if name == "parse":
        from seatrial.policy.parsing import parse

        return parse
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
