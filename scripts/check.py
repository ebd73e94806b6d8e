"""Run the tests. Usage: make test [ARGS="pytest arguments"]"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    os.chdir(ROOT)
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    os.execve(sys.executable, [sys.executable, "-m", "pytest", *sys.argv[1:]], environ)
