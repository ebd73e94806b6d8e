"""Run the benchmarks, each against its peer in one run. Usage: make bench [ARGS="evaluation start"]"""

import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"


def main(names: list[str]) -> int:
    known = sorted(path.stem for path in BENCHMARKS.glob("*.py"))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"there is no benchmark {unknown[0]}; there are {', '.join(known)}")
        return 2
    codes = []
    for name in names or known:
        codes.append(subprocess.run([sys.executable, str(BENCHMARKS / f"{name}.py")], check=False).returncode)
        print(flush=True)
    return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
