"""Symbolic execution of ordinary Python code over exact reals.

The function is run on proxy numbers whose comparisons fork. A completed exploration is a list of leaves,
each a path condition with the outcome there: a summary of the code that every property is then read from.

King, Symbolic Execution and Program Testing, CACM 19(7), 1976; Godefroid, Compositional Dynamic Test
Generation, POPL 2007 (function summaries); Dill, Timing Assumptions and Verification of Finite-State
Concurrent Systems, 1989 (difference bounds).
"""
