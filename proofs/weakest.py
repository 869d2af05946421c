"""The weakest condition on one parameter under which a property holds: the exact set of its values.

From a value at which it holds, an end of the interval around it is closed in on by bisection over proofs:
"it holds from here to there" is asked of the solver, whose counterexamples move the far end. A simple
fraction between the two is then confirmed by two proofs, that it holds up to there and, where no other
parameter is open, at no value just beyond. An end that no simple fraction is, a square root for example,
stays a bracket.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

import z3

from mechanism.errors import InputError
from mechanism.language import Family
from mechanism.rule import Rule
from proofs.lowering.obligation import lower, role_choices, size_choices
from proofs.lowering.terms import compare, condition, number
from proofs.solver import solve
from properties.property import Property

RLIMIT = 4_000_000
STEPS = 40  # bisections for one end
INTERVALS = 6  # of the set, at most
TRIED = tuple(Fraction(n, d) for d in (1, 2, 3, 5) for n in range(-10, 21))


@dataclass(frozen=True)
class End:
    """One end of an interval.

    Parameters
    ----------
    value : Fraction or None
        None where the interval is unbounded.
    attained : bool
        The property holds at the end itself.
    exact : bool
        Shown by proofs on both sides; else the true end is within `width` beyond `value`.
    """

    value: Fraction | None
    attained: bool = True
    exact: bool = True
    width: Fraction = Fraction(0)


@dataclass(frozen=True)
class Weakest:
    """Where a property holds.

    Parameters
    ----------
    intervals : tuple of (End, End)
    complete : bool
        It is shown to hold nowhere else.
    tried : bool
        Some value was found at which it holds, or there is shown to be none.
    method : str
    """

    parameter: str
    domain: str
    intervals: tuple[tuple[End, End], ...]
    complete: bool
    method: str = "bisection over proofs"

    def __str__(self) -> str:
        if not self.intervals:
            return f"no value of {self.parameter}{'' if self.complete else ' that was tried'}"
        told = " or ".join(interval_text(self.parameter, *ends) for ends in self.intervals)
        return told + (", and for no other value" if self.complete else "")


def interval_text(name: str, low: End, high: End) -> str:
    """``1/2 <= beta <= 2``; a bracket is told by ``about``."""
    if low.value is None and high.value is None:
        return f"every {name}"
    if low.value is not None and low.value == high.value:
        return f"{name} = {low.value}"
    left = "" if low.value is None else f"{_about(low)} {'<=' if low.attained else '<'} "
    right = "" if high.value is None else f" {'<=' if high.attained else '<'} {_about(high)}"
    return f"{left}{name}{right}"


def _about(end: End) -> str:
    if end.exact:
        return str(end.value)
    return f"about {float(end.value or 0):.10g}"


def weakest(rule: Rule, wanted: Property, name: str, agents: int | None = None) -> Weakest:
    """The values of a parameter for which a property holds, whatever the other parameters are.

    Parameters
    ----------
    rule : Rule
        Of a fixed size, as menus are, unless `agents` is given.
    wanted : Property
    name : str
        A parameter that is one number.
    agents : int, optional

    Raises
    ------
    InputError
        For a parameter the rule does not have, or a property that is not about it.
    """
    family = next((f for f in rule.parameters if f.name == name), None)
    if family is None or family.over or family.kind != "parameter" or family.domain.boolean:
        known = [f.name for f in rule.parameters if not f.over and not f.domain.boolean]
        raise InputError(
            f"{rule.id} has no number '{name}' to vary; it has {', '.join(known) or 'none'}"
        )
    if why := wanted.suits(rule):
        raise InputError(f"{wanted.id}: {why}")
    size = agents or rule.fixed_size
    if size is None:
        raise InputError(f"{rule.id} is meant for any number of agents: say how many (--agents)")
    return _Region(rule, wanted, family, size).weakest()


class _Region:
    """The values of one parameter at which a property is violated, as a formula."""

    def __init__(self, rule: Rule, wanted: Property, family: Family, size: int) -> None:
        self.rule, self.family = rule, family
        obligation = wanted.on(rule)
        entries: dict[Any, Any] = {}
        self.violations: list[Any] = []
        self.definitions: list[Any] = []
        self.kept: list[Any] = []
        lowered: Any = None
        for sizes in size_choices(obligation, size):
            for roles in role_choices(obligation, size, canonical=False):
                beside = lowered if lowered is not None and lowered.sizes == sizes else None
                one = lower(obligation, sizes, roles, rule.ties, beside)
                if one is None:
                    continue
                lowered = one
                entries |= lowered.entries
                defined = [condition(d) for d in lowered.fixed.definitions]
                needed = [p for p in lowered.premises if not any(p.eq(d) for d in defined)]
                self.violations.append(z3.And(*lowered.assertions))
                self.definitions += defined
                self.kept.append(z3.Not(z3.And(*needed, condition(lowered.violation))))
        found = entries.get((family, ()))
        self.p = number(found if found is not None else z3.Real(family.name))
        self.domain = self._domain()
        free = {str(c) for (f, _), c in entries.items() if z3.is_expr(c) and f != family}
        self.alone = not free
        if self.alone and lowered is not None:  # where the numbers are no menu, nothing is said
            self.domain += [condition(lowered.fixed.read(a)) for a in rule.assumptions]

    def _domain(self) -> list[Any]:
        limits, facts = self.family.domain, []
        if limits.lower is not None:
            facts.append(compare(self.p, ">" if limits.strict else ">=", limits.lower))
        if limits.upper is not None:
            facts.append(compare(self.p, "<=", limits.upper))
        return facts

    # --- questions to the solver ---------------------------------------------------------------

    def violated(self, *where: Any) -> tuple[str, Fraction | None]:
        """Whether the property is violated at some value that meets the conditions, and at which."""
        some = z3.Or(*self.violations) if self.violations else z3.BoolVal(False)
        told = solve([some, *self.domain, *where], rlimit=RLIMIT)
        return told.status, self._value(told)

    def holds(self, *where: Any) -> tuple[str, Fraction | None]:
        """Whether it holds at some such value; only where nothing else is open."""
        told = solve([*self.kept, *self.definitions, *self.domain, *where], rlimit=RLIMIT)
        return told.status, self._value(told)

    def _value(self, told: Any) -> Fraction | None:
        value = told.values.get(self.family.name) if told.status == "sat" else None
        return Fraction(value) if value is not None else None

    # --- the set -------------------------------------------------------------------------------

    def weakest(self) -> Weakest:
        intervals: list[tuple[End, End]] = []
        complete = False
        while len(intervals) < INTERVALS:
            outside = [z3.Not(self._inside(*ends)) for ends in intervals]
            start, complete = self._start(outside)
            if start is None:
                break
            intervals.append((self._end(start, -1), self._end(start, 1)))
        intervals.sort(key=lambda ends: (ends[0].value is not None, ends[0].value or 0))
        exact = all(end.exact for ends in intervals for end in ends)
        limits = self.family.domain
        if exact and [(low.value, high.value) for low, high in intervals] == [(limits.lower, limits.upper)]:  # fmt: skip
            complete = True
        return Weakest(
            self.family.name, str(self.family.domain), tuple(intervals), complete and exact
        )

    def _inside(self, low: End, high: End) -> Any:
        facts = [] if low.value is None else [self.p >= number(low.value - low.width)]
        facts += [] if high.value is None else [self.p <= number(high.value + high.width)]
        return z3.And(*facts) if facts else z3.BoolVal(True)

    def _start(self, outside: list[Any]) -> tuple[Fraction | None, bool]:
        """A value at which it holds, outside what is known; and whether there is shown to be none."""
        if self.alone:
            status, value = self.holds(*outside)
            if status == "sat" and value is not None:
                return value, False
            if status == "unsat":
                return None, True
        if outside:
            return None, False
        for value in TRIED:
            if (
                self.family.domain.holds(value)
                and self.violated(self.p == number(value))[0] == "unsat"
            ):
                return value, False
        return None, False

    def _end(self, start: Fraction, way: int) -> End:
        """How far it holds without a break, upwards or downwards."""
        limit = self.family.domain.upper if way > 0 else self.family.domain.lower
        here = self._beyond(start, way, strict=False)
        status, far = self.violated(here)
        if status == "unsat":
            return End(limit, attained=not (way < 0 and self.family.domain.strict))
        if far is None:
            return End(start, exact=False, width=Fraction(0))
        near = start
        for _ in range(STEPS):
            for guess in _simple(near, far):
                if (found := self._confirmed(start, guess, far, way)) is not None:
                    return found
            if abs(far - near) < Fraction(1, 10**10):
                break
            middle = (near + far) / 2
            status, value = self.violated(here, self._beyond(middle, -way, strict=False))
            if status == "unsat":
                near = middle
            elif value is not None:
                far = value
            else:
                far = middle
        return End(near, attained=True, exact=False, width=abs(far - near))

    def _beyond(self, value: Fraction, way: int, strict: bool) -> Any:
        if way > 0:
            return self.p > number(value) if strict else self.p >= number(value)
        return self.p < number(value) if strict else self.p <= number(value)

    def _confirmed(self, start: Fraction, guess: Fraction, far: Fraction, way: int) -> End | None:
        """The guess as an end, if proofs say that it is one."""
        here = self._beyond(start, way, strict=False)
        if self.violated(here, self._beyond(guess, -way, strict=True))[0] != "unsat":
            return None
        attained = self.violated(self.p == number(guess))[0] == "unsat"
        if attained and self.alone:
            past = [self._beyond(guess, way, strict=True), self._beyond(far, -way, strict=False)]
            if self.holds(*past)[0] != "unsat":
                return None
        elif attained:
            # With other parameters open, that it fails just beyond is shown at one close value.
            close = guess + way * min(abs(far - guess), Fraction(1, 10**9))
            if self.violated(self.p == number(close))[0] != "sat":
                return None
        exact = self.alone or not attained
        return End(guess, attained, exact, Fraction(0) if exact else Fraction(1, 10**9))


def _simple(one: Fraction, other: Fraction) -> Iterator[Fraction]:
    """The simplest fraction between two, and the second itself, which a counterexample may attain."""
    low, high = min(one, other), max(one, other)
    yield _simplest(low, high)
    yield other


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator in [low, high] (Stern and Brocot)."""
    if high < 0:
        return -_simplest(-high, -low)
    if low <= 0:
        return Fraction(0)
    whole = floor(low)
    if whole == low:
        return Fraction(whole)
    if whole + 1 <= high:
        return Fraction(whole + 1)
    return whole + 1 / _simplest(1 / (high - whole), 1 / (low - whole))
