"""The lowering for rules that look at agents only through the order of their reports.

Everybody whom the property does not name is one of a sorted sequence of any length; a named agent is a
rank in it. `KthHighest` reads the sequence, `Rank` and `ArgMax` compare ranks, and a sum over the agents
of a side is a sum over ranks. Every step keeps all real behaviours (and perhaps admits more): what is
unsatisfiable here has no instance of any size.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import sympy as sp
import z3
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from mechanism.language import (
    ArgMax,
    At,
    Binder,
    Cases,
    Entry,
    Exists,
    Flag,
    ForAll,
    Highest,
    Index,
    KthHighest,
    Max,
    Min,
    Rank,
    Sum,
    Truth,
    World,
)
from proofs.engines.engine import NotAccepted
from proofs.lowering.fixed_operators import free_indices
from proofs.lowering.ranked_cases import Case
from proofs.lowering.ranked_orders import Agent, Ahead, Named, Orders
from proofs.lowering.ranked_ranges import Env
from proofs.lowering.ranked_ranking import Ranking
from proofs.lowering.ranked_sequences import Table, within
from proofs.lowering.ranked_sums import Decide, Sums
from proofs.lowering.ranked_terms import (
    choose,
    compare,
    condition,
    minus,
    plus,
    symbol,
    term,
    times,
)
from proofs.lowering.ranked_theory import Theory
from proofs.lowering.terms import choose_condition, conj, disj, iff, negate
from properties.property import Obligation

EVERYBODY = World("everybody")


class ByRank(Ranking):
    """An obligation in one case, lowered.

    Parameters
    ----------
    obligation : Obligation
    case : Case
    decide : callable
        Shows a lemma; see `Sums`.
    fixed_ties : bool
        Equal reports stand in a fixed order of the agents; otherwise anew in each world in any order.
    unfold : bool
        See `Sums`.
    ahead : Ahead, optional
        Narrows the case to where one agent stands before another.

    Attributes
    ----------
    premises : list
        Everything but the violation and the axioms of the sequences.
    violation : condition

    Raises
    ------
    NotAccepted
        Naming the part of the rule that does more than rank.
    """

    def __init__(
        self,
        obligation: Obligation,
        case: Case,
        decide: Decide,
        fixed_ties: bool,
        unfold: bool,
        ahead: Ahead | None = None,
    ) -> None:
        super().__init__()
        self.obligation, self.rule, self.case = obligation, obligation.rule, case
        self.theory = Theory()
        self.orders = Orders(obligation, case, self.theory, fixed_ties, ahead)
        self.sums = Sums(self.theory, decide, unfold, self.orders)
        self.premises = []
        self.tables: dict[str, Table] = {}
        self._scalars: dict[str, Any] = {}
        self._cache: dict[tuple, Any] = {}
        self.roles: Env = {role: Named(agent) for role, agent in case.agents}
        self._lower()

    def _lower(self) -> None:
        rule, worlds = self.rule, self.obligation.worlds.values()
        self.assume(*(self.read(p, self.roles, EVERYBODY) for p in self.obligation.premises))
        if self.impossible:
            return
        for world in worlds:
            self.assume(compare(self.orders.everybody(world), ">=", Fraction(rule.min_agents)))
            for agent in self.orders.present(world):
                self.assume(self.read(rule.admissible, {rule.agent: Named(agent)}, world))
            for assumption in rule.assumptions:
                if not self._falling(assumption):
                    self.assume(self.read(assumption, self.roles, world))
        self.assume(*self.orders.domains())
        self.violation = self.read(self.obligation.violation, self.roles, EVERYBODY)

    @property
    def impossible(self) -> bool:
        """Whether the case contradicts the premises already."""
        return False in self.premises

    def assertions(self, *more: Any) -> list[Any]:
        """The premises, `more`, and every axiom at the places that occur."""
        formulas = [*map(condition, (*self.premises, *more))]
        instances = self.instances([*formulas, *self.theory.definitions])
        return self.theory.close([*formulas, *instances, *self.theory.definitions])

    def read(self, expr: Any, env: Env, world: World) -> Any:
        if isinstance(expr, sp.Rational):
            return Fraction(int(expr.p), int(expr.q))
        if isinstance(expr, (BooleanTrue, BooleanFalse)):
            return bool(expr)
        handler = HANDLERS.get(type(expr))
        if handler is None:
            raise NotAccepted(f"{type(expr).__name__} is more than ranking: {expr}")
        if not isinstance(expr, Binder):
            return handler(self, expr, env, world)
        key = (expr, world.name, tuple(_key(env.get(s)) for s in free_indices(expr)))
        if key not in self._cache:
            # The environment is kept because a Z3 identity in the key is one only while its term lives.
            self._cache[key] = handler(self, expr, env, world), env
        return self._cache[key][0]

    # --- numbers and agents --------------------------------------------------------------------

    def _entry(self, expr: Entry, env: Env, world: World) -> Any:
        family = expr.family
        index = [self.read(i, env, world) for i in expr.index]
        if family.over == ("agent",) and family.kind in ("report", "truth", "lie"):
            return self.orders.value(index[0], family, world)
        if family.over == ("slot",) and family.kind == "parameter":
            return self._table(family).key(z3.simplify(term(index[0])))
        if not family.over and family.kind == "parameter":
            if family.name not in self._scalars:
                make = z3.Int if family.domain.integer else z3.Real
                self._scalars[family.name] = make(f"parameter.{symbol(family.name)}")
                self.assume(within(family.domain, self._scalars[family.name]))
            return self._scalars[family.name]
        raise NotAccepted(f"{expr} is not told by ranks")

    def slots(self) -> Any:
        if "slot" not in self.rule.sizes:
            raise NotAccepted("the rule says nothing of the number of slots")
        low, high = self.rule.sizes["slot"]
        slots = z3.Int("slots")
        if "slots" not in self._scalars:
            self._scalars["slots"] = slots
            self.assume(slots == low if low == high else slots >= low)
        return slots

    def _table(self, family: Any) -> Table:
        if family.name not in self.tables:
            falling = any(self._falling(a) == family for a in self.rule.assumptions)
            given = tuple(self.rule.given.get(family.name, ()))
            table = Table(family.name, family.domain, self.slots(), falling, given)
            self.tables[family.name] = table
            self.theory.enter(table)
        return self.tables[family.name]

    def _falling(self, assumption: Any) -> Any:
        """The table that an assumption makes non-increasing from slot to slot, if it is of that form."""
        if isinstance(assumption, ForAll) and isinstance(assumption.body, sp.Ge):
            one, var = assumption.body.lhs, assumption.var
            if (
                isinstance(one, Entry)
                and one.family.over == ("slot",)
                and one.family.domain.lower == 0
            ):
                family = one.family
                if assumption.args == (family[var] >= family[var + 1], var, sp.true):
                    return family
        return None

    def _flag(self, expr: Flag, env: Env, world: World) -> Any:
        return self.orders.side(self.read(expr.index[0], env, world))

    def _equal(self, expr: Any, env: Env, world: World) -> Any:
        one, other = (self.read(a, env, world) for a in expr.args)
        if isinstance(one, Agent) or isinstance(other, Agent):
            return self.orders.same(one, other)
        return compare(one, "==", other)

    def _at(self, expr: Any, env: Env, world: World) -> Any:
        inner = {formal: self.read(actual, env, world) for formal, actual in expr.bindings}
        there = self.obligation.worlds.get(expr.world, EVERYBODY) if expr.world else world
        return self.read(expr.expr, {**env, **inner}, there)

    def _cases(self, expr: Cases, env: Env, world: World) -> Any:
        value: Any = None
        for result, test in reversed(expr.args):
            when = self.read(test, env, world)
            if when is not False:
                (found,) = _numbers(expr, [self.read(result, env, world)])
                value = found if value is None else choose(when, found, value)
        if value is None:
            raise NotAccepted(f"no case applies in {expr}")
        return value

    def _power(self, expr: sp.Pow, env: Env, world: World) -> Any:
        base, exponent = (self.read(a, env, world) for a in expr.args)
        if isinstance(exponent, Fraction) and exponent.denominator == 1:
            if isinstance(base, Fraction) and base:
                return base**exponent.numerator
            if exponent > 0:
                return times([base] * exponent.numerator)
        raise NotAccepted(f"{expr} is not a whole power")


def _key(value: Any) -> Any:
    return value.get_id() if z3.is_expr(value) else value


def _numbers(expr: Any, values: list[Any]) -> list[Any]:
    if any(isinstance(value, Agent) for value in values):
        raise NotAccepted(f"an agent is taken for a number: {expr}")
    return values


def _fold(combine: Callable) -> Callable:
    return lambda self, expr, env, world: combine(
        _numbers(expr, [self.read(a, env, world) for a in expr.args])
    )


def _compare(sign: str) -> Callable:
    return _fold(lambda two: compare(two[0], sign, two[1]))


def _extreme(sign: str) -> Callable:
    return _fold(lambda numbers: reduce(lambda a, b: choose(compare(a, sign, b), a, b), numbers))


def _absolute(numbers: list[Any]) -> Any:
    (one,) = numbers
    return choose(compare(one, ">=", Fraction(0)), one, minus(Fraction(0), one))


def _index(self: ByRank, expr: Index, env: Any, world: World) -> Any:
    if expr not in env:
        raise NotAccepted(f"the index {expr} is bound further out")
    return env[expr]


HANDLERS: dict[type, Callable] = {
    Index: _index,
    Entry: ByRank._entry,
    Flag: ByRank._flag,
    KthHighest: ByRank.kth,
    Highest: ByRank.highest,
    ArgMax: ByRank.argmax,
    Rank: ByRank.rank,
    Sum: ByRank.total,
    Exists: ByRank.quantified,
    ForAll: ByRank.quantified,
    At: ByRank._at,
    Truth: ByRank._at,
    Cases: ByRank._cases,
    Max: _extreme(">="),
    Min: _extreme("<="),
    sp.Abs: _fold(_absolute),
    sp.Add: _fold(plus),
    sp.Mul: _fold(times),
    sp.Pow: ByRank._power,
    sp.And: _fold(conj),
    sp.Or: _fold(disj),
    sp.Not: _fold(lambda one: negate(one[0])),
    sp.Implies: _fold(lambda two: disj([negate(two[0]), two[1]])),
    sp.Equivalent: _fold(lambda all_: conj(iff(all_[0], other) for other in all_[1:])),
    sp.ITE: _fold(lambda three: choose_condition(*three)),
    sp.Eq: ByRank._equal,
    sp.Ne: lambda self, expr, env, world: negate(self._equal(expr, env, world)),
    sp.Gt: _compare(">"),
    sp.Ge: _compare(">="),
    sp.Lt: _compare("<"),
    sp.Le: _compare("<="),
}
