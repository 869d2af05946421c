"""Screening many menus: the same verdicts as audits, confirmed exactly, and repairs that are least."""

import json
import time
from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest

from mechanism.contracts import Menu, expression, menu_json, reward_minus_cost, type_times_value
from mechanism.contracts.design import design
from mechanism.contracts.problem import problem_from
from mechanism.errors import InputError
from proofs import audit
from proofs.cli import main
from proofs.evaluated import margins as referee_margins
from proofs.repair import constraints, repair
from proofs.screen import exact_margins, names, screen
from properties.registry import property_of

SPREAD = [["8/10", "1/10", "1/10"], ["1/10", "8/10", "1/10"], ["1/10", "1/10", "8/10"]]
NONE = [(0, 0)] * 3
TWO = Menu(types=[1, 2, 3], prior=["1/3"] * 3, items=NONE, second=[NONE] * 3, transition=SPREAD,
           discount="9/10", payoff=reward_minus_cost("q**2"))  # fmt: skip
ONE = Menu(types=[1, 2, 3], prior=["1/3"] * 3, items=NONE, payoff=reward_minus_cost("q**2"))


def menu_of(template: Menu, items) -> Menu:
    exact = [(F(q), F(r)) for q, r in items]
    second = [exact[3 * h : 3 * h + 3] for h in (1, 2, 3)] if template.two_periods else None
    return replace(template, items=exact[:3], second=second)


def optimal() -> Menu:
    return design(problem_from({
        "types": [1, 2, 3], "prior": ["1/3"] * 3, "discount": "9/10", "transition": SPREAD,
        "payoff": {"family": "reward-minus-cost-over-type", "cost": "q**2"}, "surplus": "4*q",
    }), references=False).menu  # fmt: skip


@pytest.mark.parametrize("template", [ONE, TWO], ids=["one", "two"])
def test_verdicts_are_those_of_audits(template):
    rng = np.random.default_rng(1)
    size = 12 if template.two_periods else 3
    batch = rng.integers(0, 3, (60, size, 2)).astype(float)
    batch[::2, :, 0] = 0
    batch[::4, :, 1] = 1
    found = screen(template, batch)
    assert 0 < found.feasible.sum() < 60
    for items, feasible in list(zip(batch, found.feasible))[:12]:
        names = ["second-period-ic", "intertemporal-ic", "menu-ir"] if size > 3 else ["menu-ic", "menu-ir"]  # fmt: skip
        (checked,) = audit(menu_of(template, items).rule, properties=names, cache=False)
        assert feasible == all(f.verdict == "proved" for f in checked.findings)


@pytest.mark.parametrize("payoff", [
    reward_minus_cost("q**2"),
    type_times_value([[0, 0], [1, 2], [2, 3]], "q + q**2/3"),
    expression("theta*r/(1 + r) - q**2/(1 + q)"),
], ids=str)  # fmt: skip
@pytest.mark.parametrize("template", [ONE, TWO], ids=["one", "two"])
def test_whole_numbers_are_the_margins_of_the_referee(template, payoff):
    asked = replace(template, payoff=payoff)
    size = 12 if template.two_periods else 3
    doubles = np.random.default_rng(4).random((2, size, 2))
    rational = np.array([[(F(k, 7), F(k * k, 11)) for k in range(size)]], dtype=object)
    for batch in (doubles, rational):
        obligations, found, scales = exact_margins(asked, batch, names(asked))
        for row, items in enumerate(batch):
            for obligation, margin, scale in zip(obligations, found, scales):
                said = referee_margins(
                    property_of(obligation.property.id).on(menu_of(asked, items).rule)
                )
                for roles, true, _ in said:
                    whole = margin[(row, *(roles[r.name] for r in obligation.roles))]
                    assert F(int(whole), int(scale[row])) == true


def test_the_worst_margin_is_that_of_the_largest_lie():
    batch = np.array([[[1, 1], [1, 1], [2, 9]]], dtype=float)
    found = screen(ONE, batch)
    # Type 0 gains 9 - 4 - 0 by reporting type 2; type 1 gains 9 - 2 - 1/2.
    assert found.margins["menu-ic"][0] == 6.5
    assert found.worst["menu-ic"][0].tolist() == [1, 2]


def test_a_menu_at_its_constraints_is_confirmed_in_rationals():
    menu = optimal()
    exact = screen(TWO, [menu])
    assert exact.feasible.tolist() == [True]
    items = [x for row in (menu.items, *menu.second) for x in row]
    rounded = np.array([[[float(q), float(r)] for q, r in items]])
    found = screen(TWO, rounded)
    # Constraints that bind do not survive rounding to doubles: that is said, not hidden.
    assert found.verdicts[0] in ("nearly", "feasible")
    fixed = repair(TWO, rounded[0])
    assert fixed.change < 1e-12
    assert screen(TWO, np.array([fixed.items], dtype=object)).feasible[0]


