"""Entry of the action `verdict`."""

import os
import sys

from seatrial.trial.ending import ended
from seatrial.trial.workflow.concluding import run_verdict

if __name__ == "__main__":
    sys.exit(ended(run_verdict, dict(os.environ)))
