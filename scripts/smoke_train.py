"""Entry of the action `smoke-train`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.entry import run_smoke_train

if __name__ == "__main__":
    sys.exit(ended(run_smoke_train, dict(os.environ)))
