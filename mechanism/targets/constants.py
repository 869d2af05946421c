"""What the text of foreign code tells: numbers worth trying on it, and whether it draws any at random."""

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

FRACTIONS = tuple(
    Fraction(n, d) for n, d in ((0, 1), (1, 3), (1, 2), (2, 3), (1, 1), (1, 10), (7, 10), (3, 2))
)
CENTS = tuple(Fraction(n, 1000) for n in (0, 1, 5, 6, 10, 20))  # rounding to cents changes them
TEXTUAL = (9, 10, 99, 100, 1000)  # compare otherwise as text

# Where single precision, 32 bits and doubles end, and what limits are written as; each for itself, so that
# numbers that are near each other meet. Doubles tell all of them apart, and add them without an error.
LARGE: tuple[tuple[int, ...], ...] = (
    (0, 1, *(10**k for k in range(1, 10))),
    (0, *(2**24 + d for d in (-1, 0, 1, 2))),
    (0, *(2**31 + d for d in (-1, 0, 1))),
    (0, *(2**53 + d * 2**24 for d in (-1, 0, 1))),
)
LOST = Fraction(1, 10**9)  # of the largest number: less is what computing in doubles may lose


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


def imports_random(target: Target) -> bool:
    """Whether the file imports random numbers that a seed governs, those of Python or of numpy."""
    place = target.place.rpartition(":")[0]
    if target.place.startswith("exec:") or not is_file(place):
        return False
    with suppress(OSError, SyntaxError, ValueError):
        for node in ast.walk(ast.parse(Path(place).read_text("utf-8"))):
            match node:
                case ast.Import(names=names):
                    if {n.name for n in names} & {"random", "numpy.random"}:
                        return True
                case ast.ImportFrom(module="random" | "numpy.random"):
                    return True
                case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"):
                    return True
    return False
