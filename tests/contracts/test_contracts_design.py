"""Optimal menus: against closed forms, against search, and refused where there is none."""

import json
import random
import time
from fractions import Fraction as F

import jsonschema
import numpy as np
import pytest

from mechanism.contracts import menu_from
from mechanism.contracts.design import design, principal, spending
from mechanism.contracts.json_text import schema
from mechanism.contracts.problem import problem_from
from mechanism.contracts.programme import Programme
from mechanism.errors import InputError
from proofs import audit
from proofs.cli import main
from proofs.design import designed, needed
from proofs.evaluated import margins
from properties.registry import property_of

HALVES = ["1/2", "1/2"]
OVER = "reward-minus-cost-over-type"
TIMES = "type-times-value-minus-cost"
SQUARE = {"family": OVER, "cost": "q**2"}
SCHEMA = json.loads(schema("problem"))
BASE = {"types": [1, 2], "prior": HALVES, "payoff": SQUARE, "surplus": "4*q"}


def problem(**parts):
    """A problem in the form that is published."""
    given = {**BASE, **parts}
    jsonschema.validate(json.loads(json.dumps(given, default=str)), SCHEMA)
    return problem_from(given)


def feasible(menu, names) -> bool:
    return all(not bad for name in names for _, _, bad in margins(property_of(name).on(menu.rule)))


def test_two_types_in_closed_form():
    # The top is efficient, 4 = 2q/2; below, 4 = 2q + (1 - 1/2) 2q.
    found = design(problem())
    assert found.menu.items == ((F(4, 3), F(16, 9)), (F(4), F(80, 9)))
    assert found.payoff == F(16, 3)
    assert found.loss < 1e-5
    assert found.complete_information == pytest.approx(6)
    names = {name for name, _ in found.binding}
    assert names == {"incentive: type 1 reports type 0", "participation: type 0"}


def test_made_of_lines_the_linear_programme_is_exact():
    lines = problem(payoff={"family": OVER, "cost": [[0, 0], [1, 1], [2, 4]]},
                    surplus=[[0, 0], [1, 3], [2, 5]], max_quality=2)  # fmt: skip
    found = design(lines)
    assert found.rounds == 1
    assert float(found.payoff) == pytest.approx(found.bound, abs=1e-9)
    best = max(best_static(lines, [F(n, 4) for n in range(9)]))
    assert found.payoff == best  # the kinks are on this grid, and the optimum is at kinks


def best_static(given, grid):
    """Principal's payoff of every pair of qualities at the least rewards, for two types."""
    low, high = given.types
    for q0 in grid:
        for q1 in grid:
            if q1 < q0:
                continue
            z0, z1 = (given.cost.exact(q) for q in (q0, q1))
            r0 = z0 / low
            r1 = r0 + (z1 - z0) / high
            s0, s1 = (given.worth.exact(q) for q in (q0, q1))
            yield given.prior[0] * (s0 - r0) + given.prior[1] * (s1 - r1)


def test_the_other_family():
    # theta V - z with V = 2r: a type pays z/theta for V, and r = V/2.
    other = problem(payoff={"family": TIMES, "value": "2*r", "cost": "q**2"})
    found = design(other)
    same = design(problem(surplus="8*q"))  # twice the surplus of half the rewards
    assert float(found.payoff) == pytest.approx(float(same.payoff) / 2, rel=1e-5)
    assert feasible(found.menu, ["menu-ic", "menu-ir"])


def test_concave_value_of_rewards():
    bent = problem(payoff={"family": TIMES, "value": [[0, 0], [1, 2], [3, 3]], "cost": "q**2"})
    found = design(bent)
    assert feasible(found.menu, ["menu-ic", "menu-ir"])
    assert found.loss < 1e-4


TWO = {"types": [1, 2, 3], "prior": ["1/3"] * 3, "discount": "9/10", "surplus": "4*q - q**2/2"}
STAY = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
SPREAD = [["8/10", "1/10", "1/10"], ["1/10", "8/10", "1/10"], ["1/10", "1/10", "8/10"]]


def test_persistent_types_get_the_static_optimum_twice():
    found = design(problem(**TWO, transition=STAY))
    assert found.bound == pytest.approx(found.repeated.bound, rel=1e-5)
    static = design(problem(**{**TWO, "discount": 1}))
    assert found.bound == pytest.approx(1.9 * static.bound, rel=1e-5)


def test_independent_types_are_efficient_in_the_second_period():
    found = design(problem(**TWO, transition=[["1/3"] * 3] * 3))
    efficient = problem(**TWO, transition=STAY).efficient
    for row in found.menu.second:
        assert [float(q) for q, _ in row] == pytest.approx(efficient, abs=2e-3)


def test_correlation_lies_between():
    values = [
        design(problem(**TWO, transition=rows), references=False).bound
        for rows in (STAY, SPREAD, [["1/3"] * 3] * 3)
    ]
    assert values[0] < values[1] < values[2]


