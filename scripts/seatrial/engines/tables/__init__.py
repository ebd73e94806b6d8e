"""Tables in memory for the evaluation gate: files read whole, and the join of predictions to data."""
