"""The jobs of a run: which there are, what one hands to the next, and whether all of it is a pass."""
