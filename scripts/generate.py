"""Write every generated surface from its one source, or with --check say which one has drifted.

Usage: python scripts/generate.py [--check]
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from seatrial.actions import ACTIONS, Action, Input

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Written by scripts/generate.py from scripts/seatrial/actions.py. Do not edit.\n"


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
            f"    value: ${{{{ steps.{action.step}.outputs.{output.name} }}}}",
        ]
    lines += [
        "runs:",
        "  using: composite",
        "  steps:",
        f"    - id: {action.step}",
        "      shell: bash",
        "      env:",
        "        INPUTS: ${{ toJSON(inputs) }}",
        f'      run: cd "$RUNNER_TEMP" && exec python3 -I "{root}/scripts/bootstrap.py" '
        f"{action.lock} {action.verb}.py",
    ]
    return HEAD + "\n".join(lines) + "\n"


def surfaces() -> dict[Path, str]:
    """Every generated file and its text."""
    files = {
        ROOT / "actions" / a.verb / "action.yml": manifest(a, "$GITHUB_ACTION_PATH/../..")
        for a in ACTIONS.values()
    }
    files[ROOT / "action.yml"] = manifest(ACTIONS["trial"], "$GITHUB_ACTION_PATH")
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
