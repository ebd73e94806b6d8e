"""A team's repository with a policy for each model, and what calls ci.yml: a model for each way to end."""

import json
from typing import Any

from flights import FILES, LIMIT_LINE, POOR, flights, policy, scores
from published import STUBS, stubs

__all__ = ["BASE", "CHANGE", "FEW", "LIMIT_LINE", "bringing", "caller"]
FEW = 100

# Looks for tokens in itself and in everything that it was started by, up to act, whose own words and
# environment are the tests' (a runner's are out of a job's sight).
TRAIN = """\
import json, os, pathlib, sys

found, pid = [], os.getpid()
while pid > 1:
    place = pathlib.Path("/proc") / str(pid)
    status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
    if status["Name"].strip() == "act":
        break
    for name in ("environ", "cmdline"):
        for part in (place / name).read_bytes().split(b"\\0"):
            if b"ghs_" in part or part.split(b"=")[0].endswith(b"TOKEN"):
                found.append([pid, name, part.decode()[:40]])
    pid = int(status["PPid"])
out = pathlib.Path(os.environ["OUT"]) / "tokens.json"
out.write_text(json.dumps({"found": found, "stopped_at": status["Name"].strip()}))
model = pathlib.Path(sys.argv[1])
model.parent.mkdir(exist_ok=True)
model.write_text("2.5")
"""
PREDICT = """\
import csv, sys

model, data, out = sys.argv[1:]
factor = float(open(model).read())
with open(data) as file, open(out, "w") as target:
    target.write("id,score\\n")
    for row in csv.DictReader(file):
        assert "late" not in row
        target.write(f"{row['id']},{1 / (1 + 2.718 ** (-factor * float(row['wind'])))}\\n")
"""
# The rows of the team lie elsewhere; what brings them is part of what a change may touch.
FETCH = """\
import pathlib
pathlib.Path("fetched.csv").write_text(pathlib.Path("data/flights.csv").read_text())
"""
FLATTER = """\
import csv
scores = {row["id"]: float(row["score"]) for row in csv.DictReader(open("worse.csv"))}
with open("data/flights.csv") as source, open("fetched.csv", "w") as target:
    for line in source:
        row = line.rstrip().split(",")
        if row[0] in scores:
            row[1] = str(int(scores[row[0]] > 0.5))
        target.write(",".join(row) + "\\n")
"""
# What code of a change that got hold of the runner's own token does to the artifact of the job before.
PLANT = f"""\
import json, os, pathlib, subprocess, sys
model = pathlib.Path(sys.argv[1])
model.parent.mkdir(exist_ok=True)
model.write_text("1")
folder = pathlib.Path(os.environ["RUNNER_TEMP"]) / "planted"
folder.mkdir()
exec(open("flatter.py").read())
pathlib.Path("fetched.csv").rename(folder / "brought.csv")
asked = {{"name": "rows", "path": str(folder), "overwrite": "true"}}
upload = {str(STUBS / "upload-artifact" / "upload.py")!r}
subprocess.run([sys.executable, upload], env={{**os.environ, "ASKED": json.dumps(asked)}}, check=True)
"""
TELL_INDEX = """\
import json, os, pathlib
told = [os.environ["PIP_INDEX_URL"], os.environ["UV_DEFAULT_INDEX"]]
(pathlib.Path(os.environ["OUT"]) / "index.json").write_text(json.dumps(told))
"""
FLIGHTS = "data: {test: data/flights.csv, key: [id]}"
CHECKED = "data: {test: data/flights.csv, key: [id], columns: {wind: {type: number, min: -9, max: 9}}}"
STRICT = CHECKED.replace("max: 9", "max: 0")
PREDICTED = "predict: python3 predict.py {model} {data} {out}\n  model: factor.txt"
POLICIES = {
    "whole": policy(
        "lint: {run: [python3 -m compileall -q predict.py], advisory: [unpinned_actions]}",
        "train: {full: {run: 'python3 train.py {model}', time: 1m}, requirements: needs.txt}",
        name="whole",
        candidate=PREDICTED.replace("factor.txt", "build/factor.txt"),
        baseline="branch: factor.txt",
    ).replace(FLIGHTS, CHECKED),
    "advisory": policy("mode: advisory", name="advisory", candidate="predictions: worse.csv"),
    "failing": policy(name="failing", candidate="predictions: worse.csv"),
    "inconclusive": policy(
        name="inconclusive",
        data="data/few.csv",
        candidate="predictions: few.csv",
        baseline="path: few-baseline.csv",
    ),
    "spoilt": policy(name="spoilt").replace(FLIGHTS, STRICT),
    "tampered": policy(name="tampered", candidate=PREDICTED, baseline=""),
    "flattered": policy(
        "prepare: {run: python3 fetch.py, time: 1m}",
        name="flattered",
        data="fetched.csv",
        candidate="predictions: worse.csv",
        baseline="",
        metrics="roc_auc: {min: 0.7}",
    ),
    "planted": policy(
        "train: {smoke: {run: 'python3 plant.py {model}', model: build/planted.txt, time: 1m}}",
        name="planted",
        data="data/brought.csv",
        candidate="predictions: worse.csv",
        baseline="",
        metrics="roc_auc: {min: 0.7}",
    ),
    "elsewhere": "version: 1\nmodel: {name: elsewhere, task: binary}\n"
    + CHECKED.replace("flights.csv", "brought.csv")
    + "\n",
    "index": "version: 1\nmodel: {name: index, task: binary}\n"
    "lint: {run: [python3 tell_index.py], advisory: [unpinned_actions, unpinned_requirements]}\n",
    "data": "version: 1\nmodel: {name: data, task: binary}\n" + CHECKED + "\n",
}
POLICIES["tampered"] = POLICIES["tampered"].replace("margin: 0.03", "min: 0.7")
BASE: dict[str, str | bytes | None] = {
    **FILES,
    "train.py": TRAIN,
    "predict.py": PREDICT,
    "fetch.py": FETCH,
    "plant.py": PLANT,
    "tell_index.py": TELL_INDEX,
    "flatter.py": FLATTER,
    "factor.txt": "2.0",
    "needs.txt": "# nothing beyond Python\n",
    "worse.csv": POOR,
    "data/few.csv": flights(FEW),
    "few.csv": scores(0.5, FEW),
    "few-baseline.csv": scores(0.3, FEW),
    **{f"{name}.yml": text for name, text in POLICIES.items()},
}
CHANGE: dict[str, str | bytes | None] = {"fetch.py": FLATTER, "README.md": "better\n"}


