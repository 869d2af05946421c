"""A counterexample about a menu as a table: what a type is given, and what it gets by a lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from mechanism.instance import Instance
from mechanism.setting import HOLDER, OWNER
from properties.check import referee
from properties.contracts.terms import A, B, C, MenuTerms
from properties.property import Obligation

Line = list[str]


class Reading:
    """What the referee says of one menu and the types that a violation is about."""

    def __init__(self, obligation: Obligation, instance: Instance) -> None:
        self.terms = MenuTerms(obligation.rule)
        self._read = referee(obligation, instance)
        self.types = instance.domain("agent")
        self.roles = dict(instance.roles)

    def __call__(self, term: Callable[..., Any], *types: int) -> Fraction:
        roles = (A, B, C)[: len(types)]
        return self._read(term(*roles), dict(zip(roles, types, strict=True)))

    def chance(self, k: int, n: int) -> Fraction:
        return self._read(self.terms.setting.chance, {OWNER: k, HOLDER: n})

    def name(self, k: int) -> str:
        return f"{k} (theta {self(self.terms.theta, k)})"

    def item(self, *where: int) -> str:
        """The quality and the reward of a type, in the second period after a first report."""
        t = self.terms
        parts = (t.quality, t.reward) if len(where) == 1 else (t.quality2, t.reward2)
        return f"({', '.join(str(self(part, *where)) for part in parts)})"


HEADS = ("period", "true type", "chance", "item", "payoff", "reports", "item", "payoff")


def grid(obligation: Obligation, instance: Instance) -> tuple[tuple[str, ...], list[Line]]:
    """The heads and the lines of the table."""
    told = Reading(obligation, instance)
    lie = LIES.get(obligation.property.id)
    if lie is None:
        return ("period", "after report", "type", "item", "payoff"), list(_given(told))
    return HEADS, list(lie(told, told.roles["i"], told.roles["j"]))


def _given(told: Reading) -> Iterator[Line]:
    """What is meant for the types that the property speaks of, or for all."""
    after = told.roles.get("h")
    named = [told.roles[r] for r in ("i", "j") if r in told.roles] or list(told.types)
    t = told.terms
    for k in dict.fromkeys(named):
        if after is None:
            yield ["1", "-", told.name(k), told.item(k), str(told(t.first, k, k))]
        histories = [k] if after is None and t.setting.two_periods and len(named) == 1 else []
        for h in histories if after is None else [after]:
            for n in told.types if after is None else [k]:
                yield ["2", str(h), told.name(n), told.item(h, n), str(told(t.second, h, n, n))]


def _first(told: Reading, i: int, j: int) -> Iterator[Line]:
    t = told.terms
    yield [
        "1", told.name(i), "1", told.item(i), str(told(t.first, i, i)),
        str(j), told.item(j), str(told(t.first, i, j)),
    ]  # fmt: skip


def _second(told: Reading, i: int, j: int) -> Iterator[Line]:
    t, h = told.terms, told.roles["h"]
    yield [
        f"2, after report {h}", told.name(i), "-", told.item(h, i), str(told(t.second, h, i, i)),
        str(j), told.item(h, j), str(told(t.second, h, i, j)),
    ]  # fmt: skip


def _both(told: Reading, i: int, j: int, best: bool = True) -> Iterator[Line]:
    t = told.terms
    yield from _first(told, i, j)
    for n in told.types:
        payoff = lambda said, n=n: told(t.second, j, n, said)  # noqa: E731
        said = max(told.types, key=lambda m: (payoff(m), m == n)) if best else n
        yield [
            "2", told.name(n), str(told.chance(i, n)), told.item(i, n), str(told(t.second, i, n, n)),
            str(said), told.item(j, said), str(payoff(said)),
        ]  # fmt: skip
    then = t.best if best else t.truthful
    yield ["total", "", "", "", str(told(t.truthful, i, i)), "", "", str(told(then, i, j))]


def _truthfully(told: Reading, i: int, j: int) -> Iterator[Line]:
    yield from _both(told, i, j, best=False)


# The lie that a property is about, by its id; the others show what is meant for each type.
LIES: dict[str, Callable[[Reading, int, int], Iterator[Line]]] = {
    "menu-ic": _first,
    "local-ic-suffices": _first,
    "first-period-ic": _first,
    "second-period-ic": _second,
    "intertemporal-ic": _both,
    "intertemporal-ic-truthful": _truthfully,
    "local-intertemporal-ic-suffices": _both,
}
