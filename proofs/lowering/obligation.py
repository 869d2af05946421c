"""An obligation for given sizes and roles, put together: domains, assumptions, premises, violation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import z3

from mechanism.instance import Instance
from mechanism.language import Family, Index, World
from proofs.lowering.fixed_size import FixedSize
from proofs.lowering.terms import compare, condition, conj, iff, implies
from properties.check import families
from properties.property import Obligation


@dataclass(frozen=True)
class Lowered:
    """The assertions for one choice of roles, and what reads a model back.

    `premises` are everything but the violation; `parts` names the pieces for those who add more.
    """

    obligation: Obligation
    sizes: Mapping[str, int]
    roles: Mapping[Index, int]
    premises: tuple[Any, ...]
    violation: Any
    fixed: FixedSize

    @property
    def assertions(self) -> tuple[Any, ...]:
        return (*self.premises, condition(self.violation))

    @property
    def entries(self) -> dict[tuple[Family, tuple], Any]:
        return self.fixed.entries


def lower(
    obligation: Obligation,
    sizes: Mapping[str, int],
    roles: Mapping[Index, int],
    ties: str | None = None,
    beside: Lowered | None = None,
) -> Lowered | None:
    """Lower an obligation, or None where the roles cannot meet the premises.

    Parameters
    ----------
    ties : str, optional
        Another policy than the rule's own, or ``free``.
    beside : Lowered, optional
        The same rule with the same sizes and ties, for other roles: what these do not change is read once.
        Two lowerings that meet in one question must share it, so that their constants are told apart.
    """
    rule = obligation.rule
    if beside is None:
        fixed = FixedSize(sizes, ties or rule.ties, obligation.worlds, roles, rule.given)
    else:
        fixed = beside.fixed.playing(obligation.worlds, roles)
    needed = [fixed.read(p) for p in obligation.premises]
    if conj(needed) is False:
        return None
    domains: list[Any] = []
    for family, index in every_entry(obligation, sizes, roles):
        domains += fixed.inside(family, index)
    for world in (World("everybody"), *obligation.worlds.values()):
        present = [a for a in fixed.domain("agent") if a not in {roles[r] for r in world.absent}]
        env = {role: [(True, agent)] for role, agent in roles.items()}
        for agent in present:
            needed.append(fixed.read(rule.admissible, {**env, rule.agent: [(True, agent)]}, world))
        needed += [
            fixed.read(a, None, world) for a in rule.assumptions if world.name != "everybody"
        ]
    if conj(needed) is False:
        return None
    violation = fixed.read(obligation.violation)
    if fixed.ties == "any":
        for world in obligation.worlds.values():
            places = [fixed.place(world, a) for a in fixed.domain("agent")]
            domains += [z3.And(p >= 0, p < len(places)) for p in places]
            domains += [z3.Distinct(*places)] if len(places) > 1 else []
        domains += _orders_follow_reports(obligation, fixed)
    premises = (*(condition(p) for p in (*domains, *needed) if p is not True), *fixed.definitions)
    return Lowered(obligation, sizes, roles, premises, violation, fixed)


def _orders_follow_reports(obligation: Obligation, fixed: FixedSize) -> Iterator[Any]:
    """Worlds in which the same agents report the same break ties alike."""
    for one, other in combinations(obligation.worlds.values(), 2):
        gone, gone_too = ({fixed.roles[r] for r in w.absent} for w in (one, other))
        if gone != gone_too:
            continue
        agents = [a for a in fixed.domain("agent") if a not in gone]
        same = []
        for family in obligation.rule.reports:
            for index in product(agents, *map(fixed.domain, family.over[1:])):
                here, there = (
                    fixed.constant(*fixed.spoken(family, index, w)) for w in (one, other)
                )
                same.append(_same(here, there, family.domain.boolean))
        places = [(fixed.place(one, a), fixed.place(other, a)) for a in agents]
        yield condition(implies(conj(same), conj(p == q for p, q in places)))


def _same(one: Any, other: Any, boolean: bool) -> Any:
    if one is other:
        return True
    return iff(one, other) if boolean else compare(one, "==", other)


def every_entry(
    obligation: Obligation, sizes: Mapping[str, int], roles: Mapping[Index, int]
) -> Iterator[tuple[Family, tuple]]:
    """All entries an instance has; misreports only of those who misreport."""
    speakers = {roles[role] for role in obligation.said}
    reader = Instance(sizes)
    for family in families(obligation):
        domains = [reader.domain(sort) for sort in family.over]
        for index in product(*domains):
            if family.kind != "lie" or index[0] in speakers:
                yield family, index


def role_choices(
    obligation: Obligation, agents: int, canonical: bool
) -> Iterator[dict[Index, int]]:
    """Which agent fills which role; `canonical` only up to renaming the agents."""
    roles = obligation.roles
    for places in product(range(agents), repeat=len(roles)):
        if canonical and any(p > max(places[:n], default=-1) + 1 for n, p in enumerate(places)):
            continue
        yield dict(zip(roles, places, strict=True))


def size_choices(
    obligation: Obligation, agents: int, largest: bool = False
) -> Iterator[dict[str, int]]:
    """The sizes of all sorts for a number of agents."""
    ranges = [range(low, high + 1) for low, high in obligation.rule.sizes.values()]
    for sizes in product(*ranges):
        yield {"agent": agents, **dict(zip(obligation.rule.sizes, sizes, strict=True))}


def instance_of(lowered: Lowered, values: Mapping[str, Any]) -> Instance:
    """The instance a model describes.

    Parameters
    ----------
    values : mapping of str to Fraction or bool
        The model's constants by name; what it leaves open is 0 or no.
    """
    obligation, fixed = lowered.obligation, lowered.fixed
    reader = Instance(lowered.sizes)
    speakers = {lowered.roles[role] for role in obligation.said}
    tables = {}
    for family in families(obligation):
        truth = _twin(obligation, family)

        def value(index: tuple, family: Family = family, truth: Any = truth) -> Any:
            source = truth if truth is not None and index[0] not in speakers else family
            return _value(fixed, source, index, values)

        tables[family.name] = _nest(reader, family.over, (), value)
    orders = {}
    if fixed.ties == "any":
        for name, world in obligation.worlds.items():
            place = {
                a: values.get(str(fixed.place(world, a)), Fraction(a))
                for a in reader.domain("agent")
            }
            orders[name] = tuple(sorted(place, key=lambda a: place[a]))
    roles = {role.name: agent for role, agent in lowered.roles.items()}
    return Instance(lowered.sizes, tables, roles, orders)


def _twin(obligation: Obligation, family: Family) -> Family | None:
    if family.kind != "lie":
        return None
    return next(b.truth for b in obligation.rule.reports if b.lie == family)


def _nest(reader: Instance, sorts: tuple[str, ...], index: tuple, value: Any) -> Any:
    if not sorts:
        return value(index)
    return tuple(_nest(reader, sorts[1:], (*index, e), value) for e in reader.domain(sorts[0]))


def _value(fixed: FixedSize, family: Family, index: tuple, values: Mapping[str, Any]) -> Any:
    constant = fixed.constant(family, index)
    if not z3.is_expr(constant):
        return constant
    name = constant.arg(0).decl().name() if z3.is_to_real(constant) else constant.decl().name()
    if family.domain.boolean:
        return bool(values.get(name, False))
    found = values.get(name, Fraction(0))
    if family.kind == "function":
        from mechanism.virtual import Affine

        return Affine(Fraction(2), -found)
    return found
