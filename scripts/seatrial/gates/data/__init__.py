"""The data gate: what the policy asks of the rows, and what became of it. Pure."""
