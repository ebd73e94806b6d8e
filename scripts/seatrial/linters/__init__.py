"""What is wrong with the files of a repository: pure functions from bytes to findings."""
