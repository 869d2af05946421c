"""Proofs from the order of the reports: what must be proved for any number, and what must never be."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
import sympy as sp
import z3
from ranked_concrete import case_of, draw, pinned, violated

from mechanism import ArgMax, Count, Rule, agents, registry, report
from mechanism.language import Cases, KthHighest, Rank
from mechanism.rules import mcafee, pay_as_bid, two_sided, uniform_price
from proofs.engines import ranked
from proofs.engines.engine import Budget, NotAccepted
from proofs.lowering.ranked import ByRank
from proofs.lowering.ranked_cases import cases, partitions
from proofs.lowering.ranked_hints import concrete
from proofs.lowering.ranked_orders import Named
from proofs.lowering.ranked_products import without_products
from proofs.lowering.ranked_terms import symbol
from proofs.solver import solve
from properties.check import check
from properties.registry import property_of

PROVED = {
    "mcafee": "dsic ex-post-ir no-deficit critical-payment monotone-allocation anonymity"
    " weak-group-strategyproofness feasibility",
    "trade-reduction": "dsic ex-post-ir no-deficit losers-pay-nothing envy-freeness",
    "average-price-double-auction": "strong-budget-balance efficiency non-bossiness",
    "vcg-double-auction": "dsic efficiency false-name-proofness pay-at-most-bid",
    "uniform-price": "dsic ex-post-ir envy-freeness efficiency revenue-monotonicity"
    " false-name-proofness weak-group-strategyproofness",
    "pay-as-bid": "ex-post-ir bid-revenue-monotonicity non-bossiness",
    "kth-price": "ex-post-ir no-deficit efficiency revenue-monotonicity",
    "gsp": "ex-post-ir revenue-monotonicity anonymity",
    "vcg-slots": "no-deficit efficiency bid-revenue-monotonicity",
}
FALSE = {
    "mcafee": "efficiency strong-budget-balance non-bossiness strong-group-strategyproofness"
    " collusion-proofness false-name-proofness revenue-monotonicity bid-revenue-monotonicity",
    "trade-reduction": "efficiency revenue-monotonicity",
    "average-price-double-auction": "dsic critical-payment envy-freeness",
    "vcg-double-auction": "no-deficit weak-group-strategyproofness non-bossiness",
    "uniform-price": "non-bossiness strong-group-strategyproofness",
    "pay-as-bid": "dsic envy-freeness",
    "kth-price": "dsic non-bossiness",
    "gsp": "dsic envy-freeness false-name-proofness",
    "vcg-slots": "non-bossiness",
}


def cells(table):
    return [(rule, prop) for rule, props in table.items() for prop in props.split()]


def obligation(rule, prop, condition=sp.true):
    rule = registry.rule(rule) if isinstance(rule, str) else rule
    return property_of(prop).on(rule, condition)


def prove(*args):
    return ranked.prove(obligation(*args), Budget())


def lowered(asked, case, fixed_ties=True, unfold=False):
    return ByRank(asked, case, lambda words, a: solve(a).status == "unsat", fixed_ties, unfold)


@pytest.mark.parametrize(("rule", "prop"), cells(PROVED))
def test_true_cells_are_proved(rule, prop):
    result = prove(rule, prop)
    assert result.status == "proved", result.reason
    assert result.steps
    assert all(solve_again(text) == "unsat" for _, text in result.smt2[:2])


def solve_again(text):
    solver = z3.Solver(ctx=z3.Context())
    solver.from_string(text)
    return str(solver.check())


@pytest.mark.parametrize(("rule", "prop"), cells(FALSE))
def test_false_cells_are_not(rule, prop):
    assert prove(rule, prop).status != "proved"


# --- mutants ---------------------------------------------------------------------------------------


def double(number, bid, ask, name="mutant"):
    return replace(
        mcafee.MCAFEE,
        id=name,
        allocation=two_sided.trades(number),
        payment=two_sided.payments(number, bid, ask),
    )


K, high, low = two_sided.K, two_sided.high, two_sided.low
REVERSED = sp.And(
    two_sided.buyers > K, two_sided.sellers > K, mcafee.price >= high(K), mcafee.price <= low(K)
)
MUTANTS = {
    "no reduction": double(K, mcafee.bid, mcafee.ask),
    "test reversed": double(Cases((K, REVERSED), (K - 1, True)), Cases((mcafee.price, REVERSED), (high(K), True)),
                            Cases((mcafee.price, REVERSED), (low(K), True))),
    "price of the wrong rank": double(K - 1, high(K - 1), low(K)),
    "one trade too many": double(K, high(K + 1), low(K + 1)),
    "lowest winner's price": replace(
        uniform_price.UNIFORM_PRICE, id="mutant",
        payment=Cases((KthHighest(uniform_price.k, uniform_price.b[uniform_price.j], uniform_price.j),
                       uniform_price.wins), (0, True))),
    "one unit more": replace(
        uniform_price.UNIFORM_PRICE, id="mutant",
        allocation=Cases((1, Rank(uniform_price.b[uniform_price.j], uniform_price.j,
                                  at=uniform_price.i) <= uniform_price.k + 1), (0, True))),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_not_truthful_and_not_proved(name):
    asked = obligation(MUTANTS[name], "dsic")
    assert violated(Random(1), asked, 4000) is not None
    assert ranked.prove(asked, Budget()).status != "proved"


# --- the formulas and the referee ------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "prop"), [*cells(FALSE), *cells(PROVED)][::2])
def test_a_concrete_auction_satisfies_the_formula_exactly_if_it_violates(rule, prop):
    asked, random = obligation(rule, prop), Random(7)
    found = [
        violated(random, asked, 60),
        *(draw(random, asked, random.randint(2, 5)) for _ in range(4)),
    ]
    for instance in found:
        if instance is None or not (checked := check(asked, instance)).admitted:
            continue
        case, named = case_of(asked, instance)
        for fixed_ties in (True, False):
            ranks = lowered(asked, case, fixed_ties, unfold=fixed_ties)
            solver = z3.SimpleSolver()
            solver.add(ranks.assertions(ranks.violation, *pinned(ranks, instance, named)))
            exact = fixed_ties and not ranks.sums.prefixes
            if checked.violated or exact:
                assert str(solver.check()) == ("sat" if checked.violated else "unsat")


@pytest.mark.parametrize(
    "rule", ["mcafee", "vcg-double-auction", "uniform-price", "gsp", "vcg-slots"]
)
def test_premises_hold_and_cover_what_matters(rule):
    asked = obligation(rule, "dsic")
    for case in cases(asked):
        ranks = lowered(asked, case, fixed_ties=False)
        truth, lie = asked.worlds.values()
        gets = [
            ranks.read(asked.rule.allocation, {asked.rule.agent: Named(0)}, w) for w in (truth, lie)
        ]
        covers = [gets[0] > 0, gets[1] > 0, z3.And(gets[0] > 0, gets[1] == 0)]
        if case.flag is not None:
            trades = [ranks.read(K, {}, world) for world in (truth, lie)]
            covers += [
                trades[0] != trades[1],
                z3.And(trades[0] >= 3, gets[0] == 0),
                trades[0] == trades[1],
            ]
        for cover in covers:
            assert solve(concrete(ranks, ranks.assertions(cover))).status == "sat", (case, cover)


def test_premises_that_cannot_be_met_are_not_a_proof():
    k = uniform_price.k
    assert prove("uniform-price", "dsic", k < 1).status == "unknown"
    assert prove("uniform-price", "dsic", k > 5).status == "proved"


# --- parameters, ties, and what is refused ---------------------------------------------------------


def test_a_condition_on_the_parameters():
    k = registry.rule("kth-price").parameters[0][()]
    assert prove("kth-price", "dsic", sp.Eq(k, 2)).status == "proved"
    assert prove("kth-price", "dsic", sp.Eq(k, 3)).status != "proved"
    assert prove(registry.rule("kth-price").with_parameters(k=2), "dsic").status == "proved"


def test_the_tie_policy_that_is_covered():
    assert prove("mcafee", "dsic").ties == "any"
    assert prove("pay-as-bid", "non-bossiness").ties == "lowest-index"
    highest = pay_as_bid.PAY_AS_BID.with_ties("highest-index")
    assert prove(highest, "non-bossiness").ties == "highest-index"
    assert prove(pay_as_bid.PAY_AS_BID.with_ties("any"), "non-bossiness").status != "proved"


@pytest.mark.parametrize(
    "rule", ["second-price-reserve", "score-auction", "vcg-assignment", "myerson"]
)
def test_what_is_more_than_ranking_is_refused_by_name(rule):
    result = prove(rule, "dsic")
    assert result.status == "not-accepted"
    assert result.reason


def test_agents_are_no_numbers():
    asked = obligation("second-price", "dsic")
    ranks = lowered(asked, next(cases(asked)))
    with pytest.raises(NotAccepted, match="taken for a number"):
        ranks.read(asked.roles[0] + 1, ranks.roles, next(iter(asked.worlds.values())))


def test_names_stay_apart():
    assert symbol("rate") == "rate"
    assert len({symbol(n) for n in ("a'", "a_27_", "a b", "a_b", "a.b")}) == 5


def test_partitions_of_roles():
    assert sorted(partitions(3)) == [(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 2)]


def test_products_keep_their_signs_and_nothing_false():
    x, y, z = z3.Reals("x y z")
    assert solve(without_products([x >= 0, y >= z, x * y < x * z])).status == "unsat"
    assert solve(without_products([x * (y - z) > 0, x > 0, y < z])).status == "unsat"
    for point in ([2, 3, 1], [-1, 2, 0], [0, 5, -2]):
        facts = [v == n for v, n in zip((x, y, z), point, strict=True)]
        value = z3.simplify(z3.substitute(x * y - x * z, *((v, z3.RealVal(n)) for v, n in
                                                           zip((x, y, z), point, strict=True))))  # fmt: skip
        product = z3.Function("product", z3.RealSort(), z3.RealSort(), z3.RealSort())
        real = [product(a, b) == z3.simplify(z3.RealVal(p) * z3.RealVal(q))
                for a, p in zip((x, y, z), point, strict=True) for b, q in zip((x, y, z), point, strict=True)]  # fmt: skip
        assert solve([*without_products([x * y - x * z == value, *facts]), *real]).status == "sat"


def test_a_number_of_agents_is_a_price():
    """A count that is paid is a whole number; products of it are products all the same."""
    i, j = agents("i j")
    b = report("b")
    price = Count(True, j)
    rule = Rule(
        id="pays-the-number",
        agent=i,
        reports=b,
        allocation=Cases((1, sp.Eq(i, ArgMax(b[j], j))), (0, True)),
        payment=Cases((price, b[i] >= price), (0, True)),
    )
    assert ranked.prove(property_of("no-deficit").on(rule), Budget()).status == "proved"
