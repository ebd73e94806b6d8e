"""Gates whose checks are stated, not measured with an interval: lint and training."""
