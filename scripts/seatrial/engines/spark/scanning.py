"""`ask_spark`: what Spark measures of the consumer's data, by the consumer's own PySpark.

Spark is no part of our environment: the first Python on the step's PATH that has PySpark runs our script.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from seatrial.commands.environment import child_environment, refuse_if_privileged
from seatrial.commands.running import Limits
from seatrial.commands.workers import work
from seatrial.engines.spark.child import MISSING
from seatrial.errors import BadInput, CouldNotDecide, Location
from seatrial.text import shown

_CHILD = Path(__file__).with_name("child.py")
_NAMES = ("python3", "python")
_KEPT = frozenset({"PATH", "HOME", "USER", "LANG", "LD_LIBRARY_PATH", "JAVA_HOME", "YARN_CONF_DIR"})
_PREFIXES = ("SPARK_", "HADOOP_")
# From what is least to what is nearest to enough; the nearest is told.
_LACKS = {
    "python": "Python 3.11 or newer with PySpark; add a step `uses: actions/setup-python` and one that runs "
    "`pip install pyspark`",
    "pyspark": "PySpark 4.0 or newer in a python3 or python on the PATH; add a step that runs "
    "`pip install pyspark` before this one",
    "java": "Java 17 or newer on the PATH or in JAVA_HOME; add a step `uses: actions/setup-java` before this "
    "one",
}


@dataclass(frozen=True)
class SparkCall:
    """master: as the policy says. environ: the step's environment. place: of data.engine in the policy."""

    master: str
    environ: Mapping[str, str]
    place: Location


def ask_spark(
    call: SparkCall, request: Mapping[str, Any], *, folder: Path, limits: Limits
) -> Mapping[str, object]:
    """The child's reply. Raises WorkerStopped, BadInput where PySpark or Java is missing, CouldNotDecide."""
    refuse_if_privileged(call.environ)
    _lend(folder / "ours")
    asked = {**request, "master": call.master, "memory": limits.memory or 0, "java": has_java(call.environ)}
    missing = []
    for python in pythons(call.environ):
        reply = work(
            _CHILD,
            asked,
            folder=folder,
            limits=limits,
            env=environment(call.environ),
            python=(python,),
        )
        if reply.get("status") == "no session":
            raise CouldNotDecide(
                f"Spark at {shown(call.master)} did not start ({shown(str(reply.get('detail')), 200)}); "
                "check the master, and that this runner reaches it",
                location=call.place,
            )
        if reply.get("status") != MISSING:
            return reply
        missing.append(str(reply.get("detail")))
    nearest = max(missing, key=list(_LACKS).index, default="python")
    raise BadInput(f"Spark needs {_LACKS[nearest]}", location=call.place)


def pythons(environ: Mapping[str, str]) -> Iterator[str]:
    """Who may have PySpark: our own Python where it does, else those on the step's PATH."""
    if find_spec("pyspark") is not None:
        yield sys.executable
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        for name in _NAMES:
            python = os.path.join(folder, name)
            if os.path.isabs(folder) and os.access(python, os.X_OK) and os.path.isfile(python):
                yield python


def has_java(environ: Mapping[str, str]) -> bool:
    """Whether Spark finds a Java: in JAVA_HOME, else on the PATH."""
    own = os.path.join(environ.get("JAVA_HOME", ""), "bin", "java")
    return os.access(own, os.X_OK) or shutil.which("java", path=environ.get("PATH", os.defpath)) is not None


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What Spark may know: where Java and its own settings are. Nothing of the checkout is imported."""
    kept = {
        name: value
        for name, value in child_environment(environ).items()
        if name in _KEPT or name.startswith(_PREFIXES)
    }
    return kept | {"TZ": "UTC", "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _lend(folder: Path) -> None:
    """What the consumer's Python needs of us: this package, and narwhals, which is Python only."""
    narwhals = find_spec("narwhals")
    if narwhals is None or narwhals.origin is None:
        raise BadInput("narwhals is not installed; pip install 'seatrial[spark]'")
    folder.mkdir()
    (folder / "narwhals").symlink_to(Path(narwhals.origin).parent)
    (folder / "seatrial").symlink_to(Path(__file__).parents[2])
