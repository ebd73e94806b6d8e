"""Entry of the action `predict`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.workflow.steps import run_predict

if __name__ == "__main__":
    sys.exit(ended(run_predict, dict(os.environ)))
