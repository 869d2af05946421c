"""The vectorised evaluator gives what the referee gives, on any expression of the language."""

from __future__ import annotations

import random

import pytest
import sympy as sp
from grammar import RATE, SIDE, SIZES, WORLDS, B, Grammar, I, K
from parity import TRUTH, agree, batch_of, draw_table

from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance
from mechanism.language import (
    agents,
)
from mechanism.rule import TIES


@pytest.mark.parametrize("seed", range(150))
def test_any_expression(seed: int) -> None:
    grammar, draw = Grammar(seed), random.Random(seed)
    ties = draw.choice(TIES)
    instances = [
        Instance(
            SIZES,
            {f.name: draw_table(f, SIZES, draw) for f in (B.truth, B.lie, SIDE, RATE)},
            {"i": draw.randrange(3), "k": draw.randrange(3)},
            {name: tuple(draw.sample(range(3), 3)) for name in ("truth", *WORLDS)},
        )
        for _ in range(4)
    ]
    batch = batch_of(instances, ties, WORLDS, (I, K))
    readers = [Exact(instance, ties, WORLDS, (I, K)) for instance in instances]
    a = agents("a")
    for _ in range(12):
        make = draw.choice([grammar.number, grammar.condition, grammar.anybody])
        expr = make((a,), 3)
        if expr.has(sp.zoo, sp.nan, sp.oo, -sp.oo):  # sympy divided constants
            continue
        found = batch(expr, axes=(a,))
        agree(expr, found, readers, [{a: n} for n in range(3)], TRUTH, f"{seed} {ties} {expr}")
