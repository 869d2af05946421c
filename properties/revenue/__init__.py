"""What the mechanism brings in."""
