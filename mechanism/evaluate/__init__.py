"""What a rule computes, exactly on one instance and on many in arrays; and how it reads, in words and as LaTeX."""
