"""The data gate without what stands around it: the policy, the scan in its child process, and the Decision.

Usage: gate.py FOLDER. Prints the Decision as JSON.
"""

import gc
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from seatrial.engines import reader


def main(root: Path) -> None:
    with reader.started() as started:  # before all other imports, as the action does it
        import tempfile
        from datetime import UTC, datetime

        from seatrial.decision import PolicySource
        from seatrial.forge.contents import FirstOf
        from seatrial.forge.event import on_a_laptop
        from seatrial.policy import parse
        from seatrial.trial.call import Call
        from seatrial.trial.data.gate import check_data

        policy = parse((root / "seatrial.yml").read_bytes(), "seatrial.yml")
        subject = on_a_laptop()
        with tempfile.TemporaryDirectory(dir=root) as name:
            folder = Path(name)
            call = Call(
                root, folder, folder, policy.file, ("data",), subject, FirstOf([]), {}, reader=started
            )
            source = PolicySource(ref="working tree", sha256=policy.sha256)
            print(check_data(policy, source, call, datetime.now(UTC).date()).model_dump_json())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    gc.freeze()  # as actions end
