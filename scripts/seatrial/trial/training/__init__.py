"""The training gate on a checkout: the consumer's training, run and looked at."""
