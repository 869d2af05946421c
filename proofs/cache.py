"""The proof cache: findings by the hash of what was asked. Safe to delete.

The key covers the obligation's text, the options, the versions of the solver and of this toolkit. It
lives in ``$STRATEGYPROOF_CACHE``, else in the user's cache folder; ``--no-cache`` leaves it alone. An
entry that cannot be read is ignored, one that cannot be written is not kept: neither changes a verdict.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import sympy as sp

from mechanism.language import Procedure
from mechanism.rule import Rule
from properties.check import families
from properties.property import Obligation


def folder() -> Path:
    """Where the entries are."""
    if given := os.environ.get("STRATEGYPROOF_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "strategyproof"


def key(obligation: Obligation, options: Any) -> str:
    """The hash of everything a finding depends on."""
    rule = obligation.rule
    parts = [
        toolkit(), repr(options), rule.id, rule.ties, str(rule.min_agents), repr(dict(rule.sizes)),
        repr(sorted(rule.given.items())), obligation.property.id,
        *(repr(w) for w in obligation.property.worlds),
        *(f"{f.name} {f.kind} {f.over} {f.domain!r}" for f in families(obligation)),
        *(_text(e) for e in _expressions(rule)),
        *(_text(e) for e in (*obligation.premises, obligation.margin, obligation.violation)),
    ]  # fmt: skip
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _expressions(rule: Rule) -> list[Any]:
    return [rule.allocation, rule.payment, rule.admissible, *rule.assumptions]


def _text(expr: Any) -> str:
    """The expression, with what its procedures are made of."""
    whole = [expr, *(p.args for p in sorted(expr.atoms(Procedure), key=str))]
    return " ".join(sp.sstr(part, order="lex") for part in whole)


@cache
def toolkit() -> str:
    """What decides: the solver's version and the text of this toolkit."""
    import z3

    digest = hashlib.sha256(z3.get_full_version().encode())
    for package in ("mechanism", "properties", "proofs"):
        root = Path(import_module(package).__file__ or "").parent
        for path in sorted(root.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def load(entry: str) -> Any:
    """The stored value, or None."""
    try:
        return json.loads((folder() / entry[:2] / entry).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def store(entry: str, value: Any) -> None:
    """Keep a value; whole or not at all."""
    target = folder() / entry[:2] / entry
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file)
        os.replace(name, target)
