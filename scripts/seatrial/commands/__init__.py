"""The consumer's commands: parsed, run under limits, and ended with all their descendants."""
