"""What people see of the data gate: what failed, a row per column, pictures of drift, suggestions."""
