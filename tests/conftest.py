"""Chance in tests: everywhere but where a result must not depend on it."""

import os

from hypothesis import settings

if os.environ.get("SEATRIAL_STEADY") == "1":
    settings.load_profile("ci")  # the same examples in every run; a laptop goes on looking for others
