"""Seatrial: CI/CD gates for machine-learning models."""

__version__ = "0.1.0"
