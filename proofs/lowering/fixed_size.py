"""The fixed-size lowering: an obligation for given sizes as quantifier-free Z3.

The tree is read with every bound index running over its concrete range. Indices that the solver
chooses (a winner, an outcome) are choices: disjoint guards, one for each element they may be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy as sp
import z3
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from mechanism.evaluate.exact import TRUTHFUL
from mechanism.instance import sort_domain
from mechanism.language import (
    Applied,
    ArgMax,
    At,
    Awards,
    Cases,
    Contains,
    Entry,
    Exists,
    Family,
    First,
    Flag,
    ForAll,
    Greedy,
    Highest,
    Index,
    Inverse,
    KthHighest,
    Max,
    Min,
    Rank,
    Sum,
    Truth,
    World,
    is_index,
)
from mechanism.language.family import SameFunction
from mechanism.language.sums import taken_apart
from proofs.engines.engine import NotAccepted
from proofs.lowering.terms import (
    choose,
    compare,
    condition,
    conj,
    disj,
    iff,
    implies,
    negate,
    plus,
    times,
)

Choice = list[tuple[Any, Any]]  # (guard, element): disjoint; if none holds there is no such index
Env = dict[Index, Choice]


class FixedSize:
    """Lowers expressions for concrete sizes and roles.

    Parameters
    ----------
    sizes : mapping of str to int
    ties : str
        A tie policy, or ``free``: every maximiser may be chosen, anew each time. That covers more
        than any policy, so it serves proofs only.
    worlds : mapping of str to World
    roles : mapping of Index to int
    entries : dict, optional
        Shared between lowerings of the same sizes: the constant of each entry.
    given : mapping, optional
        Tables fixed beforehand, by the family's name.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        ties: str,
        worlds: Mapping[str, World],
        roles: Mapping[Index, int],
        entries: dict[tuple[Family, tuple], Any] | None = None,
        given: Mapping[str, Any] | None = None,
    ) -> None:
        self.sizes, self.ties, self.worlds = dict(sizes), ties, dict(worlds)
        self.roles = dict(roles)
        self.tag = ".".join(str(a) for a in roles.values())
        self.entries = {} if entries is None else entries
        self.given = dict(given or {})
        self.definitions: list[Any] = []
        self._cache: dict[tuple, Any] = {}
        self._free: dict[Any, tuple[Index, ...]] = {}
        self._domains: dict[str, tuple] = {}
        self._fresh = 0
        self._kept: dict[int, Any] = {}

    def read(self, expr: Any, env: Env | None = None, world: World = TRUTHFUL) -> Any:
        """The Z3 term (or Fraction, bool, or choice) of an expression."""
        env = {role: [(True, a)] for role, a in self.roles.items()} if env is None else env
        return self._read(expr, env, world)

    def _read(self, expr: Any, env: Env, world: World) -> Any:
        handler = HANDLERS.get(type(expr))
        if handler is None:
            if isinstance(expr, sp.Rational):
                return Fraction(int(expr.p), int(expr.q))
            if isinstance(expr, (BooleanTrue, BooleanFalse)):
                return bool(expr)
            raise NotAccepted(f"{type(expr).__name__} is not part of the rule language")
        free = self._free.get(expr)
        if free is None:
            free = self._free[expr] = tuple(s for s in expr.free_symbols if isinstance(s, Index))
        if not isinstance(expr, CACHED):
            return handler(self, expr, env, world)
        key = (expr, world.name, self._key(env, free))
        if key not in self._cache:
            self._cache[key] = handler(self, expr, env, world)
        return self._cache[key]

    def _key(self, env: Env, free: Any) -> tuple:
        """What an expression depends on; guards are kept alive, so that their ids stay theirs."""
        parts = []
        for index in free:
            for guard, element in env.get(index, ()):
                if not isinstance(guard, bool):
                    self._kept[guard.get_id()] = guard
                    guard = guard.get_id()
                parts.append((index, guard, element))
        return tuple(parts)

    # --- entries -------------------------------------------------------------------------------

    def constant(self, family: Family, index: tuple) -> Any:
        """The solver's constant for one entry (or its value where it is given)."""
        key = (family, index)
        if key not in self.entries:
            label = ",".join("".join(map(str, sorted(e))) if isinstance(e, frozenset) else str(e) for e in index)
            name = f"{family.name}[{label}]" if index else family.name
            if family.name in self.given:
                value = self.given[family.name]
                for sort, element in zip(family.over, index, strict=True):
                    value = value[self.domain(sort).index(element)]
                self.entries[key] = value
            elif family.domain.boolean:
                self.entries[key] = z3.Bool(name)
            elif family.domain.integer:
                self.entries[key] = z3.ToReal(z3.Int(name))
            else:
                self.entries[key] = z3.Real(name)
        return self.entries[key]

    def domain(self, sort: str) -> tuple:
        if sort not in self._domains:
            self._domains[sort] = sort_domain(sort, self.sizes)
        return self._domains[sort]

    def inside(self, family: Family, index: tuple) -> list[Any]:
        """The domain of an entry as constraints."""
        entry, domain = self.constant(family, index), family.domain
        if domain.boolean or family.kind == "function" or not z3.is_expr(entry):
            return []
        parts = []
        if domain.lower is not None:
            parts.append(compare(entry, ">" if domain.strict else ">=", domain.lower))
        if domain.upper is not None:
            parts.append(compare(entry, "<=", domain.upper))
        return parts

    def _present(self, sort: str, env: Env, world: World) -> tuple:
        everything = self.domain(sort)
        gone = {self.roles[role] for role in world.absent}
        if sort == "rank":
            return everything[: len(everything) - len(gone)]
        return tuple(a for a in everything if a not in gone) if sort == "agent" else everything

    def _spoken(self, family: Family, index: tuple, world: World) -> tuple[Family, tuple]:
        for who, kind, whose in world.reports:
            if index[0] == self.roles[who]:
                source = family.truth if kind == "truth" else family.lie
                return source, (self.roles[whose], *index[1:])
        return family.truth, index

    def entry(self, expr: Any, env: Env, world: World) -> Any:
        family = expr.family
        picks: list[tuple[Any, tuple]] = [(True, ())]
        for sort, part in zip(family.over, expr.index, strict=True):
            options = self._places(sort, part, env, world)
            picks = [(conj((g, h)), (*index, e)) for g, index in picks for h, e in options]
        value: Any = False if family.domain.boolean else Fraction(0)
        for guard, index in picks:
            source, place = self._spoken(family, index, world) if family.kind == "report" else (family, index)
            one = self.constant(source, place)
            if family.domain.boolean:
                value = disj((conj((guard, one)), conj((negate(guard), value))))
            else:
                value = choose(guard, one, value)
        return value

    def _places(self, sort: str, part: Any, env: Env, world: World) -> Choice:
        if is_index(part) or sort not in ("slot", "rank"):
            return self.index(part, env, world)
        place = self._read(part, env, world)
        if isinstance(place, Fraction):
            return [(True, int(place))] if place in self.domain(sort) else []
        return [(compare(place, "==", s), s) for s in self.domain(sort)]

    def index(self, expr: Any, env: Env, world: World) -> Choice:
        """An index expression as a choice."""
        return self._read(expr, env, world)

    # --- ranges --------------------------------------------------------------------------------

    def _range(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Env]]:
        """(condition, element, environment) for everything the bound index may be."""
        rows = []
        for element in self._present(expr.var.sort, env, world):
            inner = {**env, expr.var: [(True, element)]}
            where = self._read(expr.where, inner, world)
            if where is not False:
                rows.append((where, element, inner))
        return rows

    def _keyed(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Any]]:
        """(condition, element, key) of a range, cached by what it depends on."""
        free = tuple(
            s for s in (expr.body.free_symbols | expr.where.free_symbols) if isinstance(s, Index) and s != expr.var
        )
        key = ("keyed", expr.body, expr.var, expr.where, world.name, self._key(env, free))
        if key not in self._cache:
            self._cache[key] = [
                (where, element, self._read(expr.body, inner, world))
                for where, element, inner in self._range(expr, env, world)
            ]
        return self._cache[key]

    def _name(self, kind: str) -> str:
        self._fresh += 1
        return f"{kind}!{self.tag}!{self._fresh}"

    def _first_of_equals(self, world: World, sort: str, one: Any, other: Any) -> Any:
        """Whether `one` precedes `other` when their keys are equal."""
        everything = self.domain(sort)
        if self.ties == "highest-index":
            return everything.index(one) > everything.index(other)
        if self.ties == "any" and sort == "agent":
            return self.place(world, one) < self.place(world, other)
        return everything.index(one) < everything.index(other)

    def place(self, world: World, agent: int) -> Any:
        """Where an agent stands in the tie order of a world, under the policy ``any``."""
        return z3.Int(f"order[{world.name},{agent}]")

    def maximum(self, rows: list[tuple[Any, Any, Any]], default: Any) -> Any:
        """The highest key among the rows, or the default."""
        if not rows:
            return default
        if all(where is True for where, _, _ in rows) and len(rows) == 1:
            return rows[0][2]
        top = z3.Real(self._name("max"))
        for where, _, key in rows:
            self.definitions.append(condition(implies(where, compare(top, ">=", key))))
        reached = [conj((where, compare(top, "==", key))) for where, _, key in rows]
        if not any(where is True for where, _, _ in rows):
            nobody = conj(negate(where) for where, _, _ in rows)
            reached.append(conj((nobody, compare(top, "==", default))))
        self.definitions.append(condition(disj(reached)))
        return top

    def argmax(self, expr: ArgMax, env: Env, world: World) -> Choice:
        rows = self._keyed(expr, env, world)
        if len(rows) <= 1:
            return [(where, element) for where, element, _ in rows]
        top = self.maximum(rows, Fraction(0))
        reaches = [(conj((where, compare(key, "==", top))), element) for where, element, key in rows]
        if self.ties == "free":
            picks = [(z3.Bool(self._name("pick")), can, element) for can, element in reaches]
            for pick, can, _ in picks:
                self.definitions.append(condition(implies(pick, can)))
            self.definitions += [z3.Not(z3.And(p[0], q[0])) for n, p in enumerate(picks) for q in picks[:n]]
            somebody = disj(where for where, _, _ in rows)
            self.definitions.append(condition(implies(somebody, disj(p[0] for p in picks))))
            return [(pick, element) for pick, _, element in picks]
        sort = expr.var.sort
        return [
            (
                conj(
                    (can, *(negate(conj((rival, self._first_of_equals(world, sort, other, element))))
                            for rival, other in reaches if other != element))
                ),
                element,
            )
            for can, element in reaches
        ]  # fmt: skip

    def first(self, expr: First, env: Env, world: World) -> Choice:
        choice: Choice = []
        earlier: list[Any] = []
        for where, element, _ in self._range(expr, env, world):
            choice.append((conj((where, *(negate(e) for e in earlier))), element))
            earlier.append(where)
        return choice

    def highest(self, expr: Highest, env: Env, world: World) -> Any:
        return self.maximum(self._keyed(expr, env, world), self._read(expr.default, env, world))

    def _ranks(self, expr: Any, env: Env, world: World) -> list[tuple[Any, Any, Any, Any]]:
        """(condition, element, key, rank) of a range."""
        rows = self._keyed(expr, env, world)
        key = ("ranks", id(rows))
        if key not in self._cache:
            before = self._ties_between(rows, world, expr.var.sort)
            ranked = []
            for where, element, mine in rows:
                ahead = [
                    choose(
                        conj((there, disj((compare(theirs, ">", mine),
                                           conj((compare(theirs, "==", mine), before(other, element))))))),
                        Fraction(1), Fraction(0),
                    )
                    for there, other, theirs in rows if other != element
                ]  # fmt: skip
                ranked.append((where, element, mine, plus((Fraction(1), *ahead))))
            self._cache[key] = ranked
        return self._cache[key]

    def _ties_between(self, rows: list, world: World, sort: str) -> Callable[[Any, Any], Any]:
        if self.ties != "free":
            return lambda one, other: self._first_of_equals(world, sort, one, other)
        places = {element: z3.Int(self._name("place")) for _, element, _ in rows}
        if len(places) > 1:
            self.definitions.append(z3.Distinct(*places.values()))
        return lambda one, other: places[one] < places[other]

    def kth_highest(self, expr: KthHighest, env: Env, world: World) -> Any:
        k = self._read(expr.k, env, world)
        value: Any = Fraction(0)
        for where, _, key, rank in self._ranks(expr, env, world):
            value = choose(conj((where, compare(rank, "==", k))), key, value)
        return value

    def rank(self, expr: Rank, env: Env, world: World) -> Any:
        ranked = self._ranks(expr, env, world)
        last = plus((Fraction(1), *(choose(where, Fraction(1), Fraction(0)) for where, _, _, _ in ranked)))
        value: Any = last
        for guard, at in self.index(expr.at, env, world):
            here = next((choose(w, r, last) for w, e, _, r in ranked if e == at), last)
            value = choose(guard, here, value)
        return value

    def sum(self, expr: Sum, env: Env, world: World) -> Any:
        if expr.body.has(ArgMax) and (apart := taken_apart(expr)) != expr:
            return self._read(apart, env, world)
        return plus(
            choose(where, self._read(expr.body, inner, world), Fraction(0))
            for where, _, inner in self._range(expr, env, world)
        )

    def exists(self, expr: Exists, env: Env, world: World) -> Any:
        return disj(conj((w, self._read(expr.body, inner, world))) for w, _, inner in self._range(expr, env, world))

    def for_all(self, expr: ForAll, env: Env, world: World) -> Any:
        return conj(
            implies(w, self._read(expr.body, inner, world)) for w, _, inner in self._range(expr, env, world)
        )

    def greedy(self, expr: Greedy, env: Env, world: World) -> Any:
        accepted = self._accepted(expr, env, world)
        return disj(conj((g, accepted[e])) for g, e in self.index(expr.at, env, world) if e in accepted)

    def _accepted(self, expr: Greedy, env: Env, world: World) -> dict[Any, Any]:
        """Who is accepted: a constant for each agent, defined along the order of the keys."""
        free = [s for s in expr.free_symbols if isinstance(s, Index) and s not in expr.at.free_symbols]
        free += [s for s in expr.where.free_symbols if isinstance(s, Index) and s != expr.var]
        key = ("greedy", expr.body, expr.var, expr.conflict, expr.other, expr.where, world.name,
               self._key(env, sorted(set(free), key=str)))  # fmt: skip
        if key in self._cache:
            return self._cache[key]
        rows = self._keyed(expr, env, world)
        flags = {element: z3.Bool(self._name("accepted")) for _, element, _ in rows}
        for where, element, mine in rows:
            blocked = []
            for there, other, theirs in rows:
                if other == element:
                    continue
                earlier = disj((compare(theirs, ">", mine), conj((compare(theirs, "==", mine), other < element))))
                pair = {**env, expr.var: [(True, element)], expr.other: [(True, other)]}
                clash = self._read(expr.conflict, pair, world)
                blocked.append(conj((there, earlier, flags[other], clash)))
            self.definitions.append(flags[element] == condition(conj((where, negate(disj(blocked))))))
        self._cache[key] = flags
        return flags

    def awards(self, expr: Awards, env: Env, world: World) -> Any:
        outcome, agent, good = (self.index(a, env, world) for a in expr.args)
        return disj(
            conj((g, h, f)) for g, o in outcome for h, a in agent for f, item in good if o[item] == a
        )

    def contains(self, expr: Contains, env: Env, world: World) -> Any:
        bundle, good = (self.index(a, env, world) for a in expr.args)
        return disj(conj((g, h)) for g, b in bundle for h, item in good if item in b)

    # --- functions, worlds, arithmetic and logic -----------------------------------------------

    def applied(self, expr: Applied, env: Env, world: World) -> Any:
        """Virtual values: those given, else 2x - h with h >= 0 free (uniform priors with top h)."""
        argument = self._read(expr.argument, env, world)
        value: Any = Fraction(0)
        for guard, agent in self.index(expr.index, env, world):
            value = choose(guard, self._apply(expr, agent, argument), value)
        return value

    def _apply(self, expr: Applied, agent: int, argument: Any) -> Any:
        inverse = isinstance(expr, Inverse)
        if expr.family.name in self.given:
            return piecewise_linear(self.given[expr.family.name][agent], argument, inverse)
        top = self.constant(expr.family, (agent,))
        if inverse:
            return times((Fraction(1, 2), plus((argument, top))))
        return plus((times((Fraction(2), argument)), times((Fraction(-1), top))))

    def same_function(self, expr: SameFunction, env: Env, world: World) -> Any:
        one, other = (self.index(a, env, world)[0][1] for a in expr.args[1:])
        if expr.args[0].name in self.given:
            table = self.given[expr.args[0].name]
            return table[one] == table[other]
        return compare(self.constant(expr.args[0], (one,)), "==", self.constant(expr.args[0], (other,)))

    def at(self, expr: Any, env: Env, world: World) -> Any:
        inner = {formal: self.index(actual, env, world) for formal, actual in expr.bindings}
        there = self.worlds.get(expr.world, World(expr.world)) if expr.world else world
        if any(len(choice) != 1 or choice[0][0] is not True for choice in inner.values()):
            return self._spread_at(expr, {**env, **inner}, inner, there)
        return self._read(expr.expr, {**env, **inner}, there)

    def _spread_at(self, expr: Any, env: Env, inner: Env, there: World) -> Any:
        formal, choice = next((f, c) for f, c in inner.items() if len(c) != 1 or c[0][0] is not True)
        rest = {f: c for f, c in inner.items() if f != formal}
        value: Any = False if isinstance(expr, Truth) else Fraction(0)
        for guard, element in choice:
            here = {**env, **rest, formal: [(True, element)]}
            open_left = any(len(c) != 1 or c[0][0] is not True for c in rest.values())
            one = self._spread_at(expr, here, rest, there) if open_left else self._read(expr.expr, here, there)
            if isinstance(expr, Truth):
                value = disj((conj((guard, one)), conj((negate(guard), value))))
            else:
                value = choose(guard, one, value)
        return value

    def equal(self, expr: Any, env: Env, world: World) -> Any:
        if not (is_index(expr.lhs) or is_index(expr.rhs)):
            return compare(*self._two(expr, env, world, "=="))
        left, right = (self.index(a, env, world) for a in expr.args)
        same = [conj((g, h)) for g, e in left for h, f in right if e == f]
        none = conj(negate(g) for choice in (left, right) for g, _ in choice)
        return disj((*same, none))

    def _two(self, expr: Any, env: Env, world: World, sign: str) -> tuple[Any, str, Any]:
        left, right = (self._read(a, env, world) for a in expr.args)
        return left, sign, right

    def cases(self, expr: Cases, env: Env, world: World) -> Any:
        value: Any = Fraction(0)
        for one, test in reversed(expr.args):
            guard = self._read(test, env, world)
            value = choose(guard, self._read(one, env, world) if guard is not False else value, value)
        return value

    def product(self, expr: sp.Mul, env: Env, world: World) -> Any:
        above, below = [], []
        for factor in expr.args:
            if isinstance(factor, sp.Pow) and factor.exp.is_negative:
                below.append(sp.Pow(factor.base, -factor.exp))
            else:
                above.append(self._read(factor, env, world))
        value = times(above)
        for divisor in below:
            value = self._quotient(value, divisor, env, world)
        return value

    def power(self, expr: sp.Pow, env: Env, world: World) -> Any:
        if not expr.exp.is_Integer:
            raise NotAccepted(f"the power {expr} is not rational")
        if expr.exp.is_negative:
            return self._quotient(Fraction(1), sp.Pow(expr.base, -expr.exp), env, world)
        return times([self._read(expr.base, env, world)] * int(expr.exp))

    def _quotient(self, value: Any, divisor: Any, env: Env, world: World) -> Any:
        by = self._read(divisor, env, world)
        if isinstance(by, Fraction):
            # Division by zero has no value; what depends on it is caught by totality and by replay.
            return times((value, 1 / by)) if by else Fraction(0)
        if isinstance(divisor, Sum) and divisor.body == 1:
            # A count has few values: one case for each keeps the quotient linear.
            result: Any = Fraction(0)
            for count in range(1, len(self.domain(divisor.var.sort)) + 1):
                result = choose(compare(by, "==", count), times((value, Fraction(1, count))), result)
            return result
        quotient = z3.Real(self._name("quotient"))
        self.definitions.append(condition(implies(negate(compare(by, "==", 0)),
                                                  compare(times((quotient, by)), "==", value))))  # fmt: skip
        return quotient

    def extreme(self, expr: Max, env: Env, world: World) -> Any:
        values = [self._read(a, env, world) for a in expr.args]
        best = values[0]
        for value in values[1:]:
            sign = "<=" if isinstance(expr, Min) else ">="
            best = choose(compare(best, sign, value), best, value)
        return best

    def absolute(self, expr: sp.Abs, env: Env, world: World) -> Any:
        value = self._read(expr.args[0], env, world)
        return choose(compare(value, ">=", 0), value, times((Fraction(-1), value)))


