"""What a path has assumed so far: a closed difference-bound matrix, and Z3 for everything else.

``D[i][j] = (c, 1)`` says that x_i - x_j <= c, ``(c, 0)`` that it is less. The matrix is kept closed, so
that a comparison of two reports is decided by one look. Disequalities are kept apart: a convex set is
covered by finitely many hyperplanes only if it lies in one of them, so that they are infeasible only if
one of the equalities is implied (Lassez, McAloon, A canonical form for generalized linear constraints,
J. Symbolic Computation 13, 1992).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from proofs.engines.paths.atoms import AT_MOST, EQUAL, LESS, UNEQUAL, Atom
from proofs.engines.paths.forms import whole
from proofs.engines.paths.oracle import Oracle

Bound = tuple[Any, int]
_ZERO: Bound = (0, 1)


class State:
    """A conjunction of atoms, closed as far as it is about differences.

    Parameters
    ----------
    variables : int
        How many there are to begin with.
    oracle : Oracle
        Decides what the matrix cannot.
    """

    def __init__(self, variables: int, oracle: Oracle) -> None:
        self.oracle = oracle
        size = variables + 1
        self.matrix: list[list[Bound | None]] = [
            [_ZERO if i == j else None for j in range(size)] for i in range(size)
        ]
        self.unequal: list[tuple[int, int, Any]] = []
        self.atoms: list[Atom] = []
        self.known: dict[Any, bool] = {}
        self.general = False  # whether the matrix does not say everything
        self.integers: frozenset[int] = frozenset()

    def copy(self) -> State:
        other = State.__new__(State)
        other.oracle, other.general, other.integers = self.oracle, self.general, self.integers
        other.matrix = [row[:] for row in self.matrix]
        other.unequal, other.atoms = self.unequal[:], self.atoms[:]
        other.known = dict(self.known)
        return other

    # --- questions -----------------------------------------------------------------------------

    def implied(self, atom: Atom) -> bool | None:
        """True or False where the state decides the atom without a solver."""
        found = self.known.get(atom.key)
        if found is not None or atom.difference is None:
            return found
        i, j, c = atom.difference
        size = len(self.matrix)
        if i >= size or j >= size:
            return None
        if atom.sign in (LESS, AT_MOST):
            weak = atom.sign == AT_MOST
            if _within(self.matrix[i][j], (c, 1 if weak else 0)):
                return True
            return False if _within(self.matrix[j][i], (-c, 0 if weak else 1)) else None
        at_most, at_least = self.matrix[i][j], self.matrix[j][i]
        equal = None
        if _within(at_most, (c, 1)) and _within(at_least, (-c, 1)):
            equal = True
        elif (
            _within(at_most, (c, 0))
            or _within(at_least, (-c, 0))
            or (i, j, c) in self.unequal
            or (j, i, -c) in self.unequal
        ):
            equal = False
        return equal if equal is None or atom.sign == EQUAL else not equal

    def feasible(self, atoms: Iterable[Atom]) -> State | None:
        """The state with more atoms, or None where there is no such point."""
        state = self.copy()
        for atom in atoms:
            if not state.assume(atom):
                return None
        if state.general and state.oracle.contradictory(state.atoms, state.integers):
            return None
        return state

    # --- changes -------------------------------------------------------------------------------

    def assume(self, atom: Atom) -> bool:
        """Add an atom; False where the matrix shows that none is left."""
        decided = self.implied(atom)
        if decided is not None:
            return decided
        self.atoms.append(atom)
        self.learn(atom, True)
        if atom.difference is None:
            self.general = True
            return True
        i, j, c = atom.difference
        self._grow(max(i, j) + 1)
        if atom.sign == UNEQUAL:
            self.unequal.append((i, j, c))
            self._sharpen()
            return True
        self._tighten(i, j, (c, 0 if atom.sign == LESS else 1))
        if atom.sign == EQUAL:
            self._tighten(j, i, (-c, 1))
        return self._sharpen()

    def declare(self, variable: int, integer: bool) -> None:
        """There is an auxiliary variable: what is said of it is for the solver."""
        self.general = True
        if integer:
            self.integers |= {variable}

    def learn(self, atom: Atom, truth: bool) -> None:
        """Remember what was decided about an atom."""
        self.known[atom.key] = truth
        self.known[atom.negation.key] = not truth

    def _grow(self, size: int) -> None:
        for row in self.matrix:
            row.extend([None] * (size - len(row)))
        while len(self.matrix) < size:
            row = [None] * size
            row[len(self.matrix)] = _ZERO
            self.matrix.append(row)

    def _tighten(self, i: int, j: int, bound: Bound) -> None:
        matrix = self.matrix
        c, weak = bound
        into = [(row, row[i]) for row in matrix if row[i] is not None]
        out = [(n, cell) for n, cell in enumerate(matrix[j]) if cell is not None]
        for row, (a, s) in into:  # type: ignore[misc]
            a, s = a + c, s & weak
            for n, (b, t) in out:
                candidate = (a + b, s & t)
                old = row[n]
                if old is None or candidate < old:
                    row[n] = candidate

    def _sharpen(self) -> bool:
        """Disequalities at a closed bound make it strict; False where an equality is forced."""
        again = True
        while again:
            again = False
            for i, j, c in self.unequal:
                upper, lower = self.matrix[i][j] == (c, 1), self.matrix[j][i] == (-c, 1)
                if upper and lower:
                    return False
                if upper:
                    self._tighten(i, j, (c, 0))
                    again = True
                if lower:
                    self._tighten(j, i, (-c, 0))
                    again = True
        return True

    # --- points --------------------------------------------------------------------------------

    def point(self, variables: int) -> dict[int, Any] | None:
        """A point of the interior, where all atoms are about differences; else what Z3 gives."""
        if self.general:
            return self.oracle.point(self.atoms, self.integers, variables)
        for shift in (Fraction(1, 2), Fraction(1, 3), Fraction(2, 7), Fraction(5, 11)):
            found = self._pick(variables, shift)
            if found is not None:
                return found
        return self.oracle.point(self.atoms, self.integers, variables)

    def _pick(self, variables: int, shift: Fraction) -> dict[int, Any] | None:
        state, chosen = self.copy(), {}
        state._grow(variables + 1)
        for variable in range(variables):
            place = variable + 1
            upper, lower = state.matrix[place][0], state.matrix[0][place]
            low = None if lower is None else -lower[0]
            high = None if upper is None else upper[0]
            value = _inside(low, high, shift)
            chosen[variable] = value
            state._tighten(place, 0, (value, 1))
            state._tighten(0, place, (-value, 1))
        return chosen if all(a.holds(chosen) for a in self.atoms) else None


def _inside(low: Any, high: Any, shift: Fraction) -> Any:
    """A number strictly between, where there is room; whole while that is easy."""
    if low is None and high is None:
        return 0
    if high is None:
        return low + whole(128 * shift)
    if low is None:
        return high - whole(128 * shift)
    gap = high - low
    if isinstance(gap, int) and isinstance(low, int) and gap > 3:
        return low + int(gap * shift)
    return whole(low + gap * shift)


def _within(known: Bound | None, asked: Bound) -> bool:
    return known is not None and known <= asked
