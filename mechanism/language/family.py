"""Families of numbers or flags: what bidders report, what they really want, and what the seller fixes.

A report family `b` comes with two relatives: `b.truth`, the agents' true types, and `b.lie`, what an
agent may say instead. Which of the two `b[i]` means is decided by the world it is read in
(`mechanism.language.world`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from mechanism.errors import RuleError
from mechanism.language.arithmetic import constant
from mechanism.language.numbers import exact


@dataclass(frozen=True)
class Domain:
    """Which values an entry of a family may take.

    Parameters
    ----------
    lower, upper : Fraction, optional
        Bounds; `strict` says that the lower one is not attained.
    strict : bool
        Values are above `lower`, not at it.
    integer, boolean : bool
        Values are whole numbers, or flags.
    """

    lower: Fraction | None = None
    upper: Fraction | None = None
    strict: bool = False
    integer: bool = False
    boolean: bool = False

    @cached_property
    def key(self) -> str:
        """What tells domains apart, as text that sympy can compare."""
        return repr(self)

    def holds(self, value: Any) -> bool:
        """Whether one exact value lies in the domain."""
        if self.boolean:
            return isinstance(value, bool)
        if self.integer and Fraction(value).denominator != 1:
            return False
        if self.lower is not None and (value < self.lower or (self.strict and value == self.lower)):
            return False
        return self.upper is None or value <= self.upper

    def __str__(self) -> str:
        if self.boolean:
            return "yes or no"
        kind = "integers" if self.integer else "reals"
        low = "" if self.lower is None else f" {'>' if self.strict else '>='} {self.lower}"
        high = "" if self.upper is None else f"{' and' if low else ''} <= {self.upper}"
        return kind + low + high


class Family(sp.Symbol):
    """A table of numbers or flags, indexed by agents, goods, outcomes, or by nothing.

    Use `report` and `parameter` to make one. `family[i]` is an entry of it.
    """

    __slots__ = ("kind", "over", "domain")
    __iter__ = None  # indexable, but not a sequence: sympy would walk through it
    kind: str  # report, truth, lie, parameter or function
    over: tuple[str, ...]
    domain: Domain

    def __new__(cls, name: str, kind: str, over: tuple[str, ...], domain: Domain) -> Family:
        self = sp.Symbol.__xnew__(cls, name)
        self.kind, self.over, self.domain = kind, over, domain
        return self

    def __reduce_ex__(self, protocol: object) -> tuple:
        return Family, (self.name, self.kind, self.over, self.domain)

    def _hashable_content(self) -> tuple:
        # With the domain: sympy's cache gives back an equal expression, whatever family is in it.
        return (*super()._hashable_content(), self.kind, self.over, self.domain.key)

    def __getitem__(self, key: Any) -> Any:
        index = key if isinstance(key, tuple) else (key,)
        if len(index) != len(self.over):
            raise RuleError(f"{self.name} takes {len(self.over)} indices, got {len(index)}")
        return (Flag if self.domain.boolean else Entry)(self, *index)

    def __call__(self, index: Any, argument: Any) -> Applied:
        """The value of a function-valued parameter, for example a virtual value ``phi(j, b[j])``."""
        self._must_be_function()
        return Applied(self, index, sp.sympify(argument))

    def inverse(self, index: Any, argument: Any) -> Applied:
        """The argument at which the function takes the given value."""
        self._must_be_function()
        return Inverse(self, index, sp.sympify(argument))

    def _must_be_function(self) -> None:
        if self.kind != "function":
            raise RuleError(f"{self.name} is not a function; index it as {self.name}[...]")

    @property
    def truth(self) -> Family:
        """The true types behind a report."""
        return Family(
            f"v_{self.name}" if self.name != "b" else "v", "truth", self.over, self.domain
        )

    @property
    def lie(self) -> Family:
        """What an agent may report instead of its type."""
        return Family(f"{self.name}'", "lie", self.over, self.domain)


class Entry(sp.Expr):
    """One number of a family, `family[index, ...]`. Real, and nothing else is assumed of it:
    sympy would silently erase ``x >= 0`` from a rule if it knew that x is not negative.
    """

    is_real = True
    is_commutative = True

    def __new__(cls, family: Family, *index: Any) -> Entry:
        return sp.Basic.__new__(cls, family, *(sp.sympify(i) for i in index))

    @property
    def family(self) -> Family:
        return self.args[0]

    @property
    def index(self) -> tuple:
        return self.args[1:]

    def _sympystr(self, printer: Any) -> str:
        inner = ", ".join(printer.doprint(i) for i in self.index)
        return f"{self.family.name}[{inner}]" if inner else self.family.name


class Flag(Boolean):
    """One yes-or-no entry of a family."""

    def __new__(cls, family: Family, *index: Any) -> Flag:
        return sp.Basic.__new__(cls, family, *(sp.sympify(i) for i in index))

    family = Entry.family
    index = Entry.index
    _sympystr = Entry._sympystr


class Applied(sp.Expr):
    """A strictly increasing function of a family, applied to an argument."""

    is_real = True
    is_commutative = True

    def __new__(cls, family: Family, index: Any, argument: Any) -> Applied:
        return sp.Basic.__new__(cls, family, sp.sympify(index), argument)

    @property
    def family(self) -> Family:
        return self.args[0]

    @property
    def index(self) -> Any:
        return self.args[1]

    @property
    def argument(self) -> Any:
        return self.args[2]

    def _sympystr(self, printer: Any) -> str:
        return (
            f"{self.family.name}[{printer.doprint(self.index)}]({printer.doprint(self.argument)})"
        )


class Inverse(Applied):
    """The inverse of a strictly increasing function."""

    def _sympystr(self, printer: Any) -> str:
        return f"{self.family.name}[{printer.doprint(self.index)}]^-1({printer.doprint(self.argument)})"


class SameFunction(Boolean):
    """Whether a function-valued family is the same function at two indices."""

    def __new__(cls, family: Family, one: Any, other: Any) -> SameFunction:
        return sp.Basic.__new__(cls, family, sp.sympify(one), sp.sympify(other))


def _bounds(at_least: Any, above: Any, at_most: Any, where: str) -> dict[str, Any]:
    if at_least is not None and above is not None:
        raise RuleError(f"{where}: give at_least or above, not both")
    lower = at_least if above is None else above
    return {
        "lower": None if lower is None else exact(constant(lower, where), where),
        "upper": None if at_most is None else exact(constant(at_most, where), where),
        "strict": above is not None,
    }


def report(
    name: str = "b",
    *,
    over: str | tuple[str, ...] = "agent",
    at_least: Any = 0,
    above: Any = None,
    at_most: Any = None,
    boolean: bool = False,
) -> Family:
    """What each agent reports: ``b = report("b")`` gives ``b[i]``.

    Parameters
    ----------
    name : str
        How it prints.
    over : str or tuple of str
        The sorts of its indices; the first is the agent.
    at_least, above, at_most : number, optional
        The domain of types and reports alike; by default, reals that are not negative.
    boolean : bool
        Reports are flags, for example which goods a bidder wants.
    """
    sorts = (over,) if isinstance(over, str) else tuple(over)
    if not sorts or sorts[0] != "agent":
        raise RuleError(f"report {name}: the first index must be the agent")
    bounds = (
        {} if boolean else _bounds(None if above is not None else at_least, above, at_most, name)
    )
    return Family(name, "report", sorts, Domain(boolean=boolean, **bounds))


def parameter(
    name: str,
    *,
    over: str | tuple[str, ...] = (),
    at_least: Any = None,
    above: Any = None,
    at_most: Any = None,
    integer: bool = False,
    boolean: bool = False,
) -> Any:
    """What the auction fixes: a reserve price, a number of units, a quality score per agent.

    Returns
    -------
    Entry or Family
        The number itself, or a family to be indexed when `over` names a sort.
    """
    sorts = (over,) if isinstance(over, str) else tuple(over)
    bounds = _bounds(at_least, above, at_most, name)
    family = Family(name, "parameter", sorts, Domain(integer=integer, boolean=boolean, **bounds))
    return family if sorts else family[()]


def increasing_function(name: str, *, over: str = "agent") -> Family:
    """A strictly increasing, continuous and unbounded function for each agent, with its inverse."""
    return Family(name, "function", (over,), Domain())
