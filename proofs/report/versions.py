"""Which versions an answer was found with."""

from __future__ import annotations

import platform
from importlib import metadata

NEEDED = ("click", "hypothesis", "numpy", "rich", "sympy", "z3-solver")
OPTIONAL = ("matplotlib", "scipy")


def version_of(distribution: str) -> str | None:
    """The installed version of a distribution, or None."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def own_version() -> str:
    """The version of this project; a checkout that is not installed does not know it."""
    return version_of("strategyproof") or "not installed"


def versions() -> dict[str, str]:
    """The versions that can change an answer."""
    found = {"strategyproof": own_version(), "python": platform.python_version()}
    return found | {
        name: version_of(name) or "not installed" for name in ("sympy", "z3-solver", "numpy")
    }
