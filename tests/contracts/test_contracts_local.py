"""Where the constraints between neighbours imply all others, and where they do not."""

import pytest
from menu_cases import finding

from mechanism.contracts import (
    Menu,
    expression,
    menu_from,
    reward_minus_cost,
    type_times_value,
)
from proofs import audit
from properties.registry import property_of


@pytest.mark.parametrize(("payoff", "holds"), [
    (reward_minus_cost("q**2"), True),
    (reward_minus_cost([[0, 0], [1, 1], [2, 4]]), True),
    (type_times_value([[0, 0], [1, 2], [3, 3]], "q**2/2"), True),
    (expression("r - theta*q"), False),
])  # fmt: skip
def test_single_crossing(payoff, holds):
    menu = Menu(types=[1, 2, 3], prior=[1, 0, 0], items=[(1, 1)] * 3, payoff=payoff)
    found = finding(menu.rule, "single-crossing")
    assert found.verdict == ("proved" if holds else "refuted")


def test_local_constraints_suffice_for_any_number_of_types():
    (found,) = audit("mechanism.contracts.general:ANY_MENU", properties=["local-ic-suffices"], cache=False)  # fmt: skip
    assert found.findings[0].verdict == "proved"
    assert found.findings[0].scope.agents == (1, None)
    assert str(found.findings[0].scope) == "any number of types"


def test_the_induction_needs_each_of_its_premises():
    from dataclasses import replace

    from mechanism.contracts.general import ANY_MENU
    from proofs.engines.engine import Budget
    from proofs.engines.neighbours import prove
    from properties.property import Chain, Check

    wanted = property_of("local-ic-suffices")
    assert prove(wanted.on(ANY_MENU), Budget()).status == "proved"
    without_crossing = replace(ANY_MENU, assumptions=())
    assert prove(wanted.on(without_crossing), Budget()).status == "unknown"
    bare = Chain(wanted.chain.order, lambda t, i, j: Check(wanted.chain.link(t, i, j).margin))
    not_monotone = replace(wanted, chain=bare)
    assert prove(not_monotone.on(ANY_MENU), Budget()).status == "unknown"


def test_local_constraints_do_not_suffice_for_two_periods():
    """A generous item that, after report 0, only the highest second-period type wants."""
    item, stay, move = [0, 0], "9/10", "1/20"
    menu = menu_from({
        "types": ["1/3", "1/2", 1], "prior": ["1/3"] * 3,
        "payoff": {"family": "reward-minus-cost-over-type", "cost": "q"},
        "items": [[0, -1], item, item],
        "transition": [[stay, move, move], [move, stay, move], [move, move, stay]],
        "second": [[item, item, [20, 40]], [item] * 3, [item] * 3],
    })  # fmt: skip
    found = finding(menu.rule, "local-intertemporal-ic-suffices")
    assert found.verdict == "refuted"
    assert dict(found.evidence.instance.roles) == {"i": 2, "j": 0}
    assert found.evidence.margin == 17


def test_the_solver_finds_such_a_menu():
    from mechanism.contracts.general import CORRELATED
    from proofs.lowering.obligation import instance_of, lower
    from proofs.solver import solve
    from properties.check import check

    obligation = property_of("local-intertemporal-ic-suffices").on(CORRELATED)
    roles = dict(zip(obligation.roles, (2, 0)))
    lowered = lower(obligation, {"agent": 3}, roles)
    told = solve(lowered.assertions)
    assert told.status == "sat"
    assert check(obligation, instance_of(lowered, told.values)).violated
