"""Bring one artifact by name, or all whose names match a pattern, each into a folder of its name.

As actions/download-artifact v8 has it, a single match of a pattern gets no folder of its own.
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


names = sorted(path.name for path in kept.iterdir()) if kept.is_dir() else []
if asked["name"]:
    if asked["name"] not in names:
        sys.exit(f"Artifact '{asked['name']}' not found")
    names = [asked["name"]]
else:
    wanted = spelled(asked["pattern"])
    names = [name for name in names if any(fnmatch.fnmatchcase(name, each) for each in wanted)]
for name in names:
    place = target if len(names) == 1 else target / name
    shutil.copytree(kept / name, place, dirs_exist_ok=True)
    if name == os.environ.get("SPOIL"):  # a row more than what was uploaded
        with (place / "candidate.csv").open("a") as spoilt:
            spoilt.write("1,0.5\n")
print(f"artifacts: {', '.join(names) or 'none'}")
