"""`python tests/tools/github_double --port-file F --state F`: the double as a program, until it is ended.

The state is read from --state at the start and written there after every change; --log gets
one JSON object per request; --faults holds a JSON list of faults (see faults.py).
"""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from github_double.contract import load
from github_double.faults import Plan
from github_double.server import Double
from github_double.world import World


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port-file", type=Path, required=True, help="gets the port once it listens")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--faults", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--base-path", default="", help="such as /api/v3")
    options = parser.parse_args()
    contract = load()
    if isinstance(contract, str):
        print(f"not held against the contract: {contract}", file=sys.stderr)
        contract = None
    plan = Plan(json.loads(options.faults.read_text()) if options.faults else ())
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    double = Double(
        World.load(options.state),
        plan=plan,
        contract=contract,
        base_path=options.base_path,
        port=options.port,
        state=options.state,
        log=options.log,
    )
    with double:
        part = options.port_file.with_suffix(".part")
        part.write_text(str(double.port))
        part.replace(options.port_file)
        end.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