@pytest.mark.parametrize("options", [
    {},
    {"limited_liability": True},
    {"participation": "per-history"},
    {"participation": "per-period"},
    {"participation": "per-history", "limited_liability": True, "budget": "5/2"},
    {"budget": 2, "min_quality": "1/2", "max_quality": 2},
], ids=str)  # fmt: skip
def test_designs_are_feasible_exactly(options):
    asked = problem(**TWO, transition=SPREAD, **options)
    found = designed(asked)
    assert len(found.findings) >= 3
    menu = found.design.menu
    names = ["second-period-ic", "intertemporal-ic", "menu-ir"]
    names += (
        ["second-period-ir", "first-period-ir"]
        if options.get("participation") == "per-history"
        else []
    )
    names += (
        ["limited-liability", "second-period-liability"] if options.get("limited_liability") else []
    )
    assert feasible(menu, names)
    assert found.design.loss < 1e-3
    assert found.design.bound <= found.design.complete_information + 1e-6
    assert float(found.design.repeated.payoff) <= found.design.bound + 1e-6 or "budget" in options
    if asked.budget is not None:
        assert spending(menu) <= asked.budget
    if asked.max_quality is not None:
        qualities = [q for q, _ in menu.items] + [q for row in menu.second for q, _ in row]
        assert all(asked.min_quality <= F(str(q)) <= asked.max_quality for q in qualities)


def random_problem(rng: random.Random):
    count = rng.choice((2, 2, 3))
    weights = [rng.randint(1, 4) for _ in range(count)]
    chances = lambda: [F(w, sum(ws)) for ws in [[rng.randint(0, 3) + 1 for _ in range(count)]] for w in ws]  # noqa: E731  # fmt: skip
    return problem_from({
        "types": sorted(F(n, 4) for n in rng.sample(range(2, 14), count)),
        "prior": [F(w, sum(weights)) for w in weights],
        "payoff": {"family": OVER, "cost": rng.choice(["q", "q**2", "q + q**2/3"])},
        "surplus": rng.choice(["4*q - q**2", "5*log(1 + q)", "3*q - q**2/4"]),
        "transition": [chances() for _ in range(count)],
        "discount": F(rng.randint(1, 4), 4),
    })  # fmt: skip


def random_feasible(asked, rng: np.random.Generator, near: np.ndarray) -> float:
    """The principal's payoff from a menu with qualities near the given ones, rewards the least."""
    count = len(asked.types)
    quality = np.abs(near * (1 + rng.normal(0, rng.choice([0.02, 0.3, 1]), near.shape)))
    for h in range(count):
        quality[count * (1 + h) : count * (2 + h)].sort()
    return Programme(asked, fixed=quality).solve().value


@pytest.mark.parametrize("seed", range(6))
def test_no_menu_found_by_search_is_better(seed):
    asked = random_problem(random.Random(seed))
    found = design(asked, references=False)
    given = found.menu.rule.given
    near = np.array([float(q) for q in (*given["q"], *(q for row in given["q2"] for q in row))])
    rng = np.random.default_rng(seed)
    tried = 0
    for _ in range(40):
        try:
            value = random_feasible(asked, rng, near)
        except InputError:
            continue  # no rewards make these qualities incentive compatible
        tried += 1
        assert value <= float(found.payoff) + found.loss + 1e-7
    assert tried > 5
    assert found.loss <= 1e-4 * (1 + abs(found.bound))
    assert principal(asked, found.menu) == found.payoff


def odd_problem(rng: random.Random) -> dict:
    """Anything a problem may have: kinks, chances of 0, falling surpluses, limits of all kinds."""
    count = rng.choice((1, 2, 2, 3, 3, 4))

    def chances():
        weights = [rng.randint(0, 4) for _ in range(count)]
        weights[rng.randrange(count)] += 1
        return [F(w, sum(weights)) for w in weights]

    cost = rng.choice(["q", "q**2", "q + q**2/5", "q**3", [[0, 0], [1, 1], [3, 5]]])
    payoff = {"family": OVER, "cost": cost}
    if rng.random() < 0.35:
        payoff = {"family": TIMES, "value": rng.choice(["r", "3*r", [[0, 0], [1, 2], [4, 5]]]), "cost": cost}  # fmt: skip
    data = {
        "types": sorted(F(n, 7) for n in rng.sample(range(1, 40), count)), "prior": chances(), "payoff": payoff,
        "surplus": rng.choice(["4*q - q**2", "3*log(1 + q)", "2*q - q**2/7", "-q", [[0, 0], [2, 6], [5, 9]], "3 - 3/(1 + q)"]),
    }  # fmt: skip
    if rng.random() < 0.7:
        data |= {
            "transition": [chances() for _ in range(count)],
            "discount": F(rng.randint(0, 5), 5),
        }
    options = {
        "max_quality": F(rng.randint(1, 8), 2), "limited_liability": True, "budget": F(rng.randint(0, 8), 2),
        "participation": rng.choice(("total", "per-period", "per-history")), "min_quality": F(1, 2),
        "reservation": F(1, 2),
    }  # fmt: skip
    return data | {name: value for name, value in options.items() if rng.random() < 0.3}


