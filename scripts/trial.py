"""Entry of the action `trial`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.entry import run_trial_gates

if __name__ == "__main__":
    sys.exit(ended(run_trial_gates, dict(os.environ)))
