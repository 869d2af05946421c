"""The leaves of an exploration as Z3: what code does with the reports of one world.

The same summary serves every world: its variables become the reports there, and what a leaf computes from
them beyond polynomials becomes constants, see `auxiliaries`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import z3

from mechanism.instance import sort_domain
from mechanism.language import Computed, Index, Observed, World
from mechanism.language.procedure import ALLOCATION, Procedure
from mechanism.targets.conduct import CRASHES
from proofs.engines.engine import NotAccepted
from proofs.engines.paths.atoms import EQUAL, LESS, UNEQUAL, Atom
from proofs.engines.paths.forms import Form
from proofs.engines.paths.leaves import Exploration
from proofs.engines.paths.summary import summary
from proofs.lowering.auxiliaries import Floors, constants
from proofs.lowering.terms import choose, compare, conj, disj, negate, plus, times

if TYPE_CHECKING:
    from proofs.lowering.fixed_size import FixedSize
    from proofs.lowering.once import Env


@dataclass(frozen=True)
class Way:
    """One leaf on some reports: when it is taken, and its outcome."""

    guard: Any
    allocation: Any
    payments: tuple[Any, ...]


@dataclass(frozen=True)
class Ways:
    """Every way through the code on some reports.

    Parameters
    ----------
    raises : tuple of (z3 condition, bool)
        For each leaf that raises instead of returning, when; and whether the code does so on purpose.
    floors : dict
        See `auxiliaries`.
    """

    ways: tuple[Way, ...]
    raises: tuple[Any, ...]
    tag: str
    floors: Floors


@dataclass(frozen=True)
class Share:
    """What one agent gets and pays, and the fact that ties both to the ways.

    Parameters
    ----------
    gets : list of (z3 condition, allocation)
        A constant for each allocation that occurs; exactly one of them holds.
    """

    gets: list[tuple[Any, Any]]
    pays: Any
    fact: Any


def computed(self: FixedSize, expr: Computed, env: Env, world: World) -> Any:
    """A part of what code decides, as a choice over its leaves."""
    present = self._present("agent", env, world)
    ways = _in_world(self, expr.procedure, present, world)
    if not expr.index:
        return [(taken, _outcome(value)) for taken, value in _share(self, ways, None).gets]
    value: Any = Fraction(0)
    goods = self.index(expr.index[1], env, world) if len(expr.index) > 1 else [(True, None)]
    for guard, agent in self.index(expr.index[0], env, world):
        if agent not in present:
            continue
        share = _share(self, ways, present.index(agent))
        if expr.part != ALLOCATION:
            value = choose(guard, share.pays, value)
            continue
        for also, good in goods:
            value = choose(conj((guard, also)), _amount(share, good), value)
    return value


def _outcome(value: Any) -> int:
    if not isinstance(value, Fraction) or value.denominator != 1:
        raise NotAccepted("the chosen outcome is no whole number on some path")
    return int(value)


def _amount(share: Share, good: Any) -> Any:
    """How much an agent gets (of a good)."""
    rows: dict[Any, tuple[Any, list[Any]]] = {}
    for taken, allocation in share.gets:
        value = allocation if good is None else allocation[good]
        rows.setdefault(_name(value), (value, []))[1].append(taken)
    # Where the code only raises there is nothing, and no reports are left to ask about.
    (first, _), *rest = rows.values() or [(Fraction(0), [])]
    found = first
    for value, taken in rest:
        found = choose(disj(taken), value, found)
    return found


def _name(value: Any) -> Any:
    """What tells values apart: numbers, z3 terms, or tuples of them."""
    if isinstance(value, tuple):
        return tuple(_name(part) for part in value)
    return value if isinstance(value, Fraction) else ("term", value.get_id())


def _share(self: FixedSize, ways: Ways, place: int | None) -> Share:
    """What an agent gets and pays, grouped: the ways to one allocation and one payment are one case.

    This is much less for a solver than a choice over all outcomes (McAfee with 3 buyers and 3 sellers:
    9 cases instead of 288, and 0.1 s instead of 4 s).
    """
    return self.once(("share", ways.tag, place), lambda: _grouped(self, ways, place))


def _grouped(self: FixedSize, ways: Ways, place: int | None) -> Share:
    cases: dict[Any, tuple[Any, Any, list[Any]]] = {}
    for way in ways.ways:
        common = not isinstance(way.allocation, tuple)
        gets = way.allocation if common or place is None else way.allocation[place]
        pays = Fraction(0) if place is None else way.payments[place]
        cases.setdefault((_name(gets), _name(pays)), (gets, pays, []))[2].append(way.guard)
    owner = (
        "all"
        if place is None or all(not isinstance(w.allocation, tuple) for w in ways.ways)
        else place
    )
    allocations = {_name(gets): gets for gets, _, _ in cases.values()}
    taken: dict[Any, Any] = {
        name: z3.Bool(f"gets!{owner}!{n}!{ways.tag}") for n, name in enumerate(allocations)
    }
    if len(taken) == 1:
        taken = dict.fromkeys(taken, True)
    payments = {_name(pays): pays for _, pays, _ in cases.values()}
    paid = z3.Real(f"pays!{place}!{ways.tag}") if len(payments) > 1 else None
    rows = []
    for gets, pays, guards in cases.values():
        told = [t if name == _name(gets) else negate(t) for name, t in taken.items()]
        if paid is not None:
            told.append(compare(paid, "==", pays))
        rows.append(conj((*told, disj(guards))))
    # Where the code raises there is no outcome: such reports are outside of what is asked.
    fact = True if len(cases) == 1 and not ways.raises else disj(rows)
    share = Share(
        [(taken[name], gets) for name, gets in allocations.items()],
        next(iter(payments.values()), Fraction(0)) if paid is None else paid,
        fact,
    )
    self.state(fact)
    return share


def _in_world(self: FixedSize, procedure: Procedure, present: tuple, world: World) -> Ways:
    key = ("ways", procedure, self.told(world))
    return self.once(key, lambda: _ways(self, procedure, present, world))


def _ways(self: FixedSize, procedure: Procedure, present: tuple, world: World) -> Ways:
    entry, *flags = procedure.args[1:]
    who = entry.index[0]
    over = tuple(len(sort_domain(i.sort, self.sizes)) for i in entry.index[1:])
    first = tuple(self.read(f, {who: [(True, a)]}, world) for f in flags[:1] for a in present)
    if not all(isinstance(flag, bool) for flag in first):
        raise NotAccepted("the sides of the agents are open")
    told = self.once(
        ("told", procedure, len(present), first),
        lambda: summary(procedure, len(present), over, entry.family.domain, first),
    )
    if not told.complete:
        stop = told.stops[0]
        raise NotAccepted(f"symbolic execution ends{' at' if stop.place else ':'} {stop}")
    terms: list[Any] = []
    for agent in present:
        terms += _entries(self, entry, {who: [(True, agent)]}, world, entry.index[1:])
    ways = ways_of(told, terms, str(procedure.args[0]))
    self.used.floors.update(ways.floors)
    return ways


def observed(self: FixedSize, expr: Observed, env: Env, world: World) -> Any:
    """Whether the code raises, and not on purpose; what else is seen of it has no encoding."""
    if expr.what != CRASHES:
        raise NotAccepted(f"whether the code {expr.what} is not seen on symbols")
    present = self._present("agent", env, world)
    ways = _in_world(self, expr.procedure, present, world)
    return disj(guard for guard, refused in ways.raises if not refused)


def summaries(lowering: FixedSize) -> list[Exploration]:
    """The explorations that a lowering has read."""
    return [told for key, (told, _) in lowering.cache.items() if key[0] == "told"]


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
    """The summary on some reports; the same reports have the same constants."""
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
        self.floors: Floors = {}
        self._atoms: dict[Any, Any] = {}
        self._forms: dict[Form, Any] = {}

    def ways(self) -> Ways:
        ways, raises = [], []
        for leaf in self.told.leaves:
            of = constants(leaf, self._form, self.floors)
            guard = conj(self._atom(a, of) for a in leaf.condition)
            if leaf.crash is not None:
                raises.append((guard, leaf.crash.refused))
                continue
            payments = tuple(self._value(p, of) for p in leaf.payments)
            ways.append(Way(guard, self._value(leaf.allocation, of), payments))
        return Ways(tuple(ways), tuple(raises), self.tag, self.floors)

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


__all__ = ["Ways", "computed", "observed", "summaries", "ways_of"]
