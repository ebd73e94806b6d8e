"""Cuts the operations that Seatrial uses out of GitHub's published API description.

`python tests/contract/extract.py` prints the path of a small JSON file in `.cache/`, or
exits 3 with the reason why there is none (no npm, no network). The description comes
from the npm package @octokit/openapi, at the version and hash of package-lock.json.
"""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
DESCRIPTION = HERE / "node_modules/@octokit/openapi/generated/api.github.com.json"
OPERATIONS = (
    ("get", "/repos/{owner}/{repo}/contents/{path}"),
    ("get", "/repos/{owner}/{repo}/pulls/{pull_number}"),
    ("get", "/repos/{owner}/{repo}/pulls/{pull_number}/files"),
    ("get", "/repos/{owner}/{repo}/issues/{issue_number}/comments"),
    ("post", "/repos/{owner}/{repo}/issues/{issue_number}/comments"),
    ("patch", "/repos/{owner}/{repo}/issues/comments/{comment_id}"),
    ("delete", "/repos/{owner}/{repo}/issues/comments/{comment_id}"),
    ("get", "/repos/{owner}/{repo}/pulls"),
    ("get", "/repos/{owner}/{repo}/actions/runs/{run_id}"),
    ("get", "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}"),
    ("get", "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts"),
    ("get", "/repos/{owner}/{repo}/actions/artifacts"),
    ("get", "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}"),
    ("get", "/user"),
    ("post", "/repos/{owner}/{repo}/rulesets"),
    ("get", "/repos/{owner}/{repo}/releases"),
    ("post", "/repos/{owner}/{repo}/releases"),
    ("patch", "/repos/{owner}/{repo}/releases/{release_id}"),
    ("delete", "/repos/{owner}/{repo}/releases/assets/{asset_id}"),
    ("get", "/repos/{owner}/{repo}/git/matching-refs/{ref}"),
    ("get", "/repos/{owner}/{repo}/git/ref/{ref}"),
    ("get", "/repos/{owner}/{repo}/git/tags/{tag_sha}"),
    ("post", "/repos/{owner}/{repo}/git/refs"),
    ("patch", "/repos/{owner}/{repo}/git/refs/{ref}"),
)
_WORDS_FOR_PEOPLE = frozenset(
    {"description", "example", "examples", "externalDocs", "discriminator", "title"}
)


class Unobtainable(Exception):
    """The description is not here and cannot be had."""


def main() -> int:
    try:
        print(extract())
    except Unobtainable as reason:
        print(f"no API description: {reason}")
        return 3
    return 0


def extract() -> Path:
    """The path of the cut-out, made if need be."""
    lock = (HERE / "package-lock.json").read_bytes() + Path(__file__).read_bytes()
    target = CACHE / f"github-{hashlib.sha256(lock).hexdigest()[:16]}.json"
    if target.exists():
        return target
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not target.exists():
            if not _installed():
                _install()
            part = target.with_suffix(".part")
            part.write_text(json.dumps(_cut(json.loads(DESCRIPTION.read_bytes())), indent=1))
            part.replace(target)
    return target


def _installed() -> bool:
    wanted = json.loads((HERE / "package.json").read_bytes())["devDependencies"]["@octokit/openapi"]
    found = HERE / "node_modules/@octokit/openapi/package.json"
    return found.exists() and json.loads(found.read_bytes())["version"] == wanted


def _install() -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unobtainable("npm is not installed")
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise Unobtainable("`npm ci` in tests/contract did not finish") from None
    if done.returncode != 0:
        raise Unobtainable("`npm ci` in tests/contract failed: " + done.stderr.strip()[-300:])


def _cut(description: dict) -> dict:
    operations = []
    for method, path in OPERATIONS:
        operation = description["paths"][path][method]
        operations.append(
            {
                "method": method,
                "path": path,
                "id": operation["operationId"],
                "parameters": operation.get("parameters", []),
                "body": operation.get("requestBody"),
                "responses": operation["responses"],
            }
        )
    kept: dict = {}
    waiting: list = [operations, {"$ref": "#/components/schemas/basic-error"}]
    while waiting:
        for reference in _references(waiting.pop()):
            _, _, kind, name = reference.split("/")
            if name not in kept.setdefault(kind, {}):
                kept[kind][name] = description["components"][kind][name]
                waiting.append(kept[kind][name])
    return {"operations": _as_json_schema(operations), "components": _as_json_schema(kept)}


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        found = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return found + [r for part in value.values() for r in _references(part)]
    if isinstance(value, list):
        return [r for part in value for r in _references(part)]
    return []


def _as_json_schema(value: object, *, names: bool = False) -> object:
    """OpenAPI 3.0 schemas as JSON Schema 2020-12: `nullable` is the word that differs.

    names: the keys of this object are names of properties, not words of the schema language.
    """
    if isinstance(value, list):
        return [_as_json_schema(part) for part in value]
    if not isinstance(value, dict):
        return value
    if names:
        return {name: _as_json_schema(part) for name, part in value.items()}
    schema = {
        word: _as_json_schema(part, names=word == "properties")
        for word, part in value.items()
        if word not in _WORDS_FOR_PEOPLE and word != "nullable"
    }
    if value.get("nullable") is True:
        return {"anyOf": [schema, {"type": "null"}]}
    return schema


if __name__ == "__main__":
    sys.exit(main())
