"""Random expressions of the rule language."""

from __future__ import annotations

import random
from typing import Any

import sympy as sp

from mechanism.language import (
    ArgMax,
    Awards,
    Cases,
    Exists,
    First,
    ForAll,
    Greedy,
    Highest,
    Index,
    KthHighest,
    Max,
    Min,
    Rank,
    Sum,
    World,
    agents,
    at,
    parameter,
    report,
)

I, K = agents("i k")


B = report("b")


SIDE = parameter("side", over="agent", boolean=True)


RATE = parameter("rate", over="slot")


SIZES = {"agent": 3, "good": 2, "slot": 2}


WORLDS = {
    "lie": World("lie", ((I, "lie", I), (K, "lie", K))),
    "both": World("both", ((I, "lie", K), (I, "truth", K), (K, "truth", I))),
    "gone": World("gone", ((I, "lie", I),), absent=(K,)),
    "none": World("none", absent=(I, K)),
}


class Grammar:
    """Draws expressions of the rule language."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.made = 0

    def fresh(self, sort: str = "agent") -> Index:
        self.made += 1
        return Index(f"x{self.made}", sort)

    def anybody(self, scope: tuple, depth: int) -> Any:
        bound = [x for x in (*scope, I, K) if x.sort == "agent"]
        if depth <= 0 or self.draw.random() < 0.6:
            return self.draw.choice(bound)
        j = self.fresh()
        inner = (*scope, j)
        made = self.draw.choice(
            [
                lambda: ArgMax(self.number(inner, depth - 1), j, self.condition(inner, depth - 1)),
                lambda: First(self.condition(inner, depth - 1), j),
                lambda: at(self.world(), ArgMax(B[j], j, self.condition(inner, depth - 1)), {}),
            ]
        )
        return made()

    def world(self) -> str:
        return self.draw.choice(["", *WORLDS])

    def number(self, scope: tuple, depth: int) -> Any:
        if depth <= 0:
            return self.draw.choice(
                [B[self.anybody(scope, 0)], sp.Rational(self.draw.randint(-1, 3), 2)]
            )
        j, down = self.fresh(), depth - 1
        inner = (*scope, j)
        n, c = (lambda: self.number(scope, down)), (lambda: self.condition(scope, down))
        # Operators over "everybody but somebody" have a way of their own, so they come often.
        where = self.draw.choice(
            [
                lambda: sp.true,
                lambda: self.condition(inner, down),
                lambda: sp.Ne(j, self.anybody(scope, down)),
                lambda: sp.And(sp.Ne(j, self.anybody(scope, down)), self.condition(inner, 0)),
            ]
        )
        body = lambda: self.number(inner, down)  # noqa: E731
        q, x, y = self.fresh("rank"), self.fresh(), self.fresh()
        s, g, mu = self.fresh("slot"), self.fresh("good"), self.fresh("matching")
        swap = lambda: {x: self.anybody(scope, down) for x in scope if x.sort == "agent"}  # noqa: E731
        return self.draw.choice(
            [
                lambda: B[self.anybody(scope, depth)],
                lambda: n() + n(),
                lambda: n() * n(),
                lambda: n() / n() if self.draw.random() < 0.5 else n() ** self.draw.choice([2, -2]),
                lambda: Max(n(), n()),
                lambda: Min(n(), n()) - sp.Abs(n()),
                lambda: Cases((n(), c()), (n(), c()), (n(), True)),
                lambda: Cases(
                    (n(), sp.Eq(self.anybody(scope, 0), self.anybody(scope, depth))), (n(), True)
                ),
                lambda: Highest(body(), j, where(), n()),
                lambda: Highest(B[j], j, where()),
                lambda: Sum(body(), j, where()),
                lambda: KthHighest(
                    self.draw.choice([1, 2, 9, Rank(B[j], j, I)]), body(), j, where()
                ),
                lambda: Rank(body(), j, self.anybody(scope, down), where()),
                lambda: Sum(q * KthHighest(q, body(), j, where()), q, q <= 2),
                lambda: Sum(RATE[s] - RATE[s + 1], s, s >= Rank(body(), j, K, where())),
                lambda: RATE[Rank(body(), j, self.anybody(scope, down), where())],
                lambda: RATE[ArgMax(RATE[s], s, RATE[s] > n())],
                lambda: at(self.world(), n(), swap()),
                lambda: at(self.world(), Sum(q, q) * n(), {}),
                lambda: at(
                    "",
                    Sum(Max(B[j], B[x]), j, sp.Ne(j, y)),
                    dict.fromkeys((x, y), self.anybody(scope, 0)),
                ),
                lambda: Highest(
                    Sum(Cases((body(), Exists(Awards(mu, j, g), g)), (0, True)), j), mu
                ),
            ]
        )()

    def condition(self, scope: tuple, depth: int) -> Any:
        j, m, down = self.fresh(), self.fresh(), max(depth - 1, 0)
        inner = (*scope, j)
        x, y = (lambda: self.anybody(scope, depth)), (lambda: self.anybody(scope, 0))
        plain = [
            lambda: SIDE[x()],
            lambda: sp.Eq(x(), y()),
            lambda: sp.Ne(x(), y()),
            lambda: B[x()] >= B[y()],
            lambda: sp.Eq(B[x()], B[y()]),
        ]
        if depth <= 0:
            return self.draw.choice(plain)()
        c, clash = (
            (lambda: self.condition(scope, down)),
            (lambda: self.condition((*inner, m), down)),
        )
        mu, g, h = self.fresh("matching"), self.fresh("good"), self.fresh("good")
        has = lambda who, what: Exists(Awards(mu, who, what), what)  # noqa: E731
        best = ArgMax(Sum(Cases((B[j], has(j, g)), (0, True)), j), mu, sp.Not(has(I, g)))
        return self.draw.choice(
            [
                *plain,
                lambda: self.number(scope, down) > self.number(scope, down),
                lambda: sp.And(c(), c()),
                lambda: sp.Or(c(), sp.Not(c())),
                lambda: sp.Implies(c(), c()),
                lambda: sp.Equivalent(c(), c()),
                lambda: sp.ITE(c(), c(), c()),
                lambda: Exists(self.condition(inner, down), j, self.condition(inner, 0)),
                lambda: ForAll(self.condition(inner, down), j, sp.Ne(j, y())),
                lambda: Greedy(B[j], j, x(), clash(), m, self.condition(inner, 0)),
                lambda: Exists(Awards(best, x(), h), h),
                lambda: Exists(Awards(ArgMax(0, mu, c()), x(), h), h),
                lambda: at(self.world(), self.condition(scope, down), {}),
            ]
        )()
