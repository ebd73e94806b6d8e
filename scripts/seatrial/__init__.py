"""Seatrial: CI/CD gates for machine-learning models."""

import gc

__version__ = "0.1.0"

# Our programs live for seconds and mostly import, which leaves no garbage to be looked for after every 700
# objects: that took a fifth of the time of imports.
gc.set_threshold(100_000, 10, 10)
