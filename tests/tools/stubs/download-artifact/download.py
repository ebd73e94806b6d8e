"""Bring one artifact by name, those of some ids, or all whose names match a pattern.

As actions/download-artifact v8 has it: a single one gets no folder of its own, several get one of their
name each; a name and ids together are refused; of an id that is not there it only warns, unless none is.
"""

import fnmatch
import json
import os
import re
import shutil
import sys
from pathlib import Path

asked = json.loads(os.environ["ASKED"])
kept = Path(os.environ["ARTIFACTS"]) / os.environ["GITHUB_RUN_ID"]
ids = kept.with_name(f"ids-{kept.name}")
target = Path(os.environ["GITHUB_WORKSPACE"]) / asked["path"]


def spelled(pattern: str) -> list[str]:
    """The patterns that one with {a,b} stands for."""
    found = re.search(r"\{([^{}]*)\}", pattern)
    if found is None:
        return [pattern]
    return [
        each
        for choice in found[1].split(",")
        for each in spelled(pattern[: found.start()] + choice + pattern[found.end() :])
    ]


def named_by(wanted: list[str]) -> list[str]:
    """The names that the artifacts of these ids have."""
    if not all(each.isdecimal() for each in wanted):
        sys.exit("Invalid artifact ID. Must be a number.")
    found = [path.read_text() for each in wanted if (path := ids / each).is_file()]
    found = [name for name in found if name]
    if not found:
        sys.exit("None of the provided artifact IDs were found")
    if len(found) < len(wanted):
        print("::warning::Could not find all of the artifact IDs")
    return found


names = sorted(path.name for path in kept.iterdir()) if kept.is_dir() else []
if asked["name"] and asked["artifact-ids"]:
    sys.exit("Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.")
if asked["name"]:
    if asked["name"] not in names:
        sys.exit(f"Artifact '{asked['name']}' not found")
    names = [asked["name"]]
elif asked["artifact-ids"]:
    names = named_by([each.strip() for each in asked["artifact-ids"].split(",") if each.strip()])
elif asked["pattern"]:
    wanted = spelled(asked["pattern"])
    names = [name for name in names if any(fnmatch.fnmatchcase(name, each) for each in wanted)]
for name in names:
    place = target if len(names) == 1 else target / name
    shutil.copytree(kept / name, place, dirs_exist_ok=True)
    if name == os.environ.get("SPOIL"):  # a row more than what was uploaded
        with (place / "candidate.csv").open("a") as spoilt:
            spoilt.write("1,0.5\n")
print(f"artifacts: {', '.join(names) or 'none'}")
