"""Signs that are not ASCII, for terminals and files that take no more than that."""

from __future__ import annotations

import codecs

SPELL = "spell"  # how an encoder is told to write them otherwise
SIGNS = {"≠": "!=", "≥": ">=", "≤": "<=", "⁻¹": "^-1", "·": "*", "…": "..."}


def plain(text: str) -> str:
    """The text as such a terminal shows it.

    Examples
    --------
    >>> plain("k ≠ 2")
    'k != 2'
    """
    return text.encode("ascii", SPELL).decode("ascii")


def _spell(error: UnicodeError) -> tuple[str, int]:
    """What to write for a character that the output cannot hold."""
    assert isinstance(error, UnicodeEncodeError)
    for sign, told in SIGNS.items():
        if error.object.startswith(sign, error.start):
            return told, error.start + len(sign)
    return "?", error.start + 1


codecs.register_error(SPELL, _spell)
