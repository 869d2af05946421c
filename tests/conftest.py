"""Hypothesis profiles: the same examples on every run, unless asked otherwise."""

import os

from hypothesis import settings

settings.register_profile("dev", derandomize=True, deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=300, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")
