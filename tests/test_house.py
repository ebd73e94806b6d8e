"""The rules of the house: who may import whom, and who may touch the world."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
PACKAGE = SCRIPTS / "seatrial"

# A room may import from its own floor and from the floors below it.
FLOORS = (
    {"errors", "text", "decision", "rules", "patterns", "__init__"},
    {"stats", "policy"},
    {"gates"},
    {"engines", "linters", "commands", "predictors", "forge", "report", "actions"},
    {"trial"},
    {"cli"},
)
# On one floor rooms keep to themselves, but for these.
NEIGHBOURS = {
    ("engines", "commands"),
    ("linters", "engines"),
    ("predictors", "engines"),
    ("predictors", "commands"),
    ("forge", "report"),
    ("report", "forge"),
    ("text", "errors"),
    ("rules", "text"),
    ("patterns", "text"),
    ("errors", "text"),
    ("decision", "errors"),
}
STANDS_ALONE = {
    "stats": {"numpy"},
    "policy": {"pydantic", "pydantic_core", "yaml"},
    "gates": {"numpy", "pydantic"},
    "linters": {"yaml"},
}
SLOW = {"numpy", "polars", "onnxruntime", "jinja2", "requests", "urllib3", "yaml"}
NETWORK = {"requests", "urllib3", "socket", "http", "ssl"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(node: ast.AST) -> Iterator[str]:
    """Dotted names of everything imported below a node."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            yield from (alias.name for alias in inner.names)
        elif isinstance(inner, ast.ImportFrom) and inner.level == 0 and inner.module:
            yield from (f"{inner.module}.{alias.name}" for alias in inner.names)


def imported_at_start(module: ast.Module) -> set[str]:
    """Top-level packages that importing the module itself costs."""
    return {
        name.split(".")[0]
        for statement in module.body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in imports(statement)
    }


def floor(of: str) -> int:
    return next(i for i, rooms in enumerate(FLOORS) if of in rooms)


def test_every_room_is_on_a_floor() -> None:
    assert {room(path) for path in modules()} - {r for rooms in FLOORS for r in rooms} == set()


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    here = room(path)
    for name in imports(tree(path)):
        if not name.startswith("seatrial."):
            continue
        there = name.split(".")[1]
        there = there if any(there in rooms for rooms in FLOORS) else "__init__"
        if there in (here, "__init__"):
            continue
        assert floor(there) <= floor(here), f"{here} imports {name}, which is on a higher floor"
        if floor(there) == floor(here):
            assert (here, there) in NEIGHBOURS, f"{here} imports {name}, a room on its own floor"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_the_core_needs_few_packages(path: Path) -> None:
    allowed = STANDS_ALONE.get(room(path))
    if allowed is None:
        return
    outside = {name.split(".")[0] for name in imports(tree(path))} - {"seatrial"} - allowed
    assert outside - set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_only_the_runner_and_the_command_print(path: Path) -> None:
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
    assert not prints or name_of(path) in {"cli.py"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_the_environment_is_read_only_at_the_edge(path: Path) -> None:
    found = [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert not found or name_of(path) in {"cli.py"}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_the_network_is_touched_only_in_the_forge(path: Path) -> None:
    touched = {name.split(".")[0] for name in imports(tree(path))} & NETWORK
    assert not touched or room(path) == "forge"


def test_slow_packages_are_imported_where_they_are_needed() -> None:
    found = {
        name_of(path): imported_at_start(tree(path)) & {"polars", "narwhals", "onnxruntime", "pyspark"}
        for path in modules()
    }
    # Imported by child processes only.
    children = {"predictors/onnx_child.py", "engines/tables/parquet_child.py"}
    rooms = ("engines/measures/", "engines/polars/", "engines/spark/")
    found = {
        name: slow
        for name, slow in found.items()
        if not name.startswith(rooms) or name.endswith("/scanning.py")
    }
    assert {name for name, slow in found.items() if slow} <= children


def test_no_module_unpickles() -> None:
    forbidden = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
    for path in modules():
        assert not {name.split(".")[0] for name in imports(tree(path))} & forbidden, path


def test_entry_scripts_do_not_shadow_the_standard_library() -> None:
    names = {path.stem for path in SCRIPTS.glob("*.py")}
    assert names & set(sys.stdlib_module_names) == set()
