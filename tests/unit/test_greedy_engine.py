"""The engine for greedy rules: what it proves, what it must not prove, and whether its terms are true."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
import sympy as sp
import z3

from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance
from mechanism.language import Cases, Exists, Greedy, Highest, parameter
from mechanism.registry import rule
from mechanism.rule import Rule
from mechanism.rules import greedy_single_minded as los
from mechanism.rules.greedy_single_minded import GREEDY_SINGLE_MINDED as RULE
from proofs.engines.engine import Budget
from proofs.engines.greedy import prove
from proofs.engines.greedy_lemmas import lower
from proofs.lowering.greedy_runs import Run
from proofs.lowering.names import SORT
from proofs.lowering.terms import compare, conj, disj, number
from proofs.solver import solve
from properties.check import check
from properties.registry import property_of

BUDGET = Budget()
FALSE = Budget(rlimit=1_500_000)  # three times what any of these needs where it is true
BOTH = [
    "feasibility", "totality", "ex-post-ir", "no-deficit", "no-positive-transfers", "losers-pay-nothing",
    "pay-at-most-bid", "monotone-allocation", "anonymity", "envy-freeness",
]  # fmt: skip
TRUE = [
    *(("greedy-single-minded", p) for p in (*BOTH, "dsic", "critical-payment")),
    *(("greedy-pay-as-bid", p) for p in (*BOTH, "non-bossiness")),
]


def obligation(subject, property_id):
    return property_of(property_id).on(rule(subject) if isinstance(subject, str) else subject)


@pytest.mark.parametrize(("rule_id", "property_id"), TRUE)
def test_true_cells_are_proved(rule_id, property_id):
    result = prove(obligation(rule_id, property_id), BUDGET)
    assert result.status == "proved", result.reason
    assert result.reason
    assert result.steps
    *_, premises = result.smt2
    assert premises[0].endswith("premises")
    for _, text in result.smt2[:-1]:
        solver = z3.Solver()
        solver.from_string(text)
        assert solver.check() == z3.unsat


# --- mutants -----------------------------------------------------------------------------------

i, j, b = los.i, los.j, los.b
WEIGHT = parameter("w", over="agent", above=0)


def pays(amount):
    return Cases((amount, los.wins), (0, True))


def ranked_by(key, payment):
    """The auction with other keys: `key(agent)`; `payment(highest key in the winner's way)`."""
    accepted = lambda a, where=True: Greedy(key(j), j, a, los.clash(j, los.m), los.m, where)  # noqa: E731
    way = sp.And(sp.Ne(j, i), los.clash(i, j), accepted(j, sp.Ne(j, i)))
    wins = accepted(i)
    allocation = Cases((1, sp.And(los.want[i, los.g], wins)), (0, True))
    price = payment(Highest(key(j), j, where=way))
    return replace(
        RULE, id="mutant", allocation=allocation, payment=Cases((price, wins), (0, True))
    )


in_the_way = sp.And(sp.Ne(j, i), los.clash(i, j), los.accepted(j))
MUTANTS = {
    "pays its own bid": (replace(RULE, id="mutant", payment=pays(b[i])), "dsic"),
    "price per good": (ranked_by(lambda a: b[a] / los.size(a), lambda top: top), "dsic"),
    "price of twice the goods": (ranked_by(lambda a: b[a] / los.size(a), lambda top: 2 * los.size(i) * top), "ex-post-ir"),
    "ranked by value times size": (ranked_by(lambda a: b[a] * los.size(a), lambda top: top / los.size(i)), "dsic"),
    "lowest first": (ranked_by(lambda a: -b[a] / los.size(a), lambda top: -los.size(i) * top), "dsic"),
    "critical price with me in the run": (
        replace(RULE, id="mutant", payment=pays(los.size(i) * Highest(b[j] / los.size(j), j, where=in_the_way))),
        "dsic",
    ),
    "no conflicts": (
        replace(RULE, id="mutant", allocation=Cases((1, los.want[i, los.g]), (0, True))),
        "feasibility",
    ),
    "empty bundles": (replace(RULE, id="mutant", admissible=sp.true), "totality"),
    "losers pay too": (replace(RULE, id="mutant", payment=los.critical), "losers-pay-nothing"),
    "subsidy": (replace(RULE, id="mutant", payment=pays(los.critical - 1)), "no-deficit"),
    "the first agent is favoured": (
        replace(RULE, id="mutant", payment=pays(los.critical + Cases((1, Exists(sp.Ne(j, i), j)), (0, True)))),
        "ex-post-ir",
    ),
}  # fmt: skip


def instances(subject, property_id, seed, count):
    """Small random instances, with ties."""
    asked, rng = obligation(subject, property_id), random.Random(seed)
    sizes = [(n, g) for n in (1, 2, 3) for g in (1, 2) if n >= asked.min_agents]
    for _ in range(count):
        agents, goods = rng.choice(sizes)
        bundles = [
            w
            for w in product((False, True), repeat=goods)
            if any(w) or subject.admissible == sp.true
        ]
        tables = {
            name: tuple(draw() for _ in range(agents))
            for name, draw in {
                "v": lambda: Fraction(rng.randrange(4)), "b'": lambda: Fraction(rng.randrange(4)),
                "v_want": lambda: rng.choice(bundles), "want'": lambda: rng.choice(bundles),  # noqa: B023
            }.items()
        }  # fmt: skip
        roles = {role.name: rng.randrange(agents) for role in asked.roles}
        yield asked, Instance({"agent": agents, "good": goods}, tables, roles)


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_false_and_not_proved(name):
    mutant, property_id = MUTANTS[name]
    assert any(check(*pair).violated for pair in instances(mutant, property_id, 1, 2000)), (
        "not a mutant"
    )
    assert prove(obligation(mutant, property_id), FALSE).status == "unknown"


def test_a_priority_that_reports_can_change_is_not_strategyproof(monkeypatch):
    def before(self, one, other):
        key, key2 = (
            self.low.spoken(self.node.body, self.env(var=a), self.world) for a in (one, other)
        )
        place = z3.Function(f"place_{self.world.name}", SORT["agent"], z3.IntSort())
        return disj(
            (compare(key, ">", key2), conj((compare(key, "==", key2), place(one) < place(other))))
        )

    monkeypatch.setattr(Run, "before", before)
    assert (
        prove(obligation(RULE, "anonymity"), BUDGET).status == "proved"
    )  # it looks at untied keys only
    assert prove(obligation("greedy-pay-as-bid", "non-bossiness"), BUDGET).status == "unknown"


@pytest.mark.parametrize("property_id", ["weak-group-strategyproofness", "revenue-monotonicity"])
def test_false_cells_are_not_proved(property_id):
    assert prove(obligation(RULE, property_id), FALSE).status == "unknown"


def test_two_who_raise_their_bids_together_oust_a_third():
    wanted = ((True, True), (True, False), (False, True))
    values, lies = ((Fraction(x) for x in row) for row in ((2, 1, 1), (2, 2, 2)))
    tables = {"v": tuple(values), "v_want": wanted, "b'": tuple(lies), "want'": wanted}
    instance = Instance({"agent": 3, "good": 2}, tables, {"i": 1, "k": 2})
    assert check(obligation(RULE, "weak-group-strategyproofness"), instance).violated


def test_other_rules_are_not_accepted():
    result = prove(obligation("second-price", "dsic"), BUDGET)
    assert (result.status, "Greedy" in result.reason) == ("not-accepted", True)
    result = prove(obligation(RULE, "efficiency"), BUDGET)
    assert (result.status, "partition" in result.reason) == ("not-accepted", True)


# --- the terms are true ------------------------------------------------------------------------


def test_accepted_is_to_find_nobody_in_the_way_in_the_run_without_me():
    for _, instance in instances(RULE, "dsic", 2, 300):
        read = Exact(instance)
        for me in instance.domain("agent"):
            mine = (-read(b[j] / los.size(j), {j: me}), me)
            others = [a for a in instance.domain("agent") if a != me]
            blockers = [
                a for a in others
                if (-read(b[j] / los.size(j), {j: a}), a) < mine
                and read(los.clash(i, j), {i: me, j: a})
                and read(los.accepted(j, sp.Ne(j, i)), {i: me, j: a})
            ]  # fmt: skip
            assert read(los.wins, {i: me}) is (not blockers)


PROPERTIES = [
    "dsic",
    "no-deficit",
    "feasibility",
    "critical-payment",
    "envy-freeness",
    "anonymity",
    "false-name-proofness",
]


@pytest.mark.parametrize("property_id", PROPERTIES)
def test_every_exact_instance_is_a_model(property_id):
    """The formulas leave things open, but never exclude what is the case: so unsat is a proof."""
    asked = replace(obligation(RULE, property_id), premises=())
    low = lower(asked, (), unfolding=property_id != "anonymity")
    margin, violated = low.read(asked.margin), low.read(asked.violation)
    low.close()
    for _, instance in instances(RULE, property_id, 3, 6):
        checked = check(asked, instance)
        facts = [number(margin) == number(checked.margin), violated == checked.violated]
        facts += described(low, asked, instance)
        assert solve([*low.assertions, *facts]).status == "sat", instance


def described(low, asked, instance):
    """That there is nobody and nothing but what the instance holds."""
    names = {
        sort: [z3.Const(f"the_{sort}_{k}", SORT[sort]) for k in instance.domain(sort)]
        for sort in ("agent", "good")
    }
    for sort, elements in names.items():
        yield z3.And(*(one != two for n, one in enumerate(elements) for two in elements[:n]))
        yield from (z3.Or(*(c == e for e in elements)) for c in low.constants[sort])
    yield from (low.roles[r][0] == names["agent"][instance.roles[r.name]] for r in asked.roles)
    for agent, element in enumerate(names["agent"]):
        yield low.place("agent", element) == agent
        for table, family in (("v_want", "v_want"), ("want'", "want_said")):
            held = instance.tables[table][agent]
            yield z3.Function(f"size_{family}", SORT["agent"], z3.RealSort())(element) == sum(held)
            wants = z3.Function(family, SORT["agent"], SORT["good"], z3.BoolSort())
            yield from (wants(element, g) == h for g, h in zip(names["good"], held, strict=True))
        for table, family in (("v", "v"), ("b'", "b_said")):
            value = z3.Function(family, SORT["agent"], z3.RealSort())(element)
            yield value == number(instance.tables[table][agent])


# --- other rules -------------------------------------------------------------------------------


@pytest.mark.parametrize(("factor", "status"), [(1 / WEIGHT[i], "proved"), (1, "unknown")])
def test_a_rule_of_ones_own_with_weights(factor, status):
    """One good, bids ranked by weight times bid: strategyproof at the critical price, and only there."""
    accepted = lambda a, where=True: Greedy(WEIGHT[j] * b[j], j, a, True, los.m, where)  # noqa: E731
    top = Highest(WEIGHT[j] * b[j], j, where=sp.And(sp.Ne(j, i), accepted(j, sp.Ne(j, i))))
    mine = Rule(
        id="weighted", agent=i, reports=b,
        allocation=Cases((1, accepted(i)), (0, True)), payment=Cases((factor * top, accepted(i)), (0, True)),
    )  # fmt: skip
    assert prove(obligation(mine, "dsic"), FALSE).status == status