def piecewise_linear(function: Any, argument: Any, inverse: bool) -> Any:
    """A given virtual value (or its inverse) applied to a term, piece by piece."""
    points = [(y, x) if inverse else (x, y) for x, y in function.knots]
    value: Any = None
    for (x0, y0), (x1, y1) in reversed(list(pairwise(points))):
        slope = (y1 - y0) / (x1 - x0)
        line = plus((times((slope, argument)), y0 - slope * x0))
        value = line if value is None else choose(compare(argument, "<", x1), line, value)
    return value


def _comparison(sign: str) -> Callable:
    return lambda self, expr, env, world: compare(*self._two(expr, env, world, sign))


def _index(self: FixedSize, expr: Index, env: Env, world: World) -> Any:
    choice = env[expr]
    return choice if is_index(expr) else Fraction(choice[0][1])


HANDLERS: dict[type, Callable] = {
    Index: _index,
    Entry: FixedSize.entry,
    Flag: FixedSize.entry,
    Applied: FixedSize.applied,
    Inverse: FixedSize.applied,
    SameFunction: FixedSize.same_function,
    ArgMax: FixedSize.argmax,
    First: FixedSize.first,
    Highest: FixedSize.highest,
    KthHighest: FixedSize.kth_highest,
    Rank: FixedSize.rank,
    Sum: FixedSize.sum,
    Exists: FixedSize.exists,
    ForAll: FixedSize.for_all,
    Greedy: FixedSize.greedy,
    Awards: FixedSize.awards,
    Contains: FixedSize.contains,
    At: FixedSize.at,
    Truth: FixedSize.at,
    Cases: FixedSize.cases,
    Max: FixedSize.extreme,
    Min: FixedSize.extreme,
    sp.Abs: FixedSize.absolute,
    sp.Add: lambda self, expr, env, world: plus(self._read(a, env, world) for a in expr.args),
    sp.Mul: FixedSize.product,
    sp.Pow: FixedSize.power,
    sp.And: lambda self, expr, env, world: conj(self._read(a, env, world) for a in expr.args),
    sp.Or: lambda self, expr, env, world: disj(self._read(a, env, world) for a in expr.args),
    sp.Not: lambda self, expr, env, world: negate(self._read(expr.args[0], env, world)),
    sp.Implies: lambda self, expr, env, world: implies(*(self._read(a, env, world) for a in expr.args)),
    sp.Equivalent: lambda self, expr, env, world: iff(*(self._read(a, env, world) for a in expr.args)),
    sp.ITE: lambda self, expr, env, world: disj((
        conj((self._read(expr.args[0], env, world), self._read(expr.args[1], env, world))),
        conj((negate(self._read(expr.args[0], env, world)), self._read(expr.args[2], env, world))),
    )),
    sp.Eq: FixedSize.equal,
    sp.Ne: lambda self, expr, env, world: negate(self.equal(expr, env, world)),
    sp.Gt: _comparison(">"),
    sp.Ge: _comparison(">="),
    sp.Lt: _comparison("<"),
    sp.Le: _comparison("<="),
}  # fmt: skip
CACHED = (ArgMax, First, Highest, KthHighest, Rank, Sum, Exists, ForAll, Cases, At, Truth, sp.Mul)
