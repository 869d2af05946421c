"""The leaves of an exploration as Z3: what code does with the reports of one world.

The same summary serves every world. Its variables become the reports there, and every auxiliary number a
constant of its own, which belongs to that leaf and those reports: to share one between two worlds would
tie the worlds together and prove what is not so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import z3

from mechanism.instance import sort_domain
from mechanism.language import Computed, Index, World
from mechanism.language.procedure import ALLOCATION, Procedure
from proofs.engines.engine import NotAccepted
from proofs.engines.paths.atoms import EQUAL, LESS, UNEQUAL, Atom
from proofs.engines.paths.forms import Form
from proofs.engines.paths.leaves import Exploration, Leaf
from proofs.engines.paths.summary import summary
from proofs.lowering.terms import choose, compare, conj, disj, negate, plus, times

if TYPE_CHECKING:
    from proofs.lowering.fixed_size import FixedSize
    from proofs.lowering.fixed_operators import Choice, Env


@dataclass(frozen=True)
class Way:
    """Leaves with one outcome.

    Parameters
    ----------
    taken : z3 condition
        A constant: this is the outcome.
    """

    taken: Any
    allocation: Any
    payments: tuple[Any, ...]


@dataclass(frozen=True)
class Ways:
    """Every outcome on some reports, and the facts that say when each is taken."""

    ways: tuple[Way, ...]
    facts: tuple[Any, ...]


def computed(self: FixedSize, expr: Computed, env: Env, world: World) -> Any:
    """A part of what code decides, as a choice over its leaves."""
    present = self._present("agent", env, world)
    ways = _in_world(self, expr.procedure, present, world)
    if not expr.index:
        return _chosen(ways)
    value: Any = Fraction(0)
    goods = self.index(expr.index[1], env, world) if len(expr.index) > 1 else [(True, None)]
    for guard, agent in self.index(expr.index[0], env, world):
        if agent not in present:
            continue
        for also, good in goods:
            one = _part(self, ways, expr.part, present.index(agent), good)
            value = choose(conj((guard, also)), one, value)
    return value


def _chosen(ways: Ways) -> Choice:
    """The outcome that is chosen for everybody."""
    options: dict[int, list[Any]] = {}
    for way in ways.ways:
        if not isinstance(way.allocation, Fraction) or way.allocation.denominator != 1:
            raise NotAccepted("the chosen outcome is no whole number on some path")
        options.setdefault(int(way.allocation), []).append(way.taken)
    return [(disj(taken), outcome) for outcome, taken in options.items()]


def _part(self: FixedSize, ways: Ways, part: str, place: int, good: Any) -> Any:
    """One number of the outcome: the distinct values, each with the ways that lead to it."""
    key = ("part", id(ways), part, place, good)
    if key in self._cache:
        return self._cache[key]
    rows: dict[Any, tuple[Any, list[Any]]] = {}
    for way in ways.ways:
        value = (way.allocation if part == ALLOCATION else way.payments)[place]
        if good is not None:
            value = value[good]
        name = value if isinstance(value, Fraction) else value.get_id()
        rows.setdefault(name, (value, []))[1].append(way.taken)
    found: Any = Fraction(0)
    for n, (value, taken) in enumerate(sorted(rows.values(), key=lambda row: -len(row[1]))):
        found = value if n == 0 else choose(disj(taken), value, found)
    self._cache[key] = found
    return found


def _in_world(self: FixedSize, procedure: Procedure, present: tuple, world: World) -> Ways:
    key = ("ways", procedure, world.name)
    if key in self._cache:
        return self._cache[key]
    entry = procedure.args[1]
    (who,) = (s for s in entry.index[:1])
    over = tuple(len(sort_domain(i.sort, self.sizes)) for i in entry.index[1:])
    told = summary(procedure, len(present), over, entry.family.domain)
    if not told.complete:
        raise NotAccepted(f"symbolic execution ends at {told.stops[0]}")
    terms: list[Any] = []
    for agent in present:
        terms += _entries(self, entry, {who: [(True, agent)]}, world, entry.index[1:])
    ways = ways_of(told, terms, str(procedure.args[0]))
    self.definitions.extend(ways.facts)
    self._cache[key] = ways
    return ways


def _entries(
    self: FixedSize, entry: Any, env: Env, world: World, rest: tuple[Index, ...]
) -> list[Any]:
    if not rest:
        return [self.read(entry, env, world)]
    found: list[Any] = []
    for element in self.domain(rest[0].sort):
        found += _entries(self, entry, {**env, rest[0]: [(True, element)]}, world, rest[1:])
    return found


# --- instances of a summary ------------------------------------------------------------------------

_instances: dict[Any, tuple[list[Any], Ways]] = {}
_KEPT = 64


def ways_of(told: Exploration, terms: list[Any], name: str) -> Ways:
    """The summary on some reports; the same reports have the same auxiliary constants."""
    key = (id(told), tuple(t if isinstance(t, Fraction) else t.get_id() for t in terms))
    found = _instances.get(key)
    if found is None:
        while len(_instances) >= _KEPT:
            _instances.pop(next(iter(_instances)))
        # The terms are kept, so that their ids stay theirs.
        found = _instances[key] = (terms, _Instance(told, terms, name).ways())
    return found[1]


class _Instance:
    def __init__(self, told: Exploration, terms: list[Any], name: str) -> None:
        self.told = told
        self.terms = dict(enumerate(terms))
        text = ",".join(str(t) for t in terms)
        self.tag = blake2b(f"{name} {text}".encode(), digest_size=4).hexdigest()
        self._atoms: dict[Any, Any] = {}
        self._forms: dict[Form, Any] = {}

    def ways(self) -> Ways:
        groups: dict[Any, tuple[Leaf, dict[int, Any], list[Any]]] = {}
        for n, leaf in enumerate(self.told.leaves):
            if leaf.crash is not None:
                continue
            of = self._auxiliary(n, leaf)
            guard = conj(self._atom(a, of) for a in leaf.condition)
            key = n if of else (leaf.allocation, leaf.payments)
            groups.setdefault(key, (leaf, of, []))[2].append(guard)
        ways, facts = [], []
        for n, (leaf, of, guards) in enumerate(groups.values()):
            taken = z3.Bool(f"way!{n}!{self.tag}")
            facts.append(z3.Implies(taken, disj(guards)) if disj(guards) is not True else True)
            ways.append(
                Way(
                    taken,
                    self._value(leaf.allocation, of),
                    tuple(self._value(p, of) for p in leaf.payments),
                )
            )
        # Where the code raises there is no outcome: such reports are outside of what is asked.
        facts.append(disj(way.taken for way in ways))
        facts += [z3.Not(z3.And(a.taken, b.taken)) for n, a in enumerate(ways) for b in ways[:n]]
        return Ways(tuple(ways), tuple(f for f in facts if f is not True))

    def _auxiliary(self, n: int, leaf: Leaf) -> dict[int, Any]:
        made = {}
        for one in leaf.auxiliaries:
            name = f"{one.kind}!{n}!{one.variable}!{self.tag}"
            made[one.variable] = z3.ToReal(z3.Int(name)) if one.integer else z3.Real(name)
        return made

    def _value(self, nested: Any, of: dict[int, Any]) -> Any:
        if isinstance(nested, Form):
            return self._form(nested, of)
        return tuple(self._value(part, of) for part in nested)

    def _form(self, form: Form, of: dict[int, Any]) -> Any:
        if not of and form in self._forms:
            return self._forms[form]
        parts = []
        for monomial, coefficient in form.terms:
            factors = [of[v] if v in of else self.terms[v] for v in monomial]
            parts.append(times((Fraction(coefficient), *factors)))
        value = plus((Fraction(form.const), *parts))
        if not of:
            self._forms[form] = value
        return value

    def _atom(self, atom: Atom, of: dict[int, Any]) -> Any:
        local = bool(of) and not of.keys().isdisjoint(atom.form.variables)
        if not local and atom.key in self._atoms:
            return self._atoms[atom.key]
        value = _comparison(atom, lambda form: self._form(form, of if local else {}))
        if not local:
            self._atoms[atom.key] = value
        return value


def _comparison(atom: Atom, read: Callable[[Form], Any]) -> Any:
    """Written as one side against the other, in which Z3 sees a difference."""
    form = atom.form
    left = read(Form(tuple((m, c) for m, c in form.terms if c > 0), 0))
    right = read(Form(tuple((m, -c) for m, c in form.terms if c < 0), -form.const))
    sign = "==" if atom.sign in (EQUAL, UNEQUAL) else "<" if atom.sign == LESS else "<="
    value = compare(left, sign, right)
    return negate(value) if atom.sign == UNEQUAL else value


__all__ = ["Way", "Ways", "computed", "ways_of"]
