"""Write every generated surface from its one source, or with --check say which one has drifted.

Usage: python scripts/generate.py [--check]
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from permission_tables import actions_of, permissions_of, reusable
from seatrial import decision
from seatrial.actions import ACTIONS, Action, Input
from seatrial.gates.data import profile
from seatrial.policy import json_schema
from seatrial.policy.lint_names import BUILT_IN
from seatrial.policy.metrics import METRICS
from seatrial.policy.reference import markdown as policy_reference

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Written by scripts/generate.py from scripts/seatrial/actions.py. Do not edit.\n"
BLOCK = re.compile(r"(<!-- begin ([a-z./ -]+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def quoted(text: str) -> str:
    """A YAML double-quoted scalar (JSON strings are such)."""
    return json.dumps(text, ensure_ascii=False)


def input_lines(declared: Input) -> Iterator[str]:
    yield f"  {declared.name}:"
    yield f"    description: {quoted(declared.help)}"
    yield f"    required: {'true' if declared.default is None else 'false'}"
    if declared.default:
        yield f"    default: {quoted(declared.default)}"


def manifest(action: Action, root: str) -> str:
    """An action.yml whose files lie at `root`, as a shell expression."""
    lines = [
        f"name: {quoted(action.title)}",
        f"description: {quoted(action.help)}",
        "author: Seatrial contributors",
        "branding: {icon: anchor, color: blue}",
        "inputs:",
    ]
    for declared in action.inputs:
        lines += input_lines(declared)
    lines.append("outputs:")
    for output in action.outputs:
        lines += [
            f"  {output.name}:",
            f"    description: {quoted(output.help)}",
            f"    value: ${{{{ steps.{action.verb}.outputs.{output.name} }}}}",
        ]
    lines += [
        "runs:",
        "  using: composite",
        "  steps:",
        f"    - id: {action.verb}",
        "      shell: bash",
        "      env:",
        "        INPUTS: ${{ toJSON(inputs) }}",
        f'      run: cd "$RUNNER_TEMP" && exec python3 -I "{root}/scripts/bootstrap.py" '
        f"{action.lock} {action.script}",
    ]
    return HEAD + "\n".join(lines) + "\n"


def inputs_table(verb: str) -> str:
    """The inputs of an action, for people."""
    rows = ["| input | default | meaning |", "|---|---|---|"]
    for declared in ACTIONS[verb].inputs:
        default = (
            "required" if declared.default is None else f"`{declared.default}`" if declared.default else ""
        )
        rows.append(f"| `{declared.name}` | {default} | {declared.help} |")
    return "\n".join(rows) + "\n"


def outputs_table(verb: str) -> str:
    """The outputs of an action, for people."""
    rows = ["| output | meaning |", "|---|---|"]
    rows += [f"| `{output.name}` | {output.help} |" for output in ACTIONS[verb].outputs]
    return "\n".join(rows) + "\n"


def permissions_block(verb: str) -> str:
    """The `permissions:` of a job that runs the action."""
    lines = [f"  {scope}: {access}" for scope, access in ACTIONS[verb].permissions.items()]
    return "```yaml\npermissions:\n" + "\n".join(lines) + "\n```\n"


def metrics_table(_argument: str) -> str:
    """Every metric, for people."""
    rows = ["| metric | tasks | better | settings | meaning |", "|---|---|---|---|---|"]
    for metric in METRICS.values():
        settings = ", ".join(f"`{name}`" for name in metric.parameters)
        better = "-" if metric.two_sided else metric.direction
        rows.append(
            f"| `{metric.name}` | {', '.join(metric.tasks)} | {better} | {settings} | {metric.description} |"
        )
    return "\n".join(rows) + "\n"


def built_in_table(_argument: str) -> str:
    """Every built-in check of lint, for people."""
    rows = ["| check | what it finds |", "|---|---|"]
    return "\n".join([*rows, *(f"| `lint/{name}` | {told} |" for name, told in BUILT_IN.items())]) + "\n"


def workflow_inputs(name: str) -> str:
    """The inputs of a reusable workflow, for people."""
    rows = ["| input | type | default | meaning |", "|---|---|---|---|"]
    for key, declared in reusable()[name]["on"]["workflow_call"]["inputs"].items():
        default = declared.get("default", "required")
        shown = f"`{default}`" if default != "" else ""
        rows.append(f"| `{key}` | {declared['type']} | {shown} | {declared['description']} |")
    return "\n".join(rows) + "\n"


def workflow_outputs(name: str) -> str:
    """The outputs of a reusable workflow, for people."""
    rows = ["| output | meaning |", "|---|---|"]
    rows += [
        f"| `{key}` | {told['description']} |"
        for key, told in reusable()[name]["on"]["workflow_call"]["outputs"].items()
    ]
    return "\n".join(rows) + "\n"


def included_file(name: str) -> str:
    """A file of the repository as a fenced block, so that a snippet in the documentation is one that runs."""
    path = ROOT / name
    language = {"yml": "yaml", "py": "python"}.get(path.suffix.lstrip("."), "text")
    return f"```{language}\n{path.read_text(encoding='utf-8').rstrip()}\n```\n"


BLOCKS: dict[str, Callable[[str], str]] = {
    "inputs": inputs_table,
    "outputs": outputs_table,
    "permissions": permissions_block,
    "permissions-of": permissions_of,
    "actions-of": actions_of,
    "metrics": metrics_table,
    "built-in": built_in_table,
    "workflow-inputs": workflow_inputs,
    "workflow-outputs": workflow_outputs,
    "file": included_file,
}


def filled(text: str) -> str:
    """A page with each block between its markers written again; `<!-- begin inputs trial -->`."""

    def block(found: re.Match[str]) -> str:
        kind, _, argument = found[2].partition(" ")
        return f"{found[1]}{BLOCKS[kind](argument)}{found[3]}"

    return BLOCK.sub(block, text)


def as_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def surfaces() -> dict[Path, str]:
    """Every generated file and its text."""
    files = {
        ROOT / "actions" / a.verb / "action.yml": manifest(a, "$GITHUB_ACTION_PATH/../..")
        for a in ACTIONS.values()
    }
    files[ROOT / "action.yml"] = manifest(ACTIONS["trial"], "$GITHUB_ACTION_PATH")
    files[ROOT / "schema" / "seatrial.schema.json"] = as_json(json_schema())
    files[ROOT / "schema" / "decision.schema.json"] = as_json(decision.json_schema())
    files[ROOT / "schema" / "profile.schema.json"] = as_json(profile.json_schema())
    files[ROOT / "docs" / "policy.md"] = policy_reference()
    pages = (*sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "examples").glob("*/README.md")))
    for page in (ROOT / "README.md", *pages):
        if page.exists() and page not in files:
            files[page] = filled(page.read_text(encoding="utf-8"))
    return files


def main(arguments: list[str]) -> int:
    drifted = []
    for path, text in surfaces().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        drifted.append(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    for path in drifted:
        print(f"{path}: {'has drifted; run `make generate`' if '--check' in arguments else 'written'}")
    return 1 if drifted and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
