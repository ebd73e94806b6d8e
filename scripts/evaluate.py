"""Entry of the action `evaluate`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.entry import run_evaluate

if __name__ == "__main__":
    sys.exit(ended(run_evaluate, dict(os.environ)))