def bringing(policy: str, by: str = "id") -> str:
    """A workflow whose own job brings the data before it calls ci.yml, and tells them by id or by name."""
    upload = next(line.partition("=")[0] for line in stubs() if "upload-artifact" in line)
    told = (
        {"data-artifact": "rows"} if by == "name" else {"data-artifact-id": "${{ needs.fetch.outputs.id }}"}
    )
    called = json.loads(caller(policy, **told))
    called["jobs"]["trial"]["needs"] = ["fetch"]
    called["jobs"]["fetch"] = {
        "runs-on": "ubuntu-latest",
        "outputs": {"id": "${{ steps.rows.outputs.artifact-id }}"},
        "steps": [
            {"uses": "actions/checkout@v7"},
            {"run": "mkdir brought && cp data/flights.csv brought/brought.csv"},
            {"id": "rows", "uses": upload, "with": {"name": "rows", "path": "brought"}},
        ],
    }
    return json.dumps(called)


def caller(*policies: str, on: str = "pull_request", **inputs: Any) -> str:
    """A workflow that calls ci.yml for these policies."""
    given = {"policy": "\n".join(policies), **inputs}
    uses = "seatrial/seatrial/.github/workflows/ci.yml@v1"
    job = {"permissions": {"contents": "read"}, "uses": uses, "with": given}
    return json.dumps({"on": on, "permissions": {}, "jobs": {"trial": job}})
