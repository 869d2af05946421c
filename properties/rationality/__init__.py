"""Whether taking part is worth it, and payments within bids."""
