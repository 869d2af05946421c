"""Formulas as text, for menus in JSON: arithmetic and a few names, and nothing that could run code."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.language import exact

_BINARY = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}
FUNCTIONS = {"max": sp.Max, "min": sp.Min, "abs": sp.Abs, "log": sp.log, "sqrt": sp.sqrt, "exp": sp.exp}  # fmt: skip
LONGEST, HIGHEST_POWER = 2000, 20


def parse(text: Any, names: Mapping[str, Any], where: str) -> Any:
    """The sympy expression of a formula; numbers in it are exact.

    Parameters
    ----------
    text : str, int, Fraction or sympy expression
    names : mapping of str to sympy expression
        What the names in it stand for.
    where : str
        Named in errors.

    Raises
    ------
    InputError
        For anything but numbers, known names, ``+ - * / **`` and a few functions.

    Examples
    --------
    >>> q = sp.Symbol("q")
    >>> parse("0.1*q**2 + q/3", {"q": q}, "cost")
    q**2/10 + q/3
    """
    if isinstance(text, sp.Basic):
        return text
    if not isinstance(text, str):
        number = exact(text, where)
        return sp.Rational(number.numerator, number.denominator)
    if len(text) > LONGEST:
        raise InputError(f"{where}: the formula is longer than {LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InputError(f"{where}: '{text}' is not a formula") from error
    value = _Reader(text, names, where).read(tree.body)
    if value.has(sp.nan, sp.zoo, sp.oo):
        raise InputError(f"{where}: '{text}' divides by zero")
    return value


class _Reader:
    def __init__(self, text: str, names: Mapping[str, Any], where: str) -> None:
        self.text, self.names, self.where = text, names, where

    def read(self, node: Any) -> Any:
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            # The digits as they are written: 0.1 is one tenth.
            number = exact(ast.get_source_segment(self.text.strip(), node) or "", self.where)
            return sp.Rational(number.numerator, number.denominator)
        if isinstance(node, ast.Name):
            if node.id in self.names:
                return self.names[node.id]
            if not self.names:
                raise InputError(
                    f"{self.where}: '{node.id}' is not a number; write 3, '3/7' or '0.1'"
                )
            raise InputError(f"{self.where}: '{node.id}' is not known; the names are {', '.join(sorted(self.names))}")  # fmt: skip
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            value = self.read(node.operand)
            return -value if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
            left, right = self.read(node.left), self.read(node.right)
            if isinstance(node.op, ast.Pow) and not (
                right.is_Rational and abs(right) <= HIGHEST_POWER
            ):
                raise InputError(
                    f"{self.where}: an exponent must be a number up to {HIGHEST_POWER}, not {right}"
                )
            return _BINARY[type(node.op)](left, right)
        called = getattr(getattr(node, "func", None), "id", "")
        if isinstance(node, ast.Call) and called in FUNCTIONS and node.args and not node.keywords:
            return FUNCTIONS[called](*map(self.read, node.args))
        raise InputError(
            f"{self.where}: '{self.text}' may hold numbers, names, + - * / ** and "
            f"{', '.join(FUNCTIONS)} only"
        )
