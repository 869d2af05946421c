"""The numbers that occur in code: where a search should look closely."""

from __future__ import annotations

import ast
from fractions import Fraction
from math import isfinite

from proofs.engines.paths.forms import simplest


def constants(source: str) -> set[Fraction]:
    """Every finite number that is written in a source text; empty where it does not parse.

    Examples
    --------
    >>> sorted(constants("price = 0.1 if bid > -3 else 170001"))
    [Fraction(-3, 1), Fraction(1, 10), Fraction(3, 1), Fraction(170001, 1)]
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    found: set[Fraction] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and _number(node.value):
            found.add(
                Fraction(simplest(float(node.value)))
                if isinstance(node.value, float)
                else Fraction(node.value)
            )
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = node.operand
            if isinstance(inner, ast.Constant) and _number(inner.value):
                found.add(-Fraction(simplest(float(inner.value))))
    return found


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
