"""What is asked of data, as expressions that every engine runs. Imported in child processes only."""
