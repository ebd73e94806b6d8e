"""Keep a file, or what is in a folder, under a name that no other artifact of the run may have."""

import json
import os
import shutil
import sys
from pathlib import Path

asked = json.loads(os.environ["ASKED"])
target = Path(os.environ["ARTIFACTS"]) / os.environ["GITHUB_RUN_ID"] / asked["name"]
source = Path(asked["path"])
if target.exists():
    sys.exit(f"an artifact {asked['name']} is there already")
files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
files = [path for path in files if not path.name.startswith(".")]
if not asked["path"] or not files:
    sys.exit(f"no files at {source}")
for file in files:
    place = target / (file.name if file == source else file.relative_to(source))
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)
print(f"{asked['name']}: {len(files)} files")
