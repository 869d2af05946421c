"""The robust twin: a violation that no tie decides and no small change undoes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import z3

from mechanism.instance import Instance
from mechanism.language import at
from mechanism.ties import untied
from proofs.engines.engine import Budget
from proofs.engines.search import random_profiles, violations
from proofs.enumerate import by_size
from proofs.lowering.terms import compare, condition, conj
from proofs.violations import Violations, among
from properties.check import families
from properties.property import Obligation

TOPS = (2, 3, 4, 6, 10)
ROWS = 4_000


def robust(
    obligation: Obligation, budget: Budget, instance: Instance, deadline: float = float("inf")
) -> Instance | None:
    """A violation without ties, with a margin of at least 1, in small whole numbers; or None.

    Many profiles of the sizes of a violation are tried first; they are quicker to find than to ask a solver
    for. It is asked for one with the same agents in the roles.
    """
    given = obligation.rule.given
    drawn = all(f.kind != "function" and f.name not in given for f in families(obligation))
    found = _by_search(obligation, dict(instance.sizes), budget.seed) if drawn else None
    return found or _by_solver(obligation, budget, instance, deadline)


def _by_search(obligation: Obligation, sizes: dict[str, int], seed: int) -> Instance | None:
    clear = tuple(at(world, untied(obligation.rule), {}) for world in obligation.worlds)
    strict = replace(obligation, premises=(*obligation.premises, *clear, obligation.margin >= 1))
    rng = np.random.default_rng(seed)
    for top in TOPS:
        tables, roles = random_profiles(strict, sizes, (top,), ROWS, rng)
        in_order = partial(by_size, strict, tables, roles)
        _, found = violations(strict, sizes, tables, roles, in_order)
        if found is not None:
            return found
    return None


def _by_solver(
    obligation: Obligation, budget: Budget, like: Instance, deadline: float
) -> Instance | None:
    roles = {role: like.roles[role.name] for role in obligation.roles}
    search = Violations(obligation, dict(like.sizes), budget, deadline, choices=[roles])
    for pick, option in zip(search.picks, search.options, strict=True):
        clear = [
            option.fixed.read(untied(obligation.rule), None, w) for w in obligation.worlds.values()
        ]
        room = compare(option.fixed.read(obligation.margin), ">=", 1)
        search.keep(z3.Implies(pick, condition(conj((*clear, room)))))
        for fact in option.fixed.definitions:
            search.keep(fact)
    numbers = [c for c in search.constants if not z3.is_bool(c)]
    for top in (2, 3, 4, 6, 10):
        if search.check(*(among(c, top, 1) for c in numbers)) == "sat":
            for constant in numbers:
                search.keep(among(constant, top, 1))
            search.smallest_sum()
            return search.instance()
    return None
