"""Menus whose numbers are formulas: proved for all parameters, and for which values they still hold."""

from fractions import Fraction as F

import pytest

from mechanism.contracts import menu_from
from mechanism.errors import InputError
from mechanism.registry import rule
from proofs import audit
from proofs.cli import main
from proofs.replay import replay
from proofs.weakest import weakest
from properties.registry import property_of

HALVES = ["1/2", "1/2"]
SQUARE = {"family": "reward-minus-cost-over-type", "cost": "q**2"}
POSTED = {
    "id": "posted", "types": [1, 2], "prior": HALVES, "payoff": SQUARE,
    "parameters": {"beta": {"at_least": 0, "at_most": 10}},
    "items": [{"q": 1, "r": 1}, {"q": 2, "r": "beta"}],
}  # fmt: skip


def ends(found):
    return [(low.value, high.value) for low, high in found.intervals]


def test_the_exact_interval_of_a_reward():
    # Type 1 takes item 1: beta - 2 >= 1/2; type 0 does not: beta - 4 <= 0.
    found = weakest(menu_from(POSTED).rule, property_of("menu-ic"), "beta")
    assert ends(found) == [(F(5, 2), F(4))]
    assert found.complete
    assert str(found) == "5/2 <= beta <= 4, and for no other value"
    # Type 1 takes part: beta - 4/2 >= 0; the domain is the other end.
    assert ends(weakest(menu_from(POSTED).rule, property_of("menu-ir"), "beta")) == [(F(2), F(10))]


@pytest.mark.parametrize(("low", "high"), [("5/7", "29/3"), ("0", "1/97"), ("3/11", "2")])
def test_ends_are_found_whatever_fractions_they_are(low, high):
    low, high = F(low), F(high)
    data = POSTED | {"items": [{"q": 0, "r": f"{low} - beta"}, {"q": 0, "r": f"beta - {high}"}],
                     "payoff": {"family": "expression", "u": "-r"}}  # fmt: skip
    found = weakest(menu_from(data).rule, property_of("menu-ir"), "beta")
    assert ends(found) == [(low, high)]
    assert found.complete


def test_two_intervals_and_an_irrational_end():
    hole = POSTED | {"items": [{"q": 0, "r": "(beta - 2)*(beta - 3)"}, {"q": 0, "r": 0}]}
    found = weakest(menu_from(hole).rule, property_of("menu-ir"), "beta")
    assert ends(found) == [(F(0), F(2)), (F(3), F(10))]
    root = POSTED | {"items": [{"q": 0, "r": "2 - beta**2"}, {"q": 0, "r": 0}]}
    found = weakest(menu_from(root).rule, property_of("menu-ir"), "beta")
    ((low, high),) = found.intervals
    assert low.value == 0
    assert not high.exact
    assert high.value**2 <= 2 <= (high.value + high.width) ** 2
    assert high.width < F(1, 10**9)
    assert not found.complete


def test_nowhere():
    data = POSTED | {"items": [{"q": 1, "r": "-beta"}, {"q": 2, "r": 0}]}
    found = weakest(menu_from(data).rule, property_of("menu-ir"), "beta")
    assert str(found) == "no value of beta"


def test_the_persistence_up_to_which_an_intertemporal_lie_does_not_pay():
    # After report 0 the high type is paid 1/2 more; it is met with the chance that it stays what it is.
    data = {
        "id": "persistence", "types": ["1/2", 1], "prior": HALVES,
        "payoff": {"family": "reward-minus-cost-over-type", "cost": "q"},
        "parameters": {"stay": {"at_least": 0, "at_most": 1}},
        "items": [[1, 2], [2, "25/8"]],
        "transition": [["stay", "1 - stay"], ["1 - stay", "stay"]],
        "second": [[[1, 2], [2, "7/2"]], [[1, 2], [2, 3]]],
    }  # fmt: skip
    menu = menu_from(data).rule
    # Truth: 9/8 + stay; the lie: 1 + 3/2 stay.
    assert ends(weakest(menu, property_of("intertemporal-ic"), "stay")) == [(F(0), F(1, 4))]
    (found,) = audit(menu, properties=["intertemporal-ic", "second-period-ic"], cache=False)
    intertemporal, later = sorted(found.findings, key=lambda f: f.property)
    assert later.verdict == "proved"
    assert intertemporal.verdict == "refuted"
    assert replay(intertemporal.evidence, rule=menu).reproduced


def test_the_binding_chain_is_incentive_compatible_for_all_qualities():
    one, two = "a", "a + b"
    data = {
        "id": "chain", "types": [1, 3], "prior": HALVES, "payoff": SQUARE,
        "parameters": {"a": {"at_least": 0}, "b": {"at_least": 0}},
        "items": [[one, "a**2"], [two, "a**2 + ((a + b)**2 - a**2)/3"]],
    }  # fmt: skip
    (found,) = audit(menu_from(data).rule, properties=["menu-ic", "menu-ir"], cache=False)
    assert [f.verdict for f in found.findings] == ["proved", "proved"]
    # Whatever a is, b may be anything that is not negative.
    assert ends(weakest(menu_from(data).rule, property_of("menu-ic"), "b")) == [(F(0), None)]
    loose = data | {"parameters": {"a": {"at_least": 0}, "b": {"at_least": "-1"}}}
    (found,) = audit(menu_from(loose).rule, properties=["menu-ic"], cache=False)
    assert found.findings[0].verdict == "refuted"


def test_a_parameter_of_an_auction():
    # With a reserve r >= 0 the winner of a first-price auction pays its bid; nobody pays more than it bid.
    auction = rule("second-price-reserve")
    found = weakest(auction, property_of("ex-post-ir"), "reserve", agents=2)
    assert ends(found) == [(F(0), None)]


def test_what_cannot_be_varied_is_told():
    menu = menu_from(POSTED).rule
    with pytest.raises(InputError, match="has no number 'gamma' to vary; it has beta"):
        weakest(menu, property_of("menu-ic"), "gamma")
    with pytest.raises(InputError, match="this menu has one period"):
        weakest(menu, property_of("intertemporal-ic"), "beta")
    with pytest.raises(InputError, match="say how many"):
        weakest(rule("second-price-reserve"), property_of("dsic"), "reserve")


def test_the_command(tmp_path, capsys):
    import json

    path = tmp_path / "posted.json"
    path.write_text(json.dumps(POSTED))
    assert main(["weakest", str(path), "beta", "--property", "menu-ic"]) == 0
    told = capsys.readouterr().out
    assert "posted: menu-ic holds for 5/2 <= beta <= 4, and for no other value" in told
    assert "by bisection over proofs" in told


def test_formulas_that_need_not_be_a_menu_are_assumed_to_be_one():
    data = POSTED | {"parameters": {"x": {}}, "prior": ["x", "1 - x"], "items": [[1, 1], [2, 3]]}
    (found,) = audit(menu_from(data).rule, properties=["menu-ic"], cache=False)
    assert found.findings[0].verdict == "proved"
    with pytest.raises(InputError, match="'y' is not known; the names are x"):
        menu_from(data | {"items": [[1, 1], [2, "y"]]})
