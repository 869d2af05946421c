"""The search engine: many profiles at once, small whole numbers with ties, on the numpy lowering.

It proves nothing. It attacks what was proved, and looks where the solvers did not get.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.evaluate.batch import Batch
from mechanism.instance import Instance
from mechanism.language import Answered, Family, ForAll, Index, Observed, agents, at
from mechanism.virtual import uniform
from proofs.engines.grids import given_table, grid, whole_numbers
from proofs.lowering.obligation import size_choices
from properties.check import check, families
from properties.property import Obligation

ID = "search"
_ANYBODY = agents("anybody")
# Values go up to this: few enough for ties, enough for order statistics to differ.
TOPS = (1, 3, 8)
# Tables and roles, a profile in each row.
Batched = tuple[dict[str, Any], dict[Index, Any]]
CONFIRM = 50  # hits of one batch that the referee looks at


@dataclass(frozen=True)
class Tried:
    """What a search tried.

    Parameters
    ----------
    profiles : int
        How many profiles met the premises.
    instance : Instance or None
        A violation, confirmed by the exact referee. What divides is computed in doubles here, so that a
        hit by a rounding error is dropped by the referee.
    whole : tuple of str
        The grids that were tried without exception.
    reached : frozenset of int
        The numbers of agents with such profiles.
    """

    profiles: int
    instance: Instance | None = None
    whole: tuple[str, ...] = ()
    reached: frozenset[int] = frozenset()


def search(obligation: Obligation, numbers: range | list[int], profiles: int, seed: int) -> Tried:
    """Try profiles of whole numbers for each number of agents, a share of `profiles` for each.

    Where the whole grid up to some value is not more than that share, it is tried without exception.
    """
    rng = np.random.default_rng(seed)
    tried = 0
    whole: dict[int, int] = {}
    reached: set[int] = set()
    for sizes, batch, top in _batches(obligation, numbers, profiles, rng):
        if top and not obligation.rule.sizes:
            whole[sizes["agent"]] = top
        admitted, instance = violations(obligation, sizes, *batch)
        tried += admitted
        if admitted:
            reached.add(sizes["agent"])
        if instance is not None:
            return Tried(tried, instance)
    told = tuple(f"every one up to {top} for n = {n}" for n, top in whole.items() if n in reached)
    return Tried(tried, None, told, frozenset(reached))


def _batches(
    obligation: Obligation, numbers: range | list[int], profiles: int, rng: np.random.Generator
) -> Iterator[tuple[dict[str, int], Batched, int]]:
    """Sizes, profiles of them, and up to which value these are the whole grid; 0 if they are some of it."""
    plan = [sizes for n in numbers for sizes in size_choices(obligation, n)]
    for sizes in plan:
        share = max(profiles // (len(plan) * len(TOPS)), 50)
        for place, top in enumerate(TOPS):
            batch = grid(obligation, sizes, top, share)
            if batch is None:
                left = TOPS[place:]
                yield sizes, random_profiles(obligation, sizes, left, share * len(left), rng), 0
                break
            yield sizes, batch, top


def violations(
    obligation: Obligation,
    sizes: dict[str, int],
    tables: dict[str, Any],
    roles: dict[Index, Any],
    ordered: Callable[[np.ndarray], np.ndarray] | None = None,
    confirmed: Callable[[Obligation, Instance], bool] = lambda of, at: check(of, at).violated,
) -> tuple[int, Instance | None]:
    """How many profiles meet the premises, and the first violation that the exact referee confirms: the first
    of all in the given order, or one of the first few without an order.
    """
    rule = obligation.rule
    varied = {f.name for f in families(obligation) if tables[f.name].ndim == len(f.over) + 1}
    rows = max([1, *(len(tables[n]) for n in varied), *map(len, roles.values())])
    admissible = ForAll(at("", rule.admissible, {rule.agent: _ANYBODY}), _ANYBODY)
    needed = list(obligation.premises)
    if all(w.reports or w.absent for w in obligation.worlds.values()):
        # Those who are absent or lie have types that no world has told.
        needed.append(at("everybody", admissible, {}))
    for name in obligation.worlds:
        needed += [at(name, fact, {}) for fact in (admissible, *rule.assumptions)]
    if not obligation.violation.has(Observed):
        needed += [at(n, Answered(p), {}) for n in obligation.worlds for p in rule.procedures]
    if rule.procedures:  # which are run once for all that is asked
        *met, violated = _conditions(
            obligation, sizes, tables, roles, [*needed, obligation.violation]
        )
        admitted = _all(rows, met)
    else:
        admitted = _all(rows, _conditions(obligation, sizes, tables, roles, needed))
        if not admitted.size:
            return 0, None
        of = lambda array: array[admitted] if len(array) == rows else array  # noqa: E731
        batched = {n: of(t) if n in varied else t for n, t in tables.items()}
        there = {role: of(places) for role, places in roles.items()}
        (violated,) = _conditions(obligation, sizes, batched, there, [obligation.violation])
    violated = violated[admitted] if len(violated) == rows else violated
    found = admitted[np.broadcast_to(violated, admitted.shape)]
    hits = found[:CONFIRM] if ordered is None or not found.size else ordered(found)
    for row in hits:
        instance = instance_at(obligation, sizes, tables, roles, int(row))
        if confirmed(obligation, instance):
            return len(admitted), instance
    return len(admitted), None


def _all(rows: int, conditions: list[np.ndarray]) -> np.ndarray:
    """The rows in which all conditions hold."""
    facts = np.broadcast_arrays(np.ones(rows, dtype=bool), *conditions)
    return np.flatnonzero(np.logical_and.reduce(facts))


def _conditions(
    obligation: Obligation,
    sizes: dict[str, int],
    tables: dict[str, Any],
    roles: dict[Index, Any],
    wanted: list[Any],
) -> list[np.ndarray]:
    batch = Batch(sizes, tables, obligation.rule.ties, obligation.worlds, roles)
    return [np.atleast_1d(fact).astype(bool) for fact in batch.evaluate(wanted)]


def random_profiles(
    obligation: Obligation,
    sizes: dict[str, int],
    tops: Sequence[int],
    rows: int,
    rng: np.random.Generator,
) -> Batched:
    """Profiles of whole numbers up to one of `tops`, with their roles."""
    chosen = np.array(tops)[rng.integers(0, len(tops), rows)]
    tables = {f.name: _draw(obligation, f, sizes, chosen, rng) for f in families(obligation)}
    return tables, {role: rng.integers(0, sizes["agent"], rows) for role in obligation.roles}


def grid_rows(
    obligation: Obligation,
    sizes: dict[str, int],
    values: Sequence[Any],
    rows: int,
    rng: np.random.Generator,
) -> tuple[dict[str, Any], dict[Index, Any]]:
    """Some profiles in which what is reported is one of the values."""
    tables, roles = random_profiles(obligation, sizes, (1,), rows, rng)
    for family in families(obligation):
        if family.kind in ("truth", "lie") and not family.domain.boolean:
            choice = np.array(whole_numbers(family, 1, values), dtype=object)
            tables[family.name] = choice[rng.integers(0, len(choice), tables[family.name].shape)]
    return tables, roles


def _draw(
    obligation: Obligation,
    family: Family,
    sizes: dict[str, int],
    tops: np.ndarray,
    rng: np.random.Generator,
) -> Any:
    """A table for each row, of whole numbers up to the row's own top."""
    rule = obligation.rule
    if family.name in rule.given:
        return given_table(rule.given[family.name])
    reader = Instance(sizes)
    shape = tuple(len(reader.domain(sort)) for sort in family.over)
    if family.kind == "function":
        most = int(tops.max())
        drawn = rng.integers(1, most + 2, shape)
        return np.array([uniform(0, int(h)) for h in drawn], dtype=object)
    if family.domain.boolean:
        return rng.random((len(tops), *shape)) < 0.6
    ends = {top: whole_numbers(family, top) for top in set(tops.tolist())}
    low, high = (
        np.array([ends[top][end] for top in tops.tolist()]).reshape(-1, *[1] * len(shape))
        for end in (0, -1)
    )
    drawn = rng.integers(low, high + 1, (len(tops), *shape))
    if family.over == ("slot",):
        drawn = -np.sort(-drawn, axis=1)  # rates do not rise
    return drawn


def instance_at(
    obligation: Obligation,
    sizes: dict[str, int],
    tables: dict[str, Any],
    roles: dict[Any, Any],
    row: int,
) -> Instance:
    """The instance in one row."""
    own = {role.name: int(places[row]) for role, places in roles.items()}
    speakers = {own[role.name] for role in obligation.said}
    exact: dict[str, Any] = {}
    for family in families(obligation):
        if family.name in obligation.rule.given or family.kind == "function":
            exact[family.name] = _nested(tables[family.name])
            continue
        exact[family.name] = _nested(tables[family.name][row])
        if family.kind == "lie":
            truth = next(b.truth for b in obligation.rule.reports if b.lie == family)
            exact[family.name] = tuple(
                said if agent in speakers else exact[truth.name][agent]
                for agent, said in enumerate(exact[family.name])
            )
    return Instance(sizes, exact, own)


def _nested(array: Any) -> Any:
    if isinstance(array, np.ndarray) and array.ndim:
        return tuple(_nested(part) for part in array)
    value = array.item() if isinstance(array, (np.generic, np.ndarray)) else array
    return Fraction(value) if isinstance(value, int) and not isinstance(value, bool) else value
