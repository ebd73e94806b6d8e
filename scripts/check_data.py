"""Entry of the action `check-data`."""

import os
import sys
from functools import partial

from seatrial.engines import reader

if __name__ == "__main__":
    with reader.started() as started:  # before all that is imported here, so that it imports at the same time
        from seatrial.trial.ending import ended
        from seatrial.trial.entry import run_check_data

        sys.exit(ended(partial(run_check_data, reader=started), dict(os.environ)))
