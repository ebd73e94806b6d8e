"""What our actions and workflows may do, and which actions of others they use, as tables for a reviewer."""

import re
from pathlib import Path
from typing import Any

import yaml

from seatrial.actions import ACTIONS

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
OTHERS = re.compile(r"uses: ([\w.-]+/[\w.-]+)@([0-9a-f]{40}) # (v[0-9.]+)$", re.MULTILINE)


def reusable() -> dict[str, dict[str, Any]]:
    """The workflows that others call, by file name. BaseLoader: to YAML 1.1 the key `on` is true."""
    found = {
        path.name: yaml.load(path.read_text("utf-8"), yaml.BaseLoader) for path in WORKFLOWS.glob("*.yml")
    }
    return {name: text for name, text in sorted(found.items()) if "workflow_call" in text["on"]}


def _list(permissions: dict[str, str]) -> str:
    return ", ".join(f"`{scope}: {access}`" for scope, access in permissions.items()) or "none"


def permissions_of(what: str) -> str:
    """One row for each action, or for each job of the workflows that others call."""
    if what == "actions":
        rows = ["| action | permissions of its job |", "|---|---|"]
        rows += [f"| `{action.verb}` | {_list(dict(action.permissions))} |" for action in ACTIONS.values()]
        return "\n".join(rows) + "\n"
    rows = ["| workflow | job | permissions | what it calls of ours |", "|---|---|---|---|"]
    for name, workflow in reusable().items():
        for job, inner in workflow["jobs"].items():
            used = [str(step["uses"]) for step in inner.get("steps", []) if "uses" in step]
            ours = [use.rpartition("/")[2] for use in [inner.get("uses", ""), *used] if use.startswith("$/")]
            calls = ", ".join(f"`{each}`" for each in dict.fromkeys(ours))
            # What a job does not say it takes from its workflow, which says none.
            may = _list(inner.get("permissions", workflow["permissions"]))
            rows.append(f"| `{name}` | {job} | {may} | {calls} |")
    return "\n".join(rows) + "\n"


def actions_of(_others: str) -> str:
    """Actions of others in the workflows that others call; our own actions use none."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for name in reusable():
        for pin in OTHERS.findall((WORKFLOWS / name).read_text("utf-8")):
            found.setdefault(pin, []).append(name)
    rows = ["| action | version | commit | used in |", "|---|---|---|---|"]
    for (action, commit, version), files in sorted(found.items()):
        used = ", ".join(f"`{name}`" for name in dict.fromkeys(files))
        rows.append(f"| {action} | {version} | `{commit}` | {used} |")
    return "\n".join(rows) + "\n"
