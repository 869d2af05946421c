"""Anonymity by new names: what must be proved, and every way to know an agent by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from mechanism import registry
from mechanism.errors import RuleError
from mechanism.language import (
    ArgMax,
    Awards,
    Cases,
    Computed,
    First,
    Highest,
    Procedure,
    Rank,
    Sum,
    agents,
    at,
    goods,
    matchings,
    parameter,
)
from proofs.engines.engine import Budget
from proofs.engines.equivariance import prove
from proofs.engines.search import search
from properties.property import Property
from properties.registry import PROPERTIES, property_of
from properties.roles import SWAP, TRUTH, I, J, K

i, j, m = agents("i j m")
g = goods("g")
mu = matchings("mu")
SECOND, VCG = registry.rule("second-price"), registry.rule("vcg-assignment")
(b,), (bids,) = SECOND.reports, VCG.reports
winner = ArgMax(b[j], j)
PLAIN = [
    name for name in registry.RULES
    if not registry.rule(name).allocation.has(Computed)
]  # fmt: skip
SYMMETRIC = [
    name for name in PLAIN
    if any(c.property == "anonymity" and c.holds for c in registry.rule(name).claims)
]  # fmt: skip
NAMED = [name for name in PLAIN if name not in SYMMETRIC]


def test_most_rules_are_symmetric():
    assert len(SYMMETRIC) >= 20
    assert {"posted-price", "myerson", "score-auction", "affine-maximizer"} <= set(NAMED)


def engine(rule, prop="anonymity"):
    return prove(property_of(prop).on(rule), Budget())


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetric_rules_are_proved_and_not_contradicted(name):
    rule = registry.rule(name)
    result = engine(rule)
    assert result.status == "proved", result.reason
    tried = search(property_of("anonymity").on(rule), range(rule.min_agents, 5), 2_000, seed=11)
    assert tried.instance is None


@pytest.mark.parametrize("name", NAMED)
def test_rules_that_know_agents_are_refused(name):
    assert engine(registry.rule(name)).status == "not-accepted"


wins = sp.Eq(i, winner)


class Oracle(Procedure):
    def untied(self, rule):
        return sp.true


uneven, score = parameter("uneven", over="agent", at_least=0), parameter("w", over=("agent",))
BREAKS_SYMMETRY = {
    "a queue": Cases((1, sp.Eq(i, First(b[j] > 0, j))), (0, True)),
    "a parameter that stays": uneven[i],
    "a parameter of the winner": uneven[winner],
    "a parameter by rank of names": Sum(score[j], j, where=sp.Ne(j, i)),
    "another world": at("truth", b[j], {j: i}),
    "true types": b.truth[i],
    "misreports": b.lie[i],
    "a procedure": Computed(Oracle(), "payment", i),
    "an agent where a number stands": at("", b[j], {j: sp.Integer(0)}),
}


@pytest.mark.parametrize(
    "payment",
    [
        Cases((1, sp.Eq(i, 0)), (0, True)),
        Cases((i, wins), (0, True)),
        Highest(b[j], j, where=sp.Eq(j, 0)),
        Highest(b[j], j, where=sp.Eq(j, g)),
        Highest(j, j),
        winner,
        2 * winner,
    ],
    ids=str,
)
def test_agents_are_no_numbers(payment):
    """A rule that singles out an agent by its number is not let in; nothing but names tells agents apart."""
    with pytest.raises(RuleError, match=r"number|compares|free"):
        replace(SECOND, payment=payment)


@pytest.mark.parametrize("mistake", BREAKS_SYMMETRY)
def test_what_breaks_symmetry_is_never_proved(mistake):
    rule = replace(SECOND, payment=BREAKS_SYMMETRY[mistake])
    assert engine(rule).status == "not-accepted"


def test_the_first_matching_is_not_the_same_for_everybody():
    first = First(Awards(mu, i, g), mu)
    paid = Sum(Cases((1, Awards(first, i, g)), (0, True)), g)
    assert engine(replace(VCG, payment=paid)).status == "not-accepted"


def test_without_the_premise_that_nothing_is_tied():
    def define(t, one, other, third):
        check = property_of("anonymity").define(t, one, other, third)
        return replace(check, premises=check.premises[:2])

    loose = Property(id="loose", title="", statement="", define=define, roles=(I, K, J),
                     worlds=(TRUTH, SWAP))  # fmt: skip
    result = prove(loose.on(SECOND), Budget())
    assert result.status == "not-accepted"
    assert "tie" in result.reason
    everybody_pays = replace(SECOND, allocation=sp.Integer(0), payment=Highest(b[j], j))
    assert prove(loose.on(everybody_pays), Budget()).status == "proved"


def test_agents_must_be_two():
    def define(t, one, other, third):
        check = property_of("anonymity").define(t, one, other, third)
        return replace(check, premises=check.premises[1:])

    same = Property(id="same", title="", statement="", define=define, roles=(I, K, J),
                    worlds=(TRUTH, SWAP))  # fmt: skip
    assert prove(same.on(SECOND), Budget()).status == "not-accepted"


def test_more_than_the_new_names():
    """That the two worlds have the same outcome is not what new names show."""

    def define(t, one, other, third):
        check = property_of("anonymity").define(t, one, other, third)
        return replace(check, violation=sp.Ne(t.payment("truth", one), t.payment("swap", one)))

    strong = Property(id="strong", title="", statement="", define=define, roles=(I, K, J),
                      worlds=(TRUTH, SWAP))  # fmt: skip
    assert prove(strong.on(SECOND), Budget()).status == "unknown"


def test_a_place_that_may_be_empty():
    """A ranking read at a slot that is not there is not covered by what is said of the others."""
    slots_rule = registry.rule("gsp")
    q = next(iter(slots_rule.assumptions)).var
    odd = at("", Rank(b[j] * q, j, at=i), {q: sp.Integer(7)})
    assert engine(replace(slots_rule, payment=odd)).status == "not-accepted"


@pytest.mark.parametrize(
    "prop", [p for p in PROPERTIES if p != "anonymity" and not property_of(p).suits(SECOND)]
)
def test_other_properties_are_left_alone(prop):
    assert engine(SECOND, prop).status == "not-accepted"
