"""Outcomes that are possible, and those that are best."""
