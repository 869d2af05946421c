"""The search engine: many profiles at once, small whole numbers with ties, on the numpy lowering.

It proves nothing. It attacks what was proved, and looks where the solvers did not get.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from mechanism.evaluate.batch import Batch
from mechanism.instance import Instance
from mechanism.language import Family, ForAll, Index, agents, at
from mechanism.virtual import uniform
from proofs.lowering.obligation import size_choices
from properties.check import check, families
from properties.property import Obligation

ID = "search"
_ANYBODY = agents("anybody")
# Values go up to this: few enough for ties, enough for order statistics to differ.
TOPS = (1, 3, 8)
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
    """

    profiles: int
    instance: Instance | None = None
    whole: tuple[str, ...] = ()


def search(obligation: Obligation, numbers: range | list[int], profiles: int, seed: int) -> Tried:
    """Try profiles of whole numbers for each number of agents, a share of `profiles` for each.

    Where the whole grid up to some value is not more than that share, it is tried without exception.
    """
    rng = np.random.default_rng(seed)
    tried = 0
    whole: dict[int, set[int]] = {}
    plan = [(sizes, top) for n in numbers for sizes in size_choices(obligation, n) for top in TOPS]
    for sizes, top in plan:
        rows = max(profiles // len(plan), 50)
        batch = grid(obligation, sizes, top, rows)
        if batch is not None and len(obligation.rule.sizes) == 0:
            whole.setdefault(sizes["agent"], set()).add(top)
        admitted, instance = violations(
            obligation, sizes, *(batch or _random(obligation, sizes, top, rows, rng))
        )
        tried += admitted
        if instance is not None:
            return Tried(tried, instance)
    return Tried(
        tried, None, tuple(f"every one up to {max(t)} for n = {n}" for n, t in whole.items())
    )


def violations(
    obligation: Obligation,
    sizes: dict[str, int],
    tables: dict[str, Any],
    roles: dict[Index, Any],
    ordered: Callable[[np.ndarray], np.ndarray] = lambda rows: rows,
) -> tuple[int, Instance | None]:
    """How many profiles meet the premises, and the first violation, in the given order, that the exact
    referee confirms.
    """
    rule = obligation.rule
    batch = Batch(sizes, tables, rule.ties, obligation.worlds, roles)
    admissible = ForAll(at("", rule.admissible, {rule.agent: _ANYBODY}), _ANYBODY)
    needed = list(obligation.premises)
    for name in obligation.worlds:
        needed += [at(name, fact, {}) for fact in (admissible, *rule.assumptions)]
    *met, violated = (
        np.atleast_1d(fact).astype(bool) for fact in batch.evaluate([*needed, obligation.violation])
    )
    admitted = violated | True
    for fact in met:
        admitted = admitted & fact
    found = np.flatnonzero(admitted & violated)
    for row in ordered(found)[:CONFIRM] if found.size else ():
        instance = _instance(obligation, sizes, tables, roles, int(row))
        if check(obligation, instance).violated:
            return int(admitted.sum()), instance
    return int(admitted.sum()), None


def _random(
    obligation: Obligation, sizes: dict[str, int], top: int, rows: int, rng: np.random.Generator
) -> tuple[dict[str, Any], dict[Index, Any]]:
    tables = {f.name: _draw(obligation, f, sizes, top, rows, rng) for f in families(obligation)}
    return tables, {role: rng.integers(0, sizes["agent"], rows) for role in obligation.roles}


def grid(
    obligation: Obligation, sizes: dict[str, int], top: int, limit: int
) -> tuple[dict[str, Any], dict[Index, Any]] | None:
    """Every profile of whole numbers up to `top`, or None where there are more than `limit`."""
    axes = _axes(obligation, sizes, top)
    if axes is None or prod(len(values) for _, values in axes) > limit:
        return None
    return _profiles(obligation, sizes, axes, _all_of([values for _, values in axes]))


def by_nonzero(
    obligation: Obligation, sizes: dict[str, int], top: int, limit: int
) -> Iterator[tuple[dict[str, Any], dict[Index, Any]]]:
    """The profiles of whole numbers up to `top` with 0, 1, 2, ... entries that are not zero (and those
    that cannot be), as long as there are no more than `limit` in all.
    """
    axes = _axes(obligation, sizes, top)
    if axes is None:
        return
    free = [n for n, (name, values) in enumerate(axes) if 0 in values and not _is_role(name)]
    for count in range(len(free) + 1):
        choices = [
            [values if n not in free else [v for v in values if v] if n in chosen else [0]
             for n, (_, values) in enumerate(axes)]
            for chosen in combinations(free, count)
        ]  # fmt: skip
        limit -= sum(prod(map(len, choice)) for choice in choices)
        if limit < 0:
            return
        cells = np.concatenate([_all_of(choice) for choice in choices])
        yield _profiles(obligation, sizes, axes, cells)


Axes = list[tuple[str, list[int]]]  # a family (or role) and the values of one of its entries


def _is_role(name: str) -> bool:
    return name.startswith("role ")


def _axes(obligation: Obligation, sizes: dict[str, int], top: int) -> Axes | None:
    """Everything that varies from profile to profile: entries (of misreports, those of the roles), roles."""
    asked = families(obligation)
    if obligation.rule.given or any(f.kind == "function" for f in asked):
        return None
    axes: Axes = []
    for family in asked:
        entries = prod(_shape(obligation, family, sizes))
        axes += [(family.name, _values(family, top))] * entries
    return axes + [(f"role {r.name}", list(range(sizes["agent"]))) for r in obligation.roles]


def _shape(obligation: Obligation, family: Family, sizes: dict[str, int]) -> tuple[int, ...]:
    reader = Instance(sizes)
    shape = tuple(len(reader.domain(sort)) for sort in family.over)
    return (len(obligation.said), *shape[1:]) if family.kind == "lie" else shape


def _all_of(choices: list[list[int]]) -> np.ndarray:
    """Every way to take one value of each list, one row each."""
    if not choices:
        return np.zeros((1, 0), dtype=np.int64)
    return np.stack([a.ravel() for a in np.meshgrid(*choices, indexing="ij")], axis=1)


def _profiles(
    obligation: Obligation, sizes: dict[str, int], axes: Axes, cells: np.ndarray
) -> tuple[dict[str, Any], dict[Index, Any]]:
    """The tables and roles of the rows of `cells`, one column for each axis."""
    rows, names = len(cells), [name for name, _ in axes]
    of = lambda name: cells[:, [n for n, axis in enumerate(names) if axis == name]]  # noqa: E731
    roles = {r: of(f"role {r.name}")[:, 0] for r in obligation.roles}
    tables: dict[str, Any] = {}
    for family in families(obligation):
        table = of(family.name).reshape(rows, *_shape(obligation, family, sizes))
        table = table.astype(bool) if family.domain.boolean else table
        if family.kind == "lie":
            truth = next(b.truth for b in obligation.rule.reports if b.lie == family)
            said = np.array(tables[truth.name])
            for n, role in enumerate(obligation.said):
                said[np.arange(rows), roles[role]] = table[:, n]
            table = said
        tables[family.name] = table
    return tables, roles


def _values(family: Family, top: int) -> list[Any]:
    domain = family.domain
    if domain.boolean:
        return [False, True]
    low = -top if domain.lower is None else int(np.ceil(float(domain.lower))) + domain.strict
    high = low + top if domain.upper is None else min(low + top, int(np.floor(float(domain.upper))))
    return list(range(low, max(low, high) + 1))


def _draw(
    obligation: Obligation,
    family: Family,
    sizes: dict[str, int],
    top: int,
    rows: int,
    rng: np.random.Generator,
) -> Any:
    rule = obligation.rule
    if family.name in rule.given:
        return _given(rule.given[family.name])
    reader = Instance(sizes)
    shape = tuple(len(reader.domain(sort)) for sort in family.over)
    if family.kind == "function":
        return np.array([uniform(0, int(h)) for h in rng.integers(1, top + 2, shape)], dtype=object)
    if family.domain.boolean:
        return rng.random((rows, *shape)) < 0.6
    values = _values(family, top)
    drawn = rng.integers(values[0], values[-1] + 1, (rows, *shape))
    if family.over == ("slot",):
        drawn = -np.sort(-drawn, axis=1)  # rates do not rise
    return drawn


def _given(table: Any) -> Any:
    array = np.array(table, dtype=object)
    return array[None] if array.dtype == bool else array


def _instance(
    obligation: Obligation,
    sizes: dict[str, int],
    tables: dict[str, Any],
    roles: dict[Any, Any],
    row: int,
) -> Instance:
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
