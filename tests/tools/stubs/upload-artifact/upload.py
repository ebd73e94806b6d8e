"""Keep a file, or what is in a folder, under a name that no other artifact of the run may have.

Whoever may upload may also delete, and then upload under the same name: that one gets another id.
"""

import json
import os
import shutil
import sys
from pathlib import Path

FIRST = 101

asked = json.loads(os.environ["ASKED"])
kept = Path(os.environ["ARTIFACTS"]) / os.environ["GITHUB_RUN_ID"]
ids = kept.with_name(f"ids-{kept.name}")  # a file for each id: its artifact's name, nothing once it is gone
target = kept / asked["name"]
source = Path(asked["path"])


def new_id() -> Path:
    """The next number: two jobs at once do not get the same."""
    number = FIRST + len(list(ids.iterdir()))
    while True:
        try:
            (ids / str(number)).touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return ids / str(number)


files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
files = [path for path in files if not path.name.startswith(".")]
if not asked["path"] or not files:
    sys.exit(f"no files at {source}")
ids.mkdir(parents=True, exist_ok=True)
if target.exists():
    if asked.get("overwrite") != "true":
        sys.exit(f"an artifact {asked['name']} is there already")
    for given in ids.iterdir():
        if given.read_text() == asked["name"]:
            given.write_text("")
    shutil.rmtree(target)
for file in files:
    place = target / (file.name if file == source else file.relative_to(source))
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)
own = new_id()
own.write_text(asked["name"])
if "GITHUB_OUTPUT" in os.environ:
    with Path(os.environ["GITHUB_OUTPUT"]).open("a") as output:
        output.write(f"artifact-id={own.name}\n")
print(f"{asked['name']}: {len(files)} files, id {own.name}")
