"""Entry of the evaluation gate alone."""

import os
import sys

from seatrial.trial.entry import run_action

if __name__ == "__main__":
    sys.exit(run_action("evaluate", dict(os.environ)))
