"""Entry of the action `prepare`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.workflow.steps import run_prepare

if __name__ == "__main__":
    sys.exit(ended(run_prepare, dict(os.environ)))
