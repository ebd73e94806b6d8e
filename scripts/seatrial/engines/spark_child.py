"""Run as a script in a child process, by the Python of the consumer that has PySpark.

Written so that a Python that is too old can still say so. Of ours it is given this package and narwhals.
"""

import json
import os
import shutil
import sys

OLDEST = (3, 11)
MISSING = "missing"  # the status of a reply: this Python cannot do it, and the detail says what it lacks


def lacks(environ: "os._Environ[str]") -> "str | None":
    """What this Python lacks: python, pyspark or java."""
    if sys.version_info < OLDEST:
        return "python"
    from importlib.util import find_spec

    if find_spec("pyspark") is None:
        return "pyspark"
    own = os.path.join(environ.get("JAVA_HOME", ""), "bin", "java")
    return None if os.access(own, os.X_OK) or shutil.which("java") else "java"


def main(folder: str) -> None:
    missing = lacks(os.environ)
    if missing is not None:
        with open(os.path.join(folder, "reply.json"), "w") as file:
            json.dump({"status": MISSING, "detail": missing}, file)
        return
    sys.path.insert(0, os.path.join(folder, "ours"))  # holds narwhals and seatrial, and nothing else
    from pathlib import Path

    from seatrial.engines.spark_asking import answer

    answer(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1])
