"""The evaluation gate on files: where predictions come from, and what joins them to the data."""
