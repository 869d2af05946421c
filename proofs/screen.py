"""Many menus at once, as a learned designer makes them: which are feasible, and by how much they are not.

The margins are those of the properties, computed by the numpy lowering of the rule language: in doubles for
all menus, and again in whole numbers for those that are not clearly infeasible. Only what passes the second is
called feasible; the numbers of a menu are the exact values of its doubles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mechanism.contracts.menu import Menu
from mechanism.contracts.menu_rule import menu_rule
from mechanism.contracts.tables import discount_of, whole
from mechanism.contracts.tables import rule as table_rule
from mechanism.errors import InputError
from mechanism.evaluate.batch import Batch
from mechanism.language import exact
from mechanism.rule import Rule
from properties.property import Obligation
from properties.registry import property_of

ONE, TWO = ("menu-ic", "menu-ir"), ("second-period-ic", "intertemporal-ic", "menu-ir")
NEARLY = 1e-9  # relative to the largest payoff: what a double cannot tell from 0
CHUNK = 2**15
TOGETHER = 2**10  # menus that are confirmed at once


@dataclass(frozen=True)
class Screened:
    """What a screening found, menu by menu.

    Parameters
    ----------
    margins : mapping of str to array
        For each property the worst margin of each menu: the largest gain from a lie, the largest loss of
        a type that takes part. Not above 0 where the property holds.
    worst : mapping of str to array
        The types at which it is: one row of roles for each menu.
    feasible : array of bool
        All properties hold, exactly.
    nearly : array of bool
        None is violated by more than doubles can tell, but some is violated.
    """

    margins: dict[str, np.ndarray]
    worst: dict[str, np.ndarray]
    feasible: np.ndarray
    nearly: np.ndarray

    def __len__(self) -> int:
        return len(self.feasible)

    @property
    def verdicts(self) -> np.ndarray:
        """``feasible``, ``nearly`` or ``infeasible`` for each menu."""
        return np.where(self.feasible, "feasible", np.where(self.nearly, "nearly", "infeasible"))


def screen(template: Menu, batch: Any) -> Screened:
    """Screen menus.

    Parameters
    ----------
    template : Menu
        Types, prior, payoff, transition and discount; its own items are not looked at.
    batch : array, shape (menus, items, 2), or sequence of Menu
        The quality and the reward of each item: those of the types, then, with two periods, those after
        each first report, in order, ``K + K*K`` in all.

    Raises
    ------
    InputError
        For another shape, a negative quality, or a number that is not finite.

    Examples
    --------
    >>> from mechanism.contracts import Menu, reward_minus_cost
    >>> menu = Menu(types=[1, 2], prior=["1/2", "1/2"], items=[(0, 0), (0, 0)],
    ...             payoff=reward_minus_cost("q"))
    >>> found = screen(menu, np.array([[[1, 1], [2, 1.5]], [[1, 1], [2, 3]], [[1, 0.5], [2, 1.5]]]))
    >>> [str(v) for v in found.verdicts]
    ['feasible', 'infeasible', 'infeasible']
    >>> found.margins["menu-ic"].tolist()
    [0.0, 1.0, 0.0]
    """
    items = array_of(template, batch)
    rule = open_rule(template)
    obligations = [property_of(name).on(rule) for name in names(template)]
    parts = [
        _in_doubles(rule, obligations, items[n : n + CHUNK]) for n in range(0, len(items), CHUNK)
    ]
    margins = {o.property.id: np.concatenate([p[0][n] for p in parts]) for n, o in enumerate(obligations)}  # fmt: skip
    worst = {o.property.id: np.concatenate([p[1][n] for p in parts]) for n, o in enumerate(obligations)}  # fmt: skip
    room = np.concatenate([p[2] for p in parts])
    nearly = np.all([m <= room for m in margins.values()], axis=0)
    feasible = np.zeros(len(items), dtype=bool)
    doubtful = np.flatnonzero(nearly)
    for n in range(0, len(doubtful), TOGETHER):
        part = doubtful[n : n + TOGETHER]
        feasible[part] = exactly_feasible(template, items[part])
    return Screened(margins, worst, feasible, nearly & ~feasible)


def names(template: Menu) -> tuple[str, ...]:
    """The properties that a menu is screened for."""
    return TWO if template.two_periods else ONE


def array_of(template: Menu, batch: Any) -> np.ndarray:
    """The menus as an array of doubles, or of exact numbers, checked."""
    count = len(template.types)
    size = count + count * count * template.two_periods
    if not isinstance(batch, np.ndarray):
        batch = np.array([_flat(menu) for menu in batch], dtype=object).reshape(-1, size, 2)
    if batch.ndim != 3 or batch.shape[1:] != (size, 2):
        raise InputError(
            f"the menus must have the shape (menus, {size}, 2): {size} items, each a quality and a reward; "
            f"this has {batch.shape}"
        )
    doubles = batch.astype(float)
    if not np.all(np.isfinite(doubles)):
        row = int(np.flatnonzero(~np.isfinite(doubles).all(axis=(1, 2)))[0])
        raise InputError(f"menu {row} holds a number that is not finite")
    if np.any(doubles[:, :, 0] < 0):
        row = int(np.flatnonzero((doubles[:, :, 0] < 0).any(axis=1))[0])
        raise InputError(f"menu {row} holds a negative quality")
    return batch if batch.dtype == object else doubles


def _flat(menu: Any) -> list[tuple[Any, Any]]:
    if not isinstance(menu, Menu):
        raise InputError(
            f"a batch is an array or a sequence of menus, not of {type(menu).__name__}"
        )
    rows = [menu.items, *(menu.second or ())]
    if not menu.numeric:
        raise InputError(f"{menu.id}: the numbers of a menu that is screened must be given")
    return [(exact(q), exact(r)) for row in rows for q, r in row]


def open_rule(template: Menu) -> Rule:
    """The template as a rule whose items are left open."""
    given = {n: t for n, t in template.rule.given.items() if n in ("theta", "prior", "P")}
    return menu_rule(
        template.payoff,
        two_periods=template.two_periods,
        discount=template.discount,
        given=given,
        size=len(template.types),
        id=template.id,
    )


def batch_of(rule: Rule, items: np.ndarray) -> Batch:
    """The menus as tables of the rule, in doubles."""
    count = rule.fixed_size or 0
    tables: dict[str, Any] = {n: np.array(t, dtype=float) for n, t in rule.given.items()}
    tables |= {"q": items[:, :count, 0], "r": items[:, :count, 1]}
    if items.shape[1] > count:
        later = items[:, count:].reshape(len(items), count, count, 2)
        tables |= {"q2": later[..., 0], "r2": later[..., 1]}
    return Batch({"agent": count}, tables)


def exact_margins(template: Menu, items: np.ndarray, names: Sequence[str]) -> tuple[list[Obligation], list[np.ndarray], list[np.ndarray]]:  # fmt: skip
    """The margins of properties times a positive number for each menu, in whole numbers.

    Returns
    -------
    list of Obligation
    list of array
        For each, one axis for the menus and one for each role; 0 where the premises are not met.
    list of array
        What they are times, for each menu.
    """
    found = whole(template.payoff, template.rule, items)
    rule = table_rule(
        len(template.types), template.two_periods, discount_of(template.rule).numerator
    )
    obligations = [property_of(name).on(rule) for name in names]
    scales = [found.times(obligation.margin) for obligation in obligations]
    return obligations, _margins(found.batch, obligations, 0), scales


def _margins(batch: Batch, obligations: Sequence[Obligation], beside: Any) -> list[np.ndarray]:
    found = []
    for obligation in obligations:
        roles = list(obligation.roles)
        margin, *met = batch.evaluate(
            [obligation.margin, *obligation.premises], axes=[roles] * (1 + len(obligation.premises))
        )
        for fact in met:
            margin = np.where(fact, margin, beside)
        found.append(margin)
    return found


def exactly_feasible(template: Menu, items: np.ndarray) -> np.ndarray:
    """Which menus meet every property, in whole numbers."""
    _, margins, _ = exact_margins(template, items, names(template))
    return np.all([(m.reshape(len(items), -1) <= 0).all(axis=1) for m in margins], axis=0)


def _in_doubles(
    rule: Rule, obligations: Sequence[Obligation], items: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Worst margins and where they are, and below what a margin may be a rounding error."""
    doubles = items.astype(float)
    found = _margins(batch_of(rule, doubles), obligations, -np.inf)
    worst, places = [], []
    for margin in found:
        flat = np.broadcast_to(margin, (len(doubles), *margin.shape[1:])).reshape(len(doubles), -1)
        place = flat.argmax(axis=1)
        worst.append(flat[np.arange(len(flat)), place] + 0.0)  # never -0.0
        places.append(np.stack(np.unravel_index(place, margin.shape[1:]), axis=1))
    return worst, places, NEARLY * (1 + np.abs(doubles).max(axis=(1, 2)) ** 2)


__all__ = ["Screened", "screen"]
