"""The lint gate: what linters found and how commands ended, as checks."""
