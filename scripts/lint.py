"""Entry of the action `lint`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.entry import run_lint

if __name__ == "__main__":
    sys.exit(ended(run_lint, dict(os.environ)))
