"""Text of a proxy: a token that is known, so that a number read back from it is the proxy again.

What the text says is made up. A leaf is replayed with texts of another form; only if nothing changes is
the text harmless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofs.engines.paths.control import running

if TYPE_CHECKING:
    from proofs.engines.paths.proxy import Proxy

# A word; a long decimal; a whole number.
_FORMS = ("<R{}>", "9{:03d}.2599", "8{:03d}")
ALPHABETS = len(_FORMS)


def token(value: Proxy) -> str:
    """The text of a proxy on this path."""
    path = running()
    path.note("text")
    for text, known in path.tokens.items():
        if known.terms == value.terms and known.const == value.const:
            return text
    text = _FORMS[path.alphabet].format(len(path.tokens))
    path.tokens[text] = value
    return text


def read(text: Any) -> Any:
    """The proxy that a text stands for, or None."""
    return running().tokens.get(text.strip()) if isinstance(text, str) else None
