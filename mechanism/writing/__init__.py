"""A rule written out for people: in words, as LaTeX, and as Python."""
