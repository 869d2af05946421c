"""Numbers worth trying on foreign code: those written in it, those given to it, and what lies around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

from mechanism.targets.place import is_file
from mechanism.targets.target import Target

MOST = 12


def boundaries(target: Target) -> list[Fraction]:
    """Numbers at which the code may behave differently, the smallest first; 0 and 1 among them.

    Read from the text of the target's file; nothing is imported.
    """
    constants = sorted({abs(c) for c in (*written(target), *given(target))} - {0})[:MOST]
    near: set[Fraction] = {Fraction(0), Fraction(1)}
    for c in constants:
        near |= {c, c + 1, c / 2}
        if c > 1:
            near.add(c - 1)
        near |= {c / d for d in constants if 1 < d <= 10 and c > 10 * d}
    return sorted(near)


def given(target: Target) -> Iterator[Fraction]:
    """The numbers among the parameters."""

    def flat(value: Any) -> Iterator[Fraction]:
        if isinstance(value, tuple):
            for part in value:
                yield from flat(part)
        elif isinstance(value, Fraction):
            yield value

    for _, value in target.parameters:
        yield from flat(value)


def written(target: Target) -> Iterator[Fraction]:
    """The numbers in the function itself, its defaults included, and in what its module defines at the top."""
    place, _, name = target.place.rpartition(":")
    if target.place.startswith("exec:") or not is_file(place):
        return
    with suppress(OSError, SyntaxError, ValueError):
        tree = ast.parse(Path(place).read_text("utf-8"))
        own = name.partition(".")[0]
        plain = [n for n in tree.body if isinstance(n, (ast.Assign, ast.AnnAssign))]
        named = [n for n in tree.body if getattr(n, "name", "") == own]
        for node in [*named, *plain]:
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and type(part.value) in (int, float):
                    yield Fraction(str(part.value))
