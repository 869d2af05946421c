"""The engines: each takes a question, and proves, refutes or searches."""
