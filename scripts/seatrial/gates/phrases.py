"""Sentences that a gate and those who bring its rows both say, had without the gate's statistics."""

NO_BASELINE = "there is no baseline to compare with"
