"""Entry of the front door: the whole trial in one step."""

import os
import sys

from seatrial.trial.entry import run_action

if __name__ == "__main__":
    sys.exit(run_action("trial", dict(os.environ)))