def test_a_hundred_thousand_menus_in_a_second():
    batch = np.random.default_rng(0).random((100_000, 12, 2))
    began = time.process_time()
    found = screen(TWO, batch)
    assert time.process_time() - began < 1
    assert len(found) == 100_000


@pytest.mark.parametrize("seed", range(5))
def test_repairs_are_feasible_and_least(seed):
    rng = np.random.default_rng(seed)
    menu = rng.integers(0, 6, (12, 2)).astype(float)
    for start in range(0, 12, 3):
        menu[start : start + 3, 0].sort()
    found = repair(TWO, menu)
    names, matrix, limits = constraints(TWO, menu)
    if found.items is None:
        check_farkas(found, names, matrix, limits)
        return
    assert screen(TWO, np.array([found.items], dtype=object)).feasible[0]
    # Weak duality: multipliers y >= 0 with |A'y| <= 1 bound every repair from below.
    assert found.change == pytest.approx(dual_bound(matrix, limits, menu[:, 1]), abs=1e-6)


def dual_bound(matrix, limits, now):
    from scipy.optimize import linprog

    a = np.array([[float(row.get(j, 0)) for j in range(len(now))] for row in matrix])
    b = np.array([float(x) for x in limits])
    short = a @ now - b
    found = linprog(-short, np.vstack([a.T, -a.T]), np.ones(2 * a.shape[1]), method="highs")
    return -found.fun


def check_farkas(found, names, matrix, limits):
    rows = dict(zip(names, zip(matrix, limits)))
    used = [(rows[name], y) for name, y in found.multipliers]
    assert used
    assert all(y > 0 for _, y in used)
    assert all(sum(y * row.get(c, 0) for (row, _), y in used) == 0 for c in range(12))
    assert sum(y * limit for (_, limit), y in used) < 0


def test_what_no_reward_repairs_is_proved():
    # A lower type with more quality: no rewards make both content.
    menu = np.array([[3, 0], [2, 0], [1, 0]], dtype=float)
    found = repair(ONE, menu)
    assert found.items is None
    check_farkas(found, *constraints(ONE, menu))


def test_payoffs_that_are_not_linear_in_the_reward_are_told():
    bent = replace(ONE, payoff=type_times_value([[0, 0], [1, 2], [2, 3]], "q"))
    with pytest.raises(InputError, match="not linear in the reward"):
        repair(bent, np.ones((3, 2)) * [[1, 3], [2, 1], [3, 2]])
    cost = replace(ONE, payoff=expression("r - theta*q"))
    assert repair(cost, np.array([[3.0, 0], [2, 0], [1, 0]])).change == F(14)


@pytest.mark.parametrize(("batch", "told"), [
    (np.zeros((4, 3, 2)), "must have the shape (menus, 12, 2)"),
    (np.full((1, 12, 2), np.nan), "menu 0 holds a number that is not finite"),
    (-np.ones((2, 12, 2)), "menu 0 holds a negative quality"),
    (["menu"], "a sequence of menus, not of str"),
], ids=["shape", "nan", "negative", "kind"])  # fmt: skip
def test_bad_batches_are_one_clear_error(batch, told):
    with pytest.raises(InputError) as error:
        screen(TWO, batch)
    assert told in str(error.value)


def test_the_command(tmp_path, capsys):
    template, batch, lines, out = (tmp_path / n for n in ("t.json", "b.npy", "b.jsonl", "o.jsonl"))
    template.write_text(json.dumps(menu_json(ONE)))
    np.save(batch, np.array([[[1, 1], [2, 9], [3, 5]], [[1, 1], [1, 1], [1, 1]], [[3, 9], [2, 4], [1, 1]]], dtype=float))  # fmt: skip
    assert main(["screen", str(template), str(batch), "--repair", "9", "--json", str(out)]) == 1
    told = capsys.readouterr().out
    assert "3 menus: 1 feasible (each confirmed exactly)" in told
    assert "menu 2: no change of rewards alone repairs it" in told
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert [w["verdict"] for w in written] == ["infeasible", "feasible", "infeasible"]
    assert written[0]["repair"]["possible"]
    lines.write_text('{"items": [["1", "1"], ["2", "5/2"], ["3", "25/6"]]}\n')
    assert main(["screen", str(template), str(lines)]) == 0
    lines.write_text('{"items": [[1, 1]]}\n')
    assert main(["screen", str(template), str(lines)]) == 2
    assert "menu 0: items: there must be 3 entries" in capsys.readouterr().err
    capsys.readouterr()
    lines.write_text("")
    assert main(["screen", str(template), str(lines)]) == 2
    assert "there are no menus in it" in capsys.readouterr().err
