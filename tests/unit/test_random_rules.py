"""Rules that nobody thought of: drawn at random, audited, and every verdict held against profiles on a grid."""

from __future__ import annotations

import random
from functools import partial

import pytest
import sympy as sp

from mechanism import ArgMax, Cases, Highest, KthHighest, Rank, Rule, agents, parameter, report
from mechanism.rules import two_sided
from mechanism.setting import double, units
from proofs import audit
from proofs.engines.grids import grid
from proofs.engines.search import search, violations
from proofs.enumerate import by_size, entries
from proofs.verdict import Verdict
from properties.registry import property_of

PROPERTIES = (
    "dsic",
    "ex-post-ir",
    "no-deficit",
    "non-bossiness",
    "anonymity",
    "efficiency",
    "revenue-monotonicity",
    "pay-at-most-bid",
    "critical-payment",
    "envy-freeness",
    "false-name-proofness",
    "weak-group-strategyproofness",
)
PARTS = (sp.Rational(1, 2), sp.Rational(9, 10), 2)


def one_good(rng):
    i, j = agents("i j")
    b = report("b")
    winner = ArgMax(rng.choice((b[j], 2 * b[j], b[j] + 1)), j)
    second = Highest(b[j], j, where=sp.Ne(j, winner))
    others = Highest(b[j], j, where=sp.Ne(j, i))
    terms = (b[i], second, others, KthHighest(rng.choice((1, 2, 3)), b[j], j))

    def price():
        one, other = rng.choice(terms), rng.choice((*terms, sp.Integer(1), sp.Integer(0)))
        return rng.choice((one, (one + other) / 2, rng.choice(PARTS) * one))

    won = sp.Eq(i, winner)
    if reserve := rng.choice((0, 0, 1, 2)):
        won = sp.And(won, b[i] >= reserve)
    paid = price()
    if rng.random() < 0.3:
        odd = rng.choice((b[i] > 2 * second, second > 1, sp.Eq(b[i], second)))
        paid = Cases((paid, odd), (price(), True))
    lost = rng.choice((0, 0, 0, b[i] / 4, -second / 4))
    return {
        "agent": i,
        "reports": b,
        "min_agents": rng.choice((1, 2)),
        "allocation": Cases((1, won), (0, True)),
        "payment": Cases((paid, won), (lost, True)),
    }


def several_units(rng):
    i, j = agents("i j")
    b = report("b")
    k = rng.choice((parameter("k", integer=True, at_least=1), 1, 2))
    wins = Rank(b[j], j, at=i) <= k
    last, next_one = KthHighest(k, b[j], j), KthHighest(k + 1, b[j], j)
    price = rng.choice((next_one, last, b[i], (next_one + last) / 2, next_one * PARTS[1]))
    return {
        "agent": i,
        "reports": b,
        "setting_of": lambda rule: units(rule, k),
        "allocation": Cases((1, wins), (0, True)),
        "payment": Cases((price, wins), (0, True)),
    }


def two_sides(rng):
    count, high, low = two_sided.K, two_sided.high, two_sided.low
    number = rng.choice((count, Cases((count - 1, count >= 1), (0, True))))
    bid = rng.choice((high(count), high(count + 1), (high(count) + low(count)) / 2))
    ask = rng.choice((low(count), low(count + 1), (high(count) + low(count)) / 2))
    return {
        "agent": two_sided.i,
        "reports": two_sided.b,
        "setting_of": lambda rule: double(rule, two_sided.buyer),
        "allocation": two_sided.trades(number),
        "payment": two_sided.payments(number, bid, ask),
        "min_agents": 2,
        "carried": (two_sided.buyer,),
    }


def size(obligation, instance):
    """What makes a counterexample smaller, before entry by entry decides."""
    there = [value for value in entries(obligation, instance) if value]
    fraction = max((getattr(v, "denominator", 1) for v in there), default=1)
    top = max((abs(getattr(v, "numerator", 1)) for v in there), default=0)
    return instance.sizes["agent"], len(there), fraction, top, sum(map(abs, there))


@pytest.mark.slow
@pytest.mark.parametrize("draw", [one_good, several_units, two_sides])
@pytest.mark.parametrize("seed", range(4))
def test_verdicts_of_random_rules_stand(draw, seed):
    rng = random.Random(f"{draw.__name__} {seed}")
    ties = rng.choice(("lowest-index", "highest-index"))
    rule = Rule(id=f"random-{seed}", ties=ties, **draw(rng))
    for wanted in rng.sample(PROPERTIES, 2):
        (finding,) = audit(rule, properties=[wanted], jobs=1, cache=False)[0].findings
        obligation = property_of(wanted).on(rule)
        if finding.verdict is Verdict.PROVED:
            attacked = search(obligation, range(obligation.min_agents, 6), 20_000, seed=7)
            assert attacked.instance is None, (rule, wanted)
            continue
        assert finding.verdict is Verdict.REFUTED, (rule, finding)
        found = finding.evidence
        assert found.minimal
        for n in range(obligation.min_agents, found.instance.sizes["agent"] + 1):
            for top in (1, 2):
                if (batch := grid(obligation, {"agent": n}, top, 60_000)) is not None:
                    order = partial(by_size, obligation, *batch)
                    _, other = violations(obligation, {"agent": n}, *batch, order)
                    if other is not None:
                        assert size(obligation, other) >= size(obligation, found.instance)