def design_or_error(asked):
    try:
        return design(asked, references=False)
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("seed", range(16))
def test_odd_problems_have_exactly_feasible_answers_or_one_clear_error(seed):
    asked = problem_from(odd_problem(random.Random(seed)))
    found = design_or_error(asked)
    if isinstance(found, str):
        assert "unbounded" in found or "smallest conflict" in found
        return
    assert feasible(found.menu, needed(asked))
    assert asked.budget is None or spending(found.menu) <= asked.budget
    assert found.loss <= 1e-5 * (1 + abs(found.bound))
    assert float(found.payoff) <= found.bound + 1e-5 * (1 + abs(found.bound))


@pytest.mark.parametrize(("parts", "told"), [
    ({"payoff": {"family": OVER, "cost": "q"}}, "the problem is unbounded"),
    ({"payoff": {"family": "expression", "u": "r - theta*q"}}, "has no single crossing"),
    ({"payoff": {"family": "expression", "u": "r - q/theta"}}, "the problem is unbounded"),
    ({"surplus": "q**2"}, "surplus: q**2 is not concave around q"),
    ({"payoff": {"family": OVER, "cost": "10*q - q**2"}}, "cost: -q**2 + 10*q is not convex"),
    ({"payoff": {"family": TIMES, "value": "r**2", "cost": "q"}}, "value: r**2 is not concave"),
    ({"participation": "never"}, "participation: give one of"),
    ({"min_quality": 3, "max_quality": 2}, "max_quality: 2 is below min_quality, 3"),
    ({"prior": ["1/2", "1/3"]}, "sum to 5/6"),
    ({"types": [2, 1]}, "out of order"),
    ({"wage": 1}, "'wage' is no field of a problem"),
])  # fmt: skip
def test_bad_problems_are_one_clear_error(parts, told):
    with pytest.raises(InputError) as error:
        designed(problem_from({**BASE, **parts}))
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_conflict_is_named_and_none_of_it_can_be_spared():
    # Type 0 needs a reward of at least 4 for quality 2, type 1 then at least 4, too.
    with pytest.raises(InputError) as error:
        design(problem(min_quality=2, budget=3))
    told = str(error.value).split("between: ")[1].split(" and ")
    assert "budget" in told
    assert "least quality: type 0" in told
    assert "participation: type 0" in told
    for spared in ({"budget": 3}, {"min_quality": 2}, {"min_quality": 2, "budget": 4}):
        assert design(problem(**spared), references=False).menu


@pytest.mark.slow
def test_twenty_types_and_two_periods_in_time():
    count = 20
    rows = [
        [F(1, 2) + F(1, 40) if k == n else F(1, 40) for n in range(count)] for k in range(count)
    ]
    asked = problem_from({
        "types": [1 + F(k, 5) for k in range(count)], "prior": [F(1, count)] * count,
        "payoff": SQUARE, "surplus": "10*log(1 + q)", "transition": rows, "discount": "9/10",
        "participation": "per-history", "limited_liability": True, "budget": 6,
    })  # fmt: skip
    began = time.process_time()
    found = design(asked)
    assert time.process_time() - began < 30
    assert found.loss < 1e-4
    (checked,) = audit(found.menu.rule, properties=["intertemporal-ic", "menu-ir"], cache=False)
    assert [f.verdict for f in checked.findings] == ["proved", "proved"]


def test_the_command(tmp_path, capsys):
    path, menu = tmp_path / "problem.json", tmp_path / "menu.json"
    path.write_text(json.dumps(BASE))
    assert main(["design", str(path), "--save", str(menu)]) == 0
    told = capsys.readouterr().out
    assert "participation: type 0" in told
    assert "audited exactly: menu-ic, menu-ir PROVED" in told
    assert menu_from(json.loads(menu.read_text())).items == ((F(4, 3), F(16, 9)), (F(4), F(80, 9)))
    assert main(["audit", str(menu), "--property", "menu-ic"]) == 0


def test_a_value_that_is_bounded_bounds_quality():
    # The higher type gives q < 2 for r = q/(2 - q): at the best, 3 = 2/(2 - q)^2.
    payoff = {"family": TIMES, "value": "r/(1+r)", "cost": "q"}
    found = design(problem(payoff=payoff, surplus="3*q"))
    assert found.menu.items[1][0] == pytest.approx(1.1835, abs=1e-3)
    assert feasible(found.menu, ["menu-ic", "menu-ir"])
