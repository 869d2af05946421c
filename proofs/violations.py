"""All violations of one size in one formula, and the way down to the smallest."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import z3

from mechanism.instance import Instance
from mechanism.language import Index
from proofs.engines.engine import Budget
from proofs.lowering.obligation import Lowered, instance_of, lower, role_choices
from proofs.lowering.pivots import forms
from proofs.lowering.symmetry import in_order
from proofs.lowering.terms import number
from proofs.solver import Room
from properties.property import Obligation

MAX_NUMERATOR = 64
PATIENCE = 5  # to rule out what is smaller takes longer than to find something


class Violations:
    """One number of agents and one set of sizes: all choices of roles in one formula, unless some are given."""

    def __init__(
        self,
        obligation: Obligation,
        sizes: dict[str, int],
        budget: Budget,
        deadline: float,
        relaxed: bool = False,
        choices: Sequence[Mapping[Index, int]] | None = None,
    ) -> None:
        self.obligation, self.sizes = obligation, sizes
        self.budget, self.deadline = budget, deadline
        self.options: list[Lowered] = []
        # Relaxed: with ties left open all agents are alike, few choices of roles stand for all, and the
        # others can be put in order. That covers more than there is, so it serves to rule out.
        ties = "free" if relaxed else None
        if relaxed:
            *_, obligation = (obligation, *forms(obligation))
        every = role_choices(obligation, sizes["agent"], canonical=relaxed)
        for roles in () if relaxed and not obligation.rule.exchangeable else choices or every:
            lowered = lower(obligation, sizes, roles, ties, beside=next(iter(self.options), None))
            if lowered is not None:
                self.options.append(lowered)
        self.picks = [z3.Bool(f"roles!{n}") for n in range(len(self.options))]
        self.base = [z3.Or(*self.picks)] if self.picks else [z3.BoolVal(False)]
        for pick, lowered in zip(self.picks, self.options, strict=True):
            alike = in_order(lowered) if relaxed else ()
            self.base.append(z3.Implies(pick, z3.And(*lowered.assertions, *alike)))
        self.relaxed: Violations | None = (
            None  # asked first, where a question treats all agents alike
        )
        self.model: Any = None
        self.room = Room(budget.seed, PATIENCE * budget.rlimit)
        self.doubts: list[str] = []

    @property
    def constants(self) -> list[Any]:
        """The entries the solver may choose, in the order in which a reader meets them."""
        kinds = {"truth": 0, "lie": 1, "parameter": 2, "function": 3}
        entries = self.options[0].entries if self.options else {}
        keyed = [(k, c) for k, c in entries.items() if z3.is_expr(c)]
        keyed.sort(key=lambda row: (kinds[row[0][0].kind], row[0][0].name, _place(row[0][1])))
        return [c for _, c in keyed]

    def check(self, *extra: Any) -> str:
        """Whether there is a violation that meets more; a model is kept if so."""
        left = self.deadline - time.monotonic()
        if left < 0:
            return "unknown"
        status, model = self.room.check(self.base, extra, left)
        self.model = model or self.model
        return status

    def less(self, *extra: Any) -> str:
        """The same as `check`, for conditions that hold for all orders of the agents or for none."""
        if self.relaxed is not None and self.relaxed.check(*extra) == "unsat":
            return "unsat"
        return self.check(*extra)

    def keep(self, fact: Any) -> None:
        self.base.append(fact)

    def keep_for_all(self, fact: Any) -> None:
        """Keep a condition that holds for all orders of the agents or for none."""
        self.keep(fact)
        if self.relaxed is not None:
            self.relaxed.keep(fact)

    def value(self, constant: Any) -> Any:
        found = self.model.eval(constant, model_completion=True)
        if z3.is_bool(found):
            return z3.is_true(found)
        if z3.is_algebraic_value(found):
            return None
        return Fraction(found.as_long()) if z3.is_int_value(found) else found.as_fraction()

    def values(self) -> list[Any]:
        return [self.value(c) for c in self.constants]

    def instance(self) -> Instance:
        option = next(
            o
            for p, o in zip(self.picks, self.options, strict=True)
            if z3.is_true(self.model.eval(p, True))
        )
        named = {}
        for declaration in self.model.decls():
            if declaration.arity() == 0:
                named[declaration.name()] = self.value(declaration())
        return instance_of(option, named)

    def fewer(self, count: int) -> str:
        """Whether there is a violation with fewer non-zero entries."""
        present = [c if z3.is_bool(c) else c != 0 for c in self.constants]
        return self.less(z3.AtMost(*present, count - 1)) if present else "unsat"

    # --- the order of size ---------------------------------------------------------------------

    def fewest_entries(self) -> None:
        present = [c if z3.is_bool(c) else c != 0 for c in self.constants]
        count = sum(1 for v in self.values() if v not in (0, False))
        while count:
            fewer = z3.AtMost(*present, count - 1)
            status = self.less(fewer)
            if status != "sat":
                self._doubt(status, "fewer non-zero entries")
                break
            count = sum(1 for v in self.values() if v not in (0, False))
        self.keep_for_all(z3.AtMost(*present, count))

    def smallest_numbers(self) -> None:
        """Whole numbers first, from a small range; only then fractions."""
        numbers = [c for c in self.constants if not z3.is_bool(c)]
        low = 0
        for top in (1, 2, 3, 4, 6, 10, 16, MAX_NUMERATOR):
            status = self.less(*(among(c, top, 1) for c in numbers))
            if status == "sat":
                self._tighten_numerators(numbers, 1, low, top)
                return
            low = top + 1 if status == "unsat" else low
        for denominator in range(1, 13):
            status = self.less(*(among(c, None, denominator) for c in numbers))
            if status == "sat":
                top = max(abs(v.numerator) for v in self.values() if isinstance(v, Fraction))
                self._tighten_numerators(numbers, denominator, 0, top)
                return
            self._doubt(status, "small denominators")
        self.doubts.append("no small denominator was found")

    def _tighten_numerators(self, numbers: list[Any], denominator: int, low: int, top: int) -> None:
        high = int(top)
        while low < high:
            middle = (low + high) // 2
            status = self.less(*(among(c, middle, denominator) for c in numbers))
            if status == "sat":
                high = middle
            else:
                self._doubt(status, "smaller numbers")
                low = middle + 1
        for constant in numbers:
            self.keep_for_all(among(constant, high, denominator))
        self.check()

    def smallest_sum(self) -> None:
        numbers = [c for c in self.constants if not z3.is_bool(c)]
        if not numbers:
            return
        total = z3.Sum(*(z3.If(number(c) >= 0, number(c), -number(c)) for c in numbers))
        self._descend(total, self.less)
        # Last, entry by entry: the first is made as small as it can be, then the second.
        for constant in self.constants:
            if z3.is_bool(constant):
                if self.value(constant) and self.check(z3.Not(constant)) != "sat":
                    self.keep(constant)
                else:
                    self.keep(z3.Not(constant))
            else:
                self._descend(number(constant), self.check)

    def _descend(self, term: Any, ask: Callable[..., str]) -> None:
        best = self.value(term)
        while True:
            status = ask(term < number(best))
            if status != "sat":
                self._doubt(status, "smaller numbers")
                break
            best = self.value(term)
        self.keep(term == number(best))
        if status == "unknown":
            self.check()

    def _doubt(self, status: str, what: str) -> None:
        told = f"{what} were not all ruled out"
        if status == "unknown" and told not in self.doubts:  # one for many steps of a descent
            self.doubts.append(told)


def among(constant: Any, top: int | None, denominator: int) -> Any:
    """Whether a constant is p/q with q up to the denominator and p, up to its sign, up to the top."""
    if top is not None and top * denominator <= 100:
        values = {Fraction(p, q) for q in range(1, denominator + 1) for p in range(-top, top + 1)}
        return z3.Or(*(number(constant) == number(v) for v in sorted(values)))
    options = []
    for q in range(1, denominator + 1):
        # An integer of its own, not `IsInt`, with which the solver is a hundred times slower.
        p = z3.Int(f"{q}*{constant}")
        bounds = () if top is None else (p <= top, p >= -top)
        options.append(z3.And(q * number(constant) == z3.ToReal(p), *bounds))
    return z3.Or(*options)


def _place(index: tuple) -> tuple:
    return tuple((len(e), *sorted(e)) if isinstance(e, frozenset) else (e,) for e in index)
