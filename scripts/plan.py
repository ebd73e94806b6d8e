"""Entry of the action `plan`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.workflow.steps import run_plan

if __name__ == "__main__":
    sys.exit(ended(run_plan, dict(os.environ)))
