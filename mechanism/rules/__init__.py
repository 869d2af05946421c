"""The catalogue: one auction in each file."""
