"""The engine of a process: Polars' streaming engine. Imported in child processes only."""
