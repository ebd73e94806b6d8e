"""A checkout that would like to be run, or to choose what is installed, changes nothing."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from acting import ActRun
from flights import FILES, flights, policy
from models import onnx_model
from scenes import Scene
from workflows import Job, comment, evaluate, job, shell, trial, workflow

pytestmark = pytest.mark.act

MODULES = (
    "json.py", "yaml/__init__.py", "numpy.py", "numpy/__init__.py", "seatrial/__init__.py", "pip/__init__.py",
    "pip/__main__.py", "uv.py", "subprocess.py", "fcntl.py", "encodings/__init__.py", "polars/__init__.py",
    "onnxruntime/__init__.py", "sitecustomize.py", "usercustomize.py", "conftest.py", "startup.py",
    "bootstrap.py", "trial.py", "evaluate.py", "comment.py", "scripts/bootstrap.py", "scripts/trial.py",
)  # fmt: skip
NOWHERE = "http://127.0.0.1:9/simple"
SETTINGS = {
    ".python-version": "3.99\n",
    "uv.toml": f'index-url = "{NOWHERE}"\nno-binary = true\npython-preference = "only-managed"\n',
    "pip.conf": f"[global]\nindex-url = {NOWHERE}\nno-binary = :all:\n[install]\nuser = true\n",
    "pyproject.toml": f'[tool.uv]\nindex-url = "{NOWHERE}"\nno-binary = true\n',
    "setup.cfg": "[install]\nprefix = .\n[easy_install]\nindex_url = http://127.0.0.1:9/\n",
    ".env": f"UV_INDEX_URL={NOWHERE}\nUV_NO_BINARY=1\nPYTHONPATH=.\n",
    "requirements/evaluate.txt": "seatrial-planted\n",
}
WORKSPACE = "${{ github.workspace }}"
ENVIRONMENT = {
    "PYTHONPATH": f".:{WORKSPACE}",
    "PYTHONSTARTUP": f"{WORKSPACE}/startup.py",
    "PYTHONUSERBASE": f"{WORKSPACE}/userbase",
    "PYTHONINSPECT": "",
    "PIP_CONFIG_FILE": f"{WORKSPACE}/pip.conf",
    "PIP_NO_BINARY": ":all:",
    "PIP_TARGET": f"{WORKSPACE}/target",
    "UV_CONFIG_FILE": f"{WORKSPACE}/uv.toml",
    "UV_NO_BINARY": "1",
    "UV_PYTHON": "3.99",
    "UV_PROJECT": WORKSPACE,
    "VIRTUAL_ENV": WORKSPACE,
}


def planted(ran: Path) -> dict[str, str]:
    """Files that leave a trace in a folder when they are run."""
    traced = {name: f"open({str(ran / name.replace('/', '.'))!r}, 'w').close()\n" for name in MODULES}
    site = f"userbase/lib/python3.{sys.version_info.minor}/site-packages/"
    traced[site + "usercustomize.py"] = traced["usercustomize.py"]
    traced[site + "planted.pth"] = f"import os; {traced['sitecustomize.py']}"
    return traced


def steps(name: str) -> Job:
    """Each action, set up anew; the Decision is kept."""
    return job(
        trial(),
        shell(f"cp '${{{{ steps.trial.outputs.decision }}}}' \"$OUT/{name}.json\""),
        evaluate(),
        comment("${{ steps.evaluate.outputs.decision }}"),
        kept=False,
    )


def calm(*traps: str) -> Job:
    """The front door after a step that removes the traps."""
    listed = " ".join(f"'{name}'" for name in traps)
    found = steps("calm")
    found["steps"][1:1] = [shell(f"rm -rf {listed} userbase && test ! -e json.py")]
    del found["steps"][-2:]
    return found


@pytest.fixture(scope="module")
def ran(shared_scene: Scene) -> Path:
    folder = shared_scene.folder / "ran"
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def run(shared_scene: Scene, ran: Path) -> ActRun:
    """The same pull request, in a job as it is and in a job that first removes what was planted."""
    polars = pytest.importorskip("polars")
    pytest.importorskip("skl2onnx", reason="ONNX models are made with skl2onnx")
    rows = io.BytesIO()
    polars.read_csv(flights().encode()).write_parquet(rows)
    text = policy(
        data="data/flights.parquet",
        candidate="model: model.onnx\n  features: [wind]",
        baseline="branch: model.onnx",
    )
    base = {
        **FILES,
        "data/flights.parquet": rows.getvalue(),
        "seatrial.yml": text,
        "model.onnx": onnx_model(),
    }
    traps = planted(ran) | SETTINGS
    hostile = steps("hostile") | {"env": ENVIRONMENT}
    shared_scene.open(base, traps, workflow(hostile=hostile, calm=calm(*traps)))
    return shared_scene.play()


def test_same_decision(run: ActRun, shared_scene: Scene) -> None:
    """By models and Parquet too, which are read in child processes: not one byte of the Decision differs."""
    for name, step in (
        ("hostile", "trial"),
        ("hostile", "evaluate"),
        ("hostile", "comment"),
        ("calm", "trial"),
    ):
        found = run.job(name).step(step)
        assert (found.code, found.outputs["verdict"]) == (0, "passed"), found.log
    out = shared_scene.folder / "out"
    assert (out / "hostile.json").read_bytes() == (out / "calm.json").read_bytes()
    assert shared_scene.kept("hostile.json")["checks"][0]["n"] == 1500


def test_nothing_planted_ever_ran(run: ActRun, ran: Path) -> None:
    assert run.code == 0
    assert sorted(path.name for path in ran.iterdir()) == []


def test_traps_would_have_worked(run: ActRun, shared_scene: Scene, ran: Path) -> None:
    """The test before this one can fail: an unguarded Python runs what was planted."""
    assert run.code == 0
    root = shared_scene.consumer.root
    (root / "encodings/__init__.py").unlink()  # which no Python survives
    subprocess.run([sys.executable, "-c", ""], cwd=root, env={"PYTHONPATH": "."}, check=True)
    assert "sitecustomize.py" in {path.name for path in ran.iterdir()}
