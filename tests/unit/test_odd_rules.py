"""Rules that are not total, very large numbers, and ties that any order may break."""

import time

import pytest
from sympy import Eq

from mechanism import ArgMax, Cases, Rule, agents, report
from mechanism.errors import InputError, RuleError
from mechanism.instance import Instance
from mechanism.language import Sum
from mechanism.registry import rule
from proofs import audit, workers
from proofs.replay import replay
from proofs.verdict import Verdict
from properties.check import check
from properties.registry import property_of

i, j = agents("i j")
b = report("b")
# Each gets its share of the good and pays its bid; where all bid 0, there are no shares.
SHARES = Rule(
    id="shares", agent=i, reports=b, min_agents=2, allocation=b[i] / Sum(b[j], j), payment=b[i]
)


def findings(target, *names, **options):
    (found,) = audit(target, properties=names, cache=False, **options)
    return {f.property: f for f in found.findings}


def test_a_rule_without_a_value_somewhere_is_audited_where_it_has_one():
    found = findings(SHARES, "totality", "dsic", "non-bossiness", "anonymity")
    assert found["totality"].verdict is Verdict.REFUTED
    assert found["dsic"].verdict is Verdict.REFUTED
    assert found["dsic"].scope.condition == "where the rule has a value"
    assert check(property_of("dsic").on(SHARES), found["dsic"].evidence.instance).violated
    assert {found[n].verdict for n in ("non-bossiness", "anonymity")} == {Verdict.PROVED}


@pytest.mark.parametrize("reserve", ["1000000007", "1e400"])
def test_large_numbers_are_numbers_like_others(reserve):
    found = findings("first-price-reserve", "dsic", "ex-post-ir", parameters={"reserve": reserve})
    assert found["dsic"].verdict is Verdict.REFUTED
    assert found["ex-post-ir"].verdict is Verdict.PROVED


def test_the_same_reports_are_told_apart_in_the_same_way():
    """Otherwise a misreport of the truth could gain."""
    asked = property_of("dsic").on(rule("average-price-double-auction").with_ties("any"))
    tables = {"v": (0, 0, 1), "b'": (0, 0, 1), "buyer": (False, False, True)}
    orders = {"truth": (0, 1, 2), "lie": (1, 0, 2)}
    one = Instance({"agent": 3}, tables, {"i": 1}, orders)
    assert not check(asked, one).admitted
    found = findings("average-price-double-auction", "dsic", ties="any", agents=3)["dsic"]
    instance = found.evidence.instance
    agent = instance.roles["i"]
    assert found.verdict is Verdict.REFUTED
    assert instance.tables["v"][agent] != instance.tables["b'"][agent]


def test_a_rule_that_every_order_of_ties_leaves_truthful_is_proved():
    winner = ArgMax(b[j], j, where=b[j] >= 1)
    half = Rule(
        id="half", agent=i, reports=b, admissible=Eq(b[i], 0) | Eq(b[i], 1),
        allocation=Cases((1, Eq(i, winner) & (b[i] >= 1)), (0, True)),
        payment=Cases((1, Eq(i, winner) & (b[i] >= 1)), (0, True)) / 2,
    )  # fmt: skip
    found = findings(half, "dsic", ties="any", max_agents=2)["dsic"]
    assert found.verdict is Verdict.PROVED
    assert found.scope.agents == (1, 2)


def test_what_was_not_begun_says_so():
    late = time.monotonic() - 1
    ((_, result),) = workers.run([lambda: 7], 1, 60.0, late)
    assert isinstance(result, workers.Killed)
    assert "before this was begun" in str(result)


def test_a_mistyped_size_is_not_believed():
    tables = {"v": [2, 0], "b'": [1, 0]}
    case = {"sizes": {"agent": 10**9}, "tables": tables, "roles": {"i": 0}}
    with pytest.raises(InputError, match="must have 1000000000 entries"):
        replay({"target": "first-price", "property": "dsic", "instance": case})


def test_two_reports_have_to_suit_the_setting():
    with pytest.raises(RuleError, match="one thing, not b, extra"):
        Rule(
            id="two",
            agent=i,
            reports=(b, report("extra")),
            allocation=Cases((1, Eq(i, ArgMax(b[j], j))), (0, True)),
            payment=Cases((0, True)),
        )
