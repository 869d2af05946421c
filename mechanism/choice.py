"""Named choices: alternatives in how a rule is written, where its source leaves more than one open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from mechanism.errors import InputError


@dataclass(frozen=True)
class Choice:
    """One choice.

    Parameters
    ----------
    name : str
        Given like a parameter: ``with_parameters(closure="keep-open")``.
    options : mapping of str to str
        What each option says; the first is the default.

    Examples
    --------
    >>> Choice("price", {"own-bid": "its own bid", "nothing": "no price"}).default
    'own-bid'
    """

    name: str
    options: Mapping[str, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "options", MappingProxyType(dict(self.options)))

    def __reduce__(self) -> tuple:
        return Choice, (self.name, dict(self.options))

    @property
    def default(self) -> str:
        return next(iter(self.options))

    def check(self, option: Any) -> str:
        """The option, if there is such a one.

        Raises
        ------
        InputError
            Naming the options.
        """
        if option not in self.options:
            raise InputError(f"{self.name} must be {' or '.join(self.options)}, not {option!r}")
        return option
