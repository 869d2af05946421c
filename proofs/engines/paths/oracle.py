"""Z3, asked for what the difference-bound matrix cannot decide.

One solver is kept in step with the path: its stack shares the atoms that neighbouring paths share.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import z3

from proofs.engines.paths.atoms import AT_MOST, EQUAL, LESS, Atom
from proofs.engines.paths.forms import Form

RLIMIT = 400_000  # for each check; what is unknown then counts as possible


class Oracle:
    """Decides conjunctions of atoms."""

    def __init__(self) -> None:
        self.solver = z3.Solver()
        self.solver.set("rlimit", RLIMIT)
        self.stack: list[Atom] = []
        self.integers: frozenset[int] = frozenset()
        self.checks = self.unknown = 0
        self._variables: dict[int, Any] = {}
        self._terms: dict[Any, Any] = {}

    def contradictory(self, atoms: Sequence[Atom], integers: frozenset[int]) -> bool:
        """Whether no point satisfies them all. What Z3 does not know is possible."""
        self._follow(atoms, integers)
        self.checks += 1
        status = self.solver.check()
        self.unknown += status == z3.unknown
        return bool(status == z3.unsat)

    def point(
        self, atoms: Sequence[Atom], integers: frozenset[int], variables: int
    ) -> dict[int, Fraction] | None:
        """Values that satisfy all atoms, or None where none is known or they are not rational."""
        self._follow(atoms, integers)
        self.checks += 1
        if self.solver.check() != z3.sat:
            return None
        model = self.solver.model()
        found = {}
        for variable in range(variables):
            value = model.eval(self.variable(variable), model_completion=True)
            if not z3.is_rational_value(value):
                return None
            found[variable] = value.as_fraction()
        return found

    def covers(self, base: Sequence[Atom], leaves: Sequence[Sequence[Atom]]) -> bool | None:
        """Whether every point of the base lies in a leaf; None if Z3 does not say."""
        solver = z3.Solver()
        solver.set("rlimit", 20 * RLIMIT)
        solver.add(*(self.term(a) for a in base))
        for leaf in leaves:
            solver.add(z3.Not(z3.And(*(self.term(a) for a in leaf))))
        status = solver.check()
        return None if status == z3.unknown else bool(status == z3.unsat)

    def variable(self, variable: int) -> Any:
        if variable not in self._variables:
            name = f"x{variable}"
            whole = variable in self.integers
            self._variables[variable] = z3.ToReal(z3.Int(name)) if whole else z3.Real(name)
        return self._variables[variable]

    def term(self, atom: Atom) -> Any:
        if atom.key not in self._terms:
            self._terms[atom.key] = constraint(atom.sign, polynomial(atom.form, self.variable))
        return self._terms[atom.key]

    def _follow(self, atoms: Sequence[Atom], integers: frozenset[int]) -> None:
        if integers != self.integers:  # a number may stand for another auxiliary variable now
            self.integers, self._variables, self._terms = integers, {}, {}
            self.solver.reset()
            self.stack = []
        shared = 0
        for mine, theirs in zip(self.stack, atoms):
            if mine is not theirs:
                break
            shared += 1
        if shared < len(self.stack):
            self.solver.pop(len(self.stack) - shared)
            del self.stack[shared:]
        for atom in atoms[shared:]:
            self.solver.push()
            self.solver.add(self.term(atom))
            self.stack.append(atom)


def polynomial(form: Form, of: Any) -> Any:
    """A form as a Z3 term, or a Fraction where it is constant; `of` gives the term of a variable."""
    if not form.terms:
        return Fraction(form.const)
    parts = []
    for monomial, coefficient in form.terms:
        part = of(monomial[0])
        for variable in monomial[1:]:
            part = part * of(variable)
        if coefficient == -1:
            part = -part
        elif coefficient != 1:
            part = numeral(coefficient) * part
        parts.append(part)
    if form.const:
        parts.append(numeral(form.const))
    return parts[0] if len(parts) == 1 else z3.Sum(*parts)


def constraint(sign: str, term: Any) -> Any:
    """``term sign 0``."""
    if sign == LESS:
        return term < 0
    if sign == AT_MOST:
        return term <= 0
    return term == 0 if sign == EQUAL else term != 0


def numeral(value: Any) -> Any:
    """An exact number as a Z3 real."""
    return z3.RealVal(str(value))
