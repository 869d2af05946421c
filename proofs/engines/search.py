"""The search engine: many profiles at once, small whole numbers with ties, on the numpy lowering.

It proves nothing. It attacks what was proved, and looks where the solvers did not get.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.evaluate.batch import Batch
from mechanism.instance import Instance
from mechanism.language import Answered, Family, ForAll, Index, Observed, agents, at
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
    if not obligation.violation.has(Observed):
        needed += [at(n, Answered(p), {}) for n in obligation.worlds for p in rule.procedures]
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
    obligation: Obligation,
    sizes: dict[str, int],
    top: int,
    limit: int,
    values: Sequence[Any] = (),
) -> tuple[dict[str, Any], dict[Index, Any]] | None:
    """Every profile of whole numbers up to `top` (or of `values`, for what is reported), or None where there are
    more than `limit`.
    """
    given = obligation.rule.given
    asked = tuple(f for f in families(obligation) if f.name not in given)
    if any(f.kind == "function" for f in families(obligation)):
        return None
    reader, agents_there = Instance(sizes), range(sizes["agent"])
    shapes = {f.name: tuple(len(reader.domain(sort)) for sort in f.over) for f in asked}
    axes: list[tuple[str, int, list[int]]] = []
    for family in asked:
        # Of misreports, those of the roles: one row of the table for each.
        shape = (
            shapes[family.name]
            if family.kind != "lie"
            else (len(obligation.said), *shapes[family.name][1:])
        )
        axes += [
            (family.name, n, _values(family, top, values))
            for n in range(int(np.prod(shape, dtype=int)))
        ]
    axes += [(f"role {r.name}", 0, list(agents_there)) for r in obligation.roles]
    total = int(np.prod([len(values) for _, _, values in axes], dtype=float))
    if total > limit:
        return None
    places = (
        np.unravel_index(np.arange(total), [len(values) for _, _, values in axes]) if axes else ()
    )
    columns: dict[str, list[np.ndarray]] = {}
    for (name, _, values), place in zip(axes, places, strict=True):
        columns.setdefault(name, []).append(np.array(values)[place])
    roles = {r: columns[f"role {r.name}"][0] for r in obligation.roles}
    tables = {f.name: _given(given[f.name]) for f in families(obligation) if f.name in given}
    for family in asked:
        cells = (
            np.stack(columns[family.name], axis=1)
            if family.name in columns
            else np.zeros((total, 0))
        )
        if family.kind != "lie":
            tables[family.name] = cells.reshape(total, *shapes[family.name])
            continue
        truth = next(b.truth for b in obligation.rule.reports if b.lie == family)
        said = np.array(tables[truth.name])
        for n, role in enumerate(obligation.said):
            each = cells.reshape(total, len(obligation.said), *shapes[family.name][1:])[:, n]
            said[np.arange(total), roles[role]] = each
        tables[family.name] = said
    return tables, roles


def lowest_value(family: Family) -> Any:
    """The first of the values that are tried for an entry."""
    return _values(family, 1)[0]


def grid_rows(
    obligation: Obligation,
    sizes: dict[str, int],
    values: Sequence[Any],
    rows: int,
    rng: np.random.Generator,
) -> tuple[dict[str, Any], dict[Index, Any]]:
    """Some profiles in which what is reported is one of the values."""
    tables, roles = _random(obligation, sizes, 1, rows, rng)
    for family in families(obligation):
        if family.kind in ("truth", "lie") and not family.domain.boolean:
            choice = np.array(_values(family, 1, values), dtype=object)
            tables[family.name] = choice[rng.integers(0, len(choice), tables[family.name].shape)]
    return tables, roles


def _values(family: Family, top: int, values: Sequence[Any] = ()) -> list[Any]:
    domain = family.domain
    if values and family.kind in ("truth", "lie") and not domain.boolean:
        return [v for v in values if domain.holds(v)]
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
