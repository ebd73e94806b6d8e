"""Run as a script in a child process, by the Python of the consumer that has PySpark.

Written so that a Python that is too old can still say so. Of ours it is given this package and narwhals.
"""

import json
import os
import sys

OLDEST, OLDEST_SPARK = (3, 11), 4
MISSING = "missing"  # the status of a reply: this Python cannot do it, and the detail says what it lacks


def lacks(java: bool) -> "str | None":
    """What there is not, for this Python to run Spark: python, pyspark or java."""
    if sys.version_info < OLDEST:
        return "python"
    try:
        from pyspark.version import __version__
    except ImportError:
        return "pyspark"
    if int(__version__.split(".")[0]) < OLDEST_SPARK:
        return "pyspark"
    return None if java else "java"


def main(folder: str) -> None:
    with open(os.path.join(folder, "request.json"), "rb") as file:
        missing = lacks(json.load(file)["java"])
    if missing is not None:
        with open(os.path.join(folder, "reply.json"), "w") as answer:
            json.dump({"status": MISSING, "detail": missing}, answer)
        return
    sys.path.insert(0, os.path.join(folder, "ours"))  # holds narwhals and seatrial, and nothing else
    from pathlib import Path

    from seatrial.engines.spark.asking import answer_in

    answer_in(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1])
