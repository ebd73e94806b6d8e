"""The command `seatrial` from a checkout, without installing it: python scripts/command.py COMMAND ..."""

import sys

from seatrial.cli import main

if __name__ == "__main__":
    sys.exit(main())
