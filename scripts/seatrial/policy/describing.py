"""What each key means, from the docstring under its field; read only when asked for, as it is slow."""

import ast
import functools
import inspect
import sys

from seatrial.policy.limits import Section


def descriptions(section: type[Section]) -> dict[str, str]:
    """The meaning of every field of the section."""
    found: dict[str, str] = {}
    for base in reversed(section.__mro__):
        if issubclass(base, Section):
            found |= _of_module(base.__module__).get(base.__name__, {})
    return {name: found[name] for name in section.model_fields if name in found}


@functools.cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[name]))
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> dict[str, str]:
    found = {}
    for field, after in zip(node.body, node.body[1:], strict=False):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            found[field.target.id] = inspect.cleandoc(str(after.value.value))
    return found
