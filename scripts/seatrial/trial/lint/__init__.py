"""The lint gate on a checkout: the built-in checks, and the consumer's commands."""
