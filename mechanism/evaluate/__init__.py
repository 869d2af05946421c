"""What a rule computes, exactly on one instance and on many in arrays."""
