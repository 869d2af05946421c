"""Menus: the rule says what the definitions say."""

import random
from fractions import Fraction as F
from itertools import product

import pytest
from menu_cases import NOTES, changed, finding

from mechanism.contracts import (
    Menu,
    menu_from,
    reward_minus_cost,
)
from proofs import audit
from proofs.evaluated import margins
from proofs.replay import replay
from properties.registry import property_of


def test_the_example_of_the_notes():
    menu = menu_from(NOTES)
    for name in ("first-period-ic", "second-period-ic", "menu-ir", "first-period-ir", "second-period-ir"):  # fmt: skip
        assert finding(menu.rule, name).verdict == "proved", name
    found = finding(menu.rule, "intertemporal-ic")
    assert found.verdict == "refuted"
    assert found.evidence.margin == 1  # the persistent L gets 2 by truth and 3 by reporting H first
    assert dict(found.evidence.instance.roles) == {"i": 1, "j": 0}


def test_the_example_of_the_notes_with_independent_types():
    half = ["1/2", "1/2"]
    menu = menu_from(changed(transition=[half, half]))
    # 2 by the truth, counting both periods: (3-2) + 1/2*(3-2) = 3/2; 5/2 by the lie.
    assert finding(menu.rule, "intertemporal-ic").evidence.margin == 1


def test_optimal_and_truthful_continuation_are_told_apart():
    # After a first report of type 0 the second menu is not incentive compatible: type 1 takes item 0.
    menu = menu_from(changed(second=[[[1, "7/2"], [1, 2]], [[1, 2], [2, 3]]]))
    assert finding(menu.rule, "intertemporal-ic").verdict == "refuted"
    assert finding(menu.rule, "intertemporal-ic-truthful").verdict == "proved"


def by_definition(menu: Menu, name: str) -> dict[tuple[int, ...], F]:
    """The margins written out, for r - q/theta."""
    types = [F(str(t)) for t in menu.types]
    first = [(F(str(q)), F(str(r))) for q, r in menu.items]
    second = [[(F(str(q)), F(str(r))) for q, r in row] for row in menu.second]
    chance = [[F(str(p)) for p in row] for row in menu.transition]
    every, delta = range(len(types)), F(str(menu.discount))

    def u(t, item):
        return item[1] - item[0] / types[t]

    def total(k, m, best):
        later = [max(u(n, second[m][s]) for s in every) if best else u(n, second[m][n]) for n in every]  # fmt: skip
        return u(k, first[m]) + delta * sum(p * x for p, x in zip(chance[k], later))

    truth = {k: total(k, k, False) for k in every}
    return {
        "first-period-ic": {(k, m): u(k, first[m]) - u(k, first[k]) for k in every for m in every if k != m},
        "second-period-ic": {(h, k, m): u(k, second[h][m]) - u(k, second[h][k])
                             for h in every for k in every for m in every if k != m},
        "intertemporal-ic": {(k, m): total(k, m, True) - truth[k] for k in every for m in every if k != m},
        "intertemporal-ic-truthful": {(k, m): total(k, m, False) - truth[k] for k in every for m in every if k != m},
        "menu-ir": {(k,): -truth[k] for k in every},
        "second-period-ir": {(h, k): -u(k, second[h][k]) for h in every for k in every},
        "limited-liability": {(k,): -first[k][1] for k in every},
    }[name]  # fmt: skip


def random_menu(rng: random.Random, count: int) -> Menu:
    def number():
        return F(rng.randint(0, 8), rng.randint(1, 4))

    def row():
        return [(number(), number() - 1) for _ in range(count)]

    def chances():
        weights = [rng.randint(0, 3) + (k == 0) for k in range(count)]
        return [F(w, sum(weights)) for w in weights]

    types = sorted(rng.sample(range(1, 12), count))
    return Menu(types=types, prior=chances(), items=row(), payoff=reward_minus_cost("q"),
                transition=[chances() for _ in range(count)], second=[row() for _ in range(count)],
                discount=F(rng.randint(0, 4), 4))  # fmt: skip


@pytest.mark.parametrize("name", [
    "first-period-ic", "second-period-ic", "intertemporal-ic", "intertemporal-ic-truthful", "menu-ir",
    "second-period-ir", "limited-liability",
])  # fmt: skip
def test_margins_are_those_of_the_definition(name):
    rng = random.Random(7)
    for count in (1, 2, 3):
        menu = random_menu(rng, count)
        found = {
            tuple(roles.values()): m for roles, m, _ in margins(property_of(name).on(menu.rule))
        }
        assert found == by_definition(menu, name)


def test_a_refutation_replays_and_its_twin_has_the_largest_gain():
    rng = random.Random(3)
    menu = random_menu(rng, 3)
    found = finding(menu.rule, "intertemporal-ic")
    assert found.verdict == "refuted"
    worst = max(by_definition(menu, "intertemporal-ic").values())
    shown = found.evidence.robust or found.evidence
    assert shown.margin == worst
    again = replay(found.evidence, rule=menu.rule)
    assert again.reproduced
    assert again.checked.margin == found.evidence.margin


def test_budget_pooling_and_monotone_quality():
    menu = menu_from(changed(budget=5, items=[[1, 2], [1, 2]]))
    # (2 + 2)/2 in the first period; 3 after type 0 and 3 after type 1 in the second.
    assert finding(menu.rule, "menu-budget").verdict == "proved"
    short = menu_from(changed(budget="49/10", items=[[1, 2], [1, 2]]))
    assert finding(short.rule, "menu-budget").evidence.margin == F(1, 10)
    assert finding(menu.rule, "separation").verdict == "refuted"
    assert finding(menu.rule, "monotone-quality").verdict == "proved"
    falling = menu_from(changed(items=[[2, 5], [1, 2]]))
    assert finding(falling.rule, "monotone-quality").evidence.margin == 1


def test_a_property_of_auctions_is_not_about_a_menu():
    assert finding(menu_from(NOTES).rule, "dsic").verdict == "not-applicable"
    (found,) = audit("second-price", properties=["menu-ic"], cache=False)
    assert found.findings[0].verdict == "not-applicable"
    (whole,) = audit(menu_from(NOTES).rule, cache=False)
    assert "dsic" not in [f.property for f in whole.findings]


def test_twenty_types_are_audited_in_time():
    count = 20
    every = range(count)
    items = [(k, k) for k in every]
    menu = Menu(types=[F(k + 1) for k in every], prior=[F(1, count)] * count, items=items,
                payoff=reward_minus_cost("q**2"), second=[items for _ in every],
                transition=[[F(k == n) for n in every] for k in every])  # fmt: skip
    found = finding(menu.rule, "intertemporal-ic")
    assert found.verdict in ("proved", "refuted")
    assert found.seconds < 30
    assert len(list(product(every, repeat=2))) == 400
