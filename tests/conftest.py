"""Hypothesis profiles: the same examples on every run, unless asked otherwise."""

import os
import shutil
import sys

import pytest
from hypothesis import settings

settings.register_profile("dev", derandomize=True, deadline=None)
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=300, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(autouse=True)
def _nothing_left_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """An option in a text that Z3 reads holds for the whole process; an audit has one for each question.

    The other two are what this run was called with, and would steer the programs that tests start.
    """
    if "z3" in sys.modules:
        sys.modules["z3"].reset_params()
    for name in ("COLUMNS", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What stands for the words in braces in tests/implementations/truth.toml."""
    for needed in ("cc", "node"):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed")
    from implementation_rows import compiled

    return compiled(tmp_path_factory.mktemp("programs"))
