"""Counterexamples of foreign code as a plain pytest file."""
