"""Entry of the action `check-data`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.entry import run_check_data

if __name__ == "__main__":
    sys.exit(ended(run_check_data, dict(os.environ)))
