"""Verdicts of other jobs and other runs, taken as hostile data, as comments."""
