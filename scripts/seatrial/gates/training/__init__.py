"""The training gate: what a training command did, and what it left, against what the policy accepts."""
