"""Code that takes many profiles at once: an array with a row for each, and results with an entry for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mechanism.targets.forms import MANY_ROWS, ONE_ROW
from mechanism.targets.reader import Unreadable
from mechanism.targets.values import sequence_of

if TYPE_CHECKING:
    from mechanism.targets.callee import Callee

LARGEST = 256  # rows in one call


def row_of(result: Any, row: int, rows: int) -> Any:
    """The part of a result that belongs to a row.

    Raises
    ------
    Unreadable
        Where it has not an entry for each row.
    """
    if isinstance(result, dict):
        return {name: row_of(part, row, rows) for name, part in result.items()}
    if isinstance(result, tuple):
        parts = [row_of(part, row, rows) for part in result]
        return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)
    entries = sequence_of(result)
    if entries is None or len(entries) != rows:
        raise Unreadable(f"{result!r} has not an entry for each of {rows} rows")
    return entries[row]


def single(style: str | None, result: Any) -> Any:
    """The result of one profile, which may be a row of a batch."""
    return row_of(result, 0, 1) if style in (MANY_ROWS, ONE_ROW) else result


def batches(requests: Sequence[tuple]) -> Iterator[list[tuple]]:
    """Requests that follow each other and are of one size."""
    made: list[tuple] = []
    for reports in requests:
        if made and (len(made) >= LARGEST or len(reports) != len(made[0])):
            yield made
            made = []
        made.append(reports)
    if made:
        yield made


def stacked(
    callee: Callee, call: Callable[..., Any], requests: list[tuple], style: str, numbers: str
) -> list[Any]:
    """The results of profiles of one size, called together."""
    import numpy as np

    prepared = [callee.prepared(reports, style, numbers) for reports in requests]
    args, keywords, _ = prepared[0]
    places = [n for n, a in enumerate(args) if isinstance(a, np.ndarray) and a.ndim == 2]
    names = [k for k, a in keywords.items() if isinstance(a, np.ndarray) and a.ndim == 2]
    for n in places:
        args[n] = np.concatenate([p[0][n] for p in prepared])
    for name in names:
        keywords[name] = np.concatenate([p[1][name] for p in prepared])
    result = call(callee.function, *args, **keywords)
    return [row_of(result, row, len(requests)) for row in range(len(requests))]
