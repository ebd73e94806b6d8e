"""Entry of the comment-run action: a run that has ended in, one comment per model on its pull request out."""

import os
import sys

from seatrial.trial.comments.run import run_comment_run
from seatrial.trial.ending import ended

if __name__ == "__main__":
    sys.exit(ended(run_comment_run, dict(os.environ)))
