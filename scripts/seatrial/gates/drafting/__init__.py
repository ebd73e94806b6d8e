"""A policy drafted from what was measured of the data, and widened where they have changed. Pure."""
