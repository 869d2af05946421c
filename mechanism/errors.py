"""The errors a user can meet, all under one base class.

Every message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class StrategyproofError(Exception):
    """Base class of every error that is the input's fault, never the toolkit's."""


class InputError(StrategyproofError):
    """A value given by the user cannot be taken: a bid, a size, a parameter, a file."""


class RuleError(StrategyproofError):
    """A rule is not well formed: a float, a free index, a missing part."""


class NoValue(RuleError):
    """A rule has no value on a profile: a division by zero, no case that applies, nobody to look up."""


class NoOutcome(RuleError):
    """A procedure has no outcome on a profile: it fails, refuses, or does not end."""


class MissingExtra(StrategyproofError):
    """An optional library is needed and not installed."""


class UnknownId(InputError):
    """An identifier that the registry does not hold.

    Parameters
    ----------
    kind : str
        What was looked up, for example ``"rule"``.
    name : str
        The identifier that was given.
    known : iterable of str
        The identifiers that exist; the nearest are suggested.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name = kind, name
        near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "see `strategyproof list`"
        super().__init__(f"unknown {kind} '{name}': {hint}")
