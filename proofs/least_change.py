"""The least change that meets linear constraints, or why none does: proposed in floats, proved in rationals.

HiGHS says which numbers change, which constraints bind and which have a price. Each of these is a system of
linear equations, solved exactly; that the change is feasible, that the prices are a bound, and that both come to
the same is then checked in rationals, whatever the floats were. Where that fails the dual simplex method
in rationals decides: no change costs nothing, so that it starts where nothing is changed, and ends at the
least change that meets all constraints or at a row that shows that none does (Lemke 1954, Farkas 1902).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from mechanism.errors import InputError
from mechanism.exact_solve import Row, solve

NONE = Fraction(0)
SMALL = (1e-9, 1e-15, 1e-22, 1e-30)  # what counts as 0 after each refinement
WIDE = Fraction(10**7)  # what is larger than that counts as so large
MOST = Fraction(10**8)  # a refinement enlarges what is left by at most that, more than before
ROWS = 3  # for each unknown so many equations are looked at
LARGEST = 50  # unknowns; with more the simplex method in rationals takes too long
PATIENT = 300  # pivots by the steepest row; then by the first, which cannot cycle


@dataclass(frozen=True)
class Least:
    """The least change, or why there is none.

    Parameters
    ----------
    change : list of Fraction or None
    prices : list of Fraction
        One for each constraint, not negative. With a change, ``|A' y| <= 1`` and ``-room y`` is the sum of what
        changes, so that none is less. Without, ``A' y = 0`` and ``room y < 0``.
    """

    change: list[Fraction] | None
    prices: list[Fraction]


def least_change(rows: Sequence[Row], room: Sequence[Fraction], size: int) -> Least:
    """The change c with the least sum of sizes and ``A c <= room``.

    Parameters
    ----------
    rows : sequence of mapping of int to Fraction
        The matrix A.
    room : sequence of Fraction
    size : int
        How many numbers may change.
    """
    if all(b >= 0 for b in room):
        return Least([NONE] * size, [NONE] * len(rows))
    floats = None
    with suppress(ImportError):
        floats = _Floats(rows, room, size)
    for small in SMALL:
        found = floats.refine(small) if floats else None
        if found is not None and proved(found, rows, room, size):
            return found
    if size > LARGEST:
        why = (
            "its numbers are badly scaled"
            if floats
            else "for so many items it needs scipy: pip install 'strategyproof[design]'"
        )
        raise InputError(f"the smallest repair could not be confirmed exactly; {why}")
    return simplex(rows, room, size)


def proved(found: Least, rows: Sequence[Row], room: Sequence[Fraction], size: int) -> bool:
    """Whether the prices prove the change least, or that there is none."""
    if any(y < 0 for y in found.prices):
        return False
    bound = -sum((y * b for y, b in zip(found.prices, room) if y), NONE)
    left = [NONE] * size
    for y, row in zip(found.prices, rows):
        for j, a in row.items() if y else ():
            left[j] += y * a
    if found.change is None:
        return bound > 0 and not any(left)
    if any(
        sum((a * found.change[j] for j, a in row.items()), NONE) > b for row, b in zip(rows, room)
    ):
        return False
    return all(abs(a) <= 1 for a in left) and bound == sum(map(abs, found.change), NONE)


class _Floats:
    """Solutions in floats, each of what the one before left open, enlarged (Gleixner, Steffy, Wolter 2012).

    Numbers are in units of the largest violation. Columns are the rises, and then the falls.
    """

    def __init__(self, rows: Sequence[Row], room: Sequence[Fraction], size: int) -> None:
        from scipy import sparse

        self.rows, self.size = rows, size
        self.unit = -min(room)
        self.room = [b / self.unit for b in room]
        self.columns: list[list[tuple[int, Fraction]]] = [[] for _ in range(size)]
        for n, row in enumerate(rows):
            for j, a in row.items():
                self.columns[j].append((n, a))
        cells = [(n, j, float(a)) for n, row in enumerate(rows) for j, a in row.items()]
        places = np.array([(n, j) for n, j, _ in cells]).T
        values = np.array([a for _, _, a in cells])
        self.matrix = sparse.csr_array((values, places), shape=(len(rows), size))
        self.both = sparse.hstack([self.matrix, -self.matrix], format="csr")
        self.moves = [NONE] * (2 * size)
        self.prices = np.zeros(len(rows))
        self.near = Fraction(1)

    def refine(self, small: float) -> Least | None:
        """Come closer, and take what is smaller than that for 0; None where that cannot be solved."""
        from scipy.optimize import linprog

        change = [up - down for up, down in zip(self.moves, self.moves[self.size :])]
        spare = [b - _times(row, change) for row, b in zip(self.rows, self.room)]
        if any(self.moves):  # not the first time
            worst = -min(*spare, *self.moves)
            self.near = min(1 / worst, self.near * MOST) if worst > 0 else self.near * MOST
        limits, least = _cut(spare, self.near), -_cut(self.moves, self.near)
        found = linprog(
            np.ones(len(least)),
            self.both,
            limits,
            bounds=[(x, None) for x in least],
            method="highs",
        )
        if found.status == 2:
            return self._refusal(limits)
        if found.status != 0:
            return None
        self.moves = [x + Fraction(z) / self.near for x, z in zip(self.moves, found.x)]
        self.prices = -found.ineqlin.marginals
        return self._change(Fraction(small))

    def _change(self, small: Fraction) -> Least | None:
        """What moves, what binds and what has a price as equations, solved."""
        change = [up - down for up, down in zip(self.moves, self.moves[self.size :])]
        moved = [j for j, c in enumerate(change) if abs(c) > small]
        priced = np.flatnonzero(self.prices > SMALL[0]).tolist()
        # Constraints with a price bind; others that bind as well are equations if those are too few.
        binding = [n for n, (row, b) in enumerate(zip(self.rows, self.room))
                   if self.prices[n] <= SMALL[0] and abs(b - _times(row, change)) <= small]  # fmt: skip
        some = _part([(self.rows[n], self.room[n]) for n in [*priced, *binding[: ROWS * len(moved)]]], moved)  # fmt: skip
        slopes = self.matrix.T @ self.prices
        tight = np.flatnonzero(np.abs(slopes) > 1 - SMALL[0]).tolist()
        asked = [(dict(self.columns[j]), Fraction(round(float(slopes[j])))) for j in tight]
        paid = _part(asked, priced)
        if some is None or paid is None:
            return None
        return Least([c * self.unit for c in _spread(some, moved, self.size)], _spread(paid, priced, len(self.rows)))  # fmt: skip

    def _refusal(self, limits: np.ndarray) -> Least | None:
        """Multipliers of constraints that conflict."""
        from scipy.optimize import linprog

        ones = np.ones((1, len(limits)))
        found = linprog(limits, ones, [1.0], self.matrix.T, np.zeros(self.size), method="highs")
        if found.status != 0:
            return None
        used = np.flatnonzero(found.x > SMALL[0]).tolist()
        sums: list[tuple[Row, Fraction]] = [(dict.fromkeys(used, Fraction(1)), Fraction(1))]
        prices = _part([*sums, *((dict(column), NONE) for column in self.columns)], used)
        return None if prices is None else Least(None, _spread(prices, used, len(self.rows)))


def _times(row: Row, change: Sequence[Fraction]) -> Fraction:
    return sum((a * change[j] for j, a in row.items() if change[j]), NONE)


def _cut(numbers: Sequence[Fraction], times: Fraction) -> np.ndarray:
    return np.array([float(min(x * times, WIDE)) for x in numbers])


def _part(equations: Sequence[tuple[Row, Fraction]], unknowns: Sequence[int]) -> list[Fraction] | None:  # fmt: skip
    """The solution of equations in some of the unknowns, the others being 0."""
    place = {j: k for k, j in enumerate(unknowns)}
    rows = [{place[j]: a for j, a in row.items() if j in place} for row, _ in equations]
    kept = [n for n, (row, (_, b)) in enumerate(zip(rows, equations)) if row or b]
    return solve([rows[n] for n in kept], [equations[n][1] for n in kept], len(unknowns))


def _spread(values: Sequence[Fraction], places: Sequence[int], size: int) -> list[Fraction]:
    whole = [NONE] * size
    for value, place in zip(values, places):
        whole[place] = value
    return whole


def simplex(rows: Sequence[Row], room: Sequence[Fraction], size: int) -> Least:
    """The dual simplex method in rationals.

    Columns are the rises, the falls, and the slack of each row, in this order.
    """
    count = len(rows)
    table = [
        [*(row.get(j, NONE) for j in range(size)), *(-row.get(j, NONE) for j in range(size)),
         *(Fraction(k == n) for k in range(count)), b]
        for n, (row, b) in enumerate(zip(rows, room))
    ]  # fmt: skip
    costs = [Fraction(1)] * (2 * size) + [NONE] * count
    basis = [2 * size + n for n in range(count)]
    pivots = 0
    while any(row[-1] < 0 for row in table):
        short = [n for n in range(count) if table[n][-1] < 0]
        leaving = min(short, key=lambda n: (table[n][-1], n) if pivots < PATIENT else (basis[n], n))
        row = table[leaving]
        candidates = [c for c in range(len(costs)) if row[c] < 0]
        if not candidates:
            return Least(None, row[2 * size : -1])
        entering = min(candidates, key=lambda c: (costs[c] / -row[c], c))
        _pivot(table, costs, leaving, entering)
        basis[leaving] = entering
        pivots += 1
    change = [NONE] * size
    for n, column in enumerate(basis):
        if column < 2 * size:
            change[column % size] += table[n][-1] if column < size else -table[n][-1]
    return Least(change, costs[2 * size :])


def _pivot(table: list[list[Fraction]], costs: list[Fraction], at: int, column: int) -> None:
    lead = table[at][column]
    table[at] = row = [a / lead for a in table[at]]
    used = [c for c, a in enumerate(row) if a]
    for n, other in enumerate(table):
        if n != at and (factor := other[column]):
            for c in used:
                other[c] -= factor * row[c]
    if factor := costs[column]:
        for c in used:
            if c < len(costs):
                costs[c] -= factor * row[c]
