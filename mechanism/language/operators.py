"""The operators of the rule language: sympy expressions with a bound index and a condition.

All of them range over what takes part in the world they are read in. Operators on an empty range
give their default (0), or no index at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sympy as sp
from sympy.logic.boolalg import Boolean

from mechanism.errors import RuleError
from mechanism.language.arithmetic import constant
from mechanism.language.index import Index


def _argument(position: int) -> Callable[[Any], Any]:
    return lambda self: self.args[position]


class Binder:
    """What all operators share: a `body` and a condition `where`, read with the index `var` bound.

    `names` gives the names of ``args`` in order; those not read in the scope of `var` are in `outer`.
    """

    names: ClassVar[tuple[str, ...]] = ("body", "var", "where")
    outer: ClassVar[tuple[str, ...]] = ()
    bound: ClassVar[tuple[str, ...]] = ("var",)
    is_commutative = True
    args: tuple
    func: Any
    body: Any = sp.S.Zero
    var: Index
    where: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for position, name in enumerate(cls.names):
            setattr(cls, name, property(_argument(position)))

    @classmethod
    def make(cls, *args: Any) -> Any:
        """Check and build; `args` are in the order of `names`."""
        checked = []
        for name, value in zip(cls.names, args, strict=True):
            if name in cls.bound and not isinstance(value, Index):
                raise RuleError(f"{cls.__name__}: {name} must be an index, got {value!r}")
            checked.append(constant(value, cls.__name__))
        return sp.Basic.__new__(cls, *checked)

    def _sympystr(self, printer: Any) -> str:
        return f"{type(self).__name__}({', '.join(printer.doprint(a) for a in self.args)})"

    @property
    def bound_indices(self) -> list[Index]:
        return [getattr(self, name) for name in self.bound]

    @property
    def free_symbols(self) -> set:
        inner: set = set()
        outer: set = set()
        for name, value in zip(self.names, self.args, strict=True):
            (outer if name in self.outer else inner).update(value.free_symbols)
        return (inner - set(self.bound_indices)) | outer


class Nth(sp.Expr):
    """The value at the place of an index in a list: ``Nth(i, a, b)`` is `a` for the first, `b` for the
    second. For mechanisms of a fixed size whose numbers are formulas of their own, one by one.
    """

    is_real = True
    is_commutative = True

    def __new__(cls, index: Any, *values: Any) -> Nth:
        return sp.Basic.__new__(cls, sp.sympify(index), *(constant(v, "Nth") for v in values))

    @property
    def index(self) -> Any:
        return self.args[0]

    @property
    def values(self) -> tuple[Any, ...]:
        return self.args[1:]


class ArgMax(Binder, sp.Expr):
    """The index at which `body` is highest; ties by the rule's policy; no index on an empty range."""

    is_integer = True

    def __new__(cls, body: Any, var: Any, where: Any = True) -> ArgMax:
        return cls.make(body, var, where)


class First(Binder, sp.Expr):
    """The first index in a fixed priority that no report can change (the order of the indices)."""

    is_integer = True
    names = ("where", "var")

    def __new__(cls, where: Any, var: Any) -> First:
        return cls.make(where, var)


class Highest(Binder, sp.Expr):
    """The highest `body`, or `default` on an empty range."""

    is_real = True
    names = ("body", "var", "where", "default")
    outer = ("default",)
    default: Any

    def __new__(cls, body: Any, var: Any, where: Any = True, default: Any = 0) -> Highest:
        return cls.make(body, var, where, default)


class KthHighest(Binder, sp.Expr):
    """The k-th highest `body`, counting equal ones separately, or 0 if there are fewer than k."""

    is_real = True
    names = ("k", "body", "var", "where")
    outer = ("k",)
    k: Any

    def __new__(cls, k: Any, body: Any, var: Any, where: Any = True) -> KthHighest:
        return cls.make(k, body, var, where)


class Rank(Binder, sp.Expr):
    """The place of `at` when the range is sorted by `body`, highest first; ties by the policy."""

    is_integer = True
    is_real = True
    names = ("body", "var", "at", "where")
    outer = ("at",)
    at: Any

    def __new__(cls, body: Any, var: Any, at: Any, where: Any = True) -> Rank:
        return cls.make(body, var, at, where)


class Sum(Binder, sp.Expr):
    """The sum of `body`."""

    is_real = True

    def __new__(cls, body: Any, var: Any, where: Any = True) -> Sum:
        return cls.make(body, var, where)


class Exists(Binder, Boolean):
    """Whether `body` holds for some index."""

    def __new__(cls, body: Any, var: Any, where: Any = True) -> Exists:
        return cls.make(body, var, where)


class ForAll(Binder, Boolean):
    """Whether `body` holds for every index."""

    def __new__(cls, body: Any, var: Any, where: Any = True) -> ForAll:
        return cls.make(body, var, where)


class Greedy(Binder, Boolean):
    """Whether `at` is accepted when agents are taken in the order of `body`, highest first, and each
    is accepted that is not in `conflict` (over `var` and `other`) with one accepted before.
    Equal keys are ordered by a fixed priority that no report can change.
    """

    names = ("body", "var", "at", "conflict", "other", "where")
    outer = ("at",)
    bound = ("var", "other")
    at: Any
    conflict: Any
    other: Index

    def __new__(
        cls, body: Any, var: Any, at: Any, conflict: Any, other: Any, where: Any = True
    ) -> Greedy:
        return cls.make(body, var, at, conflict, other, where)


class Awards(Boolean):
    """Whether the outcome (a matching or a partition) gives the good to the agent."""

    def __new__(cls, outcome: Any, agent: Any, good: Any) -> Awards:
        return sp.Basic.__new__(cls, *(sp.sympify(a) for a in (outcome, agent, good)))


class Contains(Boolean):
    """Whether the bundle holds the good."""

    def __new__(cls, bundle: Any, good: Any) -> Contains:
        return sp.Basic.__new__(cls, sp.sympify(bundle), sp.sympify(good))


def ArgMin(body: Any, var: Any, where: Any = True) -> ArgMax:
    """The index at which `body` is lowest."""
    return ArgMax(-constant(body), var, where)


def Lowest(body: Any, var: Any, where: Any = True) -> Any:
    """The lowest `body`, or 0 on an empty range."""
    return -Highest(-constant(body), var, where)


def KthLowest(k: Any, body: Any, var: Any, where: Any = True) -> Any:
    """The k-th lowest `body`, or 0 if there are fewer than k."""
    return -KthHighest(k, -constant(body), var, where)


def Count(condition: Any, var: Any, where: Any = True) -> Sum:
    """How many indices satisfy the condition."""
    return Sum(1, var, sp.And(constant(condition), constant(where)))
