"""Entry of the comment action: Decision files in, one comment on the pull request out."""

import os
import sys

from seatrial.trial.comments.files import run_comment
from seatrial.trial.ending import ended

if __name__ == "__main__":
    sys.exit(ended(run_comment, dict(os.environ)))
