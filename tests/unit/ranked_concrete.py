"""Concrete auctions for the lowering by ranks: random ones, and formulas that pin one down."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain

import z3

from mechanism.instance import Instance
from proofs.lowering.ranked_cases import cases
from proofs.lowering.ranked_sequences import Others, Table
from properties.check import check, families


def draw(random, obligation, agents):
    """A random small auction, ties included."""
    slots = random.randint(1, 3)
    sizes = {"agent": agents} | ({"slot": slots} if "slot" in obligation.rule.sizes else {})
    top = random.choice([1, 2, 3, 5])
    tables = {}
    for family in families(obligation):
        low = 1 if family.domain.integer else 0
        one = (lambda: random.random() < 0.5) if family.domain.boolean else (
            lambda low=low: Fraction(random.randint(low, max(low, top))))  # fmt: skip
        if not family.over:
            tables[family.name] = one()
        elif family.over == ("slot",):
            tables[family.name] = tuple(sorted((one() for _ in range(slots)), reverse=True))
        else:
            tables[family.name] = tuple(one() for _ in range(agents))
    return Instance(sizes, tables, {r.name: random.randrange(agents) for r in obligation.roles})


def violated(random, obligation, tries, agents=(2, 3, 3, 4, 5)):
    """A random auction in which the property fails, or None."""
    for _ in range(tries):
        instance = draw(random, obligation, random.choice(agents))
        if check(obligation, instance).violated:
            return instance
    return None


def case_of(obligation, instance):
    """The case an auction belongs to, and the agent behind each named one."""
    named = list(dict.fromkeys(instance.roles[role.name] for role in obligation.roles))
    numbers = tuple(named.index(instance.roles[role.name]) for role in obligation.roles)
    for case in cases(obligation):
        sides = () if case.flag is None else [instance.tables[case.flag.name][a] for a in named]
        if tuple(n for _, n in case.agents) == numbers and (
            case.flag is None or [*case.sides] == sides
        ):
            return case, named
    raise AssertionError("no case fits")


def pinned(low, instance, named):
    """That the sequences, counts, reports and parameters are those of one auction."""
    tables, facts = instance.tables, []
    for number, agent in enumerate(named):
        name = low.orders.name[number]
        facts.append(z3.Real(f"type.{name}") == z3.RealVal(tables["v"][agent]))
        facts.append(z3.Real(f"place.{name}") == agent)
        if "b'" in tables:
            facts.append(z3.Real(f"lie.{name}") == z3.RealVal(tables["b'"][agent]))
    for sequence in dict.fromkeys(chain(*low.theory.owners.values())):
        if isinstance(sequence, Others):
            facts += _others(low, sequence, instance, named)
        if isinstance(sequence, Table):
            rows = enumerate(tables[sequence.name], start=1)
            facts += [sequence.key(slot) == z3.RealVal(number) for slot, number in rows]
    if "slot" in instance.sizes:
        facts.append(z3.Int("slots") == instance.sizes["slot"])
    if "k" in tables:
        facts.append(z3.Int("parameter.k") == int(tables["k"]))
    return facts


def _others(low, others, instance, named):
    side = next(order.side for order in low.orders.every() if order.others is others)
    flags = instance.tables.get(low.case.flag.name) if low.case.flag is not None else None
    types = instance.tables["v"]
    rest = [a for a in range(instance.sizes["agent"])
            if a not in named and (flags is None or flags[a] == side)]  # fmt: skip
    rest.sort(key=lambda a: (-others.sign * types[a], a))
    yield others.count == len(rest)
    for rank, agent in enumerate(rest, start=1):
        yield others.report(rank) == z3.RealVal(types[agent])
        yield others.place(rank) == agent
