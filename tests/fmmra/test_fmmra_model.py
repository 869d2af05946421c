"""Scenarios, costs, fitness, constraints and the generators of them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mechanism.errors import InputError
from mechanism.fmmra.constraints import broken, coverage, eligible
from mechanism.fmmra.costs import Costs
from mechanism.fmmra.fitness import cost_effectiveness, fitness
from mechanism.fmmra.generate import Ranges, draw_scenarios
from mechanism.fmmra.scenario import Agent, Scenario, Task, scenario
from properties.strategies.fmmra import scenarios

HALVES = [["1/2"] * 5]


def small(**changes: object) -> Scenario:
    given = {
        "agents": [Agent(value=2, computing="0.5", fuel=3), Agent(value=4)],
        "tasks": [Task(reward=20, computing="0.4"), Task(reward=30, firepower=2)],
        "distance": [[2, 6], [4, 3]],
        "suitability": [[[1, 0, 0, 0, 0], [1] * 5], [[0] * 5, ["1/3"] * 5]],
    }
    return scenario(**{**given, **changes})


def test_the_formulas_by_hand() -> None:
    scene = small()
    assert fitness(scene.importance, scene.suitability).tolist() == [
        [Fraction(1, 5), 1],
        [0, Fraction(1, 3)],
    ]
    # Fuel 3 times distance 2 over the longest distance 4, times the value measure 2.
    assert Costs().cost(scene).tolist() == [[3, 6], [4, 2]]
    assert Costs(path="absolute").cost(scene).tolist() == [[12, 36], [16, 12]]
    assert Costs(value="weighted-sum").cost(scene)[0, 0] == Fraction(1, 2) * Fraction(3, 2) + 1
    assert Costs(value="weighted-sum", share=1).cost(scene)[0, 0] == Fraction(3, 2)
    assert Costs().expected_profit(scene).tolist() == [[17, 24], [16, 28]]
    assert Costs(path="absolute").expected_profit(scene)[0, 1] == -6  # a task may be a loss
    assert cost_effectiveness(10, Fraction(1, 2), Fraction(3, 10), Fraction(7, 10)) == Fraction(
        67, 20
    )


@given(scenarios())
def test_doubles_agree_with_fractions(scene: Scenario) -> None:
    rough = Scenario(*(np.array(a, dtype=float)[None] for a in vars(scene).values()))
    assert rough.agents == scene.agents
    pairs = [(fitness(s.importance, s.suitability)) for s in (scene, rough)]
    assert np.allclose(pairs[0].astype(float), pairs[1][0])
    for costs in (Costs(), Costs(path="absolute", value="weighted-sum", share="1/3")):
        exactly, roughly = costs.expected_profit(scene), costs.expected_profit(rough)
        assert all(isinstance(x, Fraction) for x in exactly.flat)
        assert np.allclose(exactly.astype(float), roughly[0])


def test_importance_from_judgments_or_as_given() -> None:
    judged = Task(reward=1, judgments=[[1] * 5] * 5)
    given = Task(reward=1, importance=(1, 2, 3, 2, 2))
    scene = small(tasks=[judged, given])
    assert scene.importance[0].tolist() == [Fraction(1, 5)] * 5
    assert scene.importance[1].tolist() == [Fraction(n, 10) for n in (1, 2, 3, 2, 2)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"agents": []}, "there is no agent"),
        ({"tasks": []}, "there is no task"),
        ({"agents": [Agent(value=-1), Agent(value=1)]}, "agent 0: value: -1 is negative"),
        ({"agents": [Agent(1), Agent(1, fuel=0)]}, "agent 1: fuel: 0 is not positive"),
        ({"agents": [Agent(1), Agent(1, mobility="1.2")]}, "agent 1: mobility = 6/5 is outside its range, 0 to 1"),
        ({"agents": [Agent(1, firepower=11), Agent(1)]}, "agent 0: firepower = 11 is outside its range, 0 to 10"),
        ({"agents": [Agent(float("nan")), Agent(1)]}, "agent 0: value: nan is not a finite number"),
        ({"tasks": [Task("much"), Task(1)]}, "task 0: reward: 'much' is not a number"),
        ({"tasks": [Task(1), Task(1, defence=-1)]}, "task 1: defence = -1 is outside"),
        ({"tasks": [Task(1), Task(1, importance=(1, 0, 1, 1, 1))]}, "task 1: importance of mobility: 0 is not positive"),
        ({"tasks": [Task(1), Task(1, importance=(1, -1, 1, 1, 1))]}, "task 1: importance of mobility: -1"),
        ({"tasks": [Task(1), Task(1, importance=(1, 1))]}, "task 1: importance has 2 weights, not 5"),
        ({"tasks": [Task(1), Task(1, judgments=[[1, 2], [2, 1]])]}, "task 1: the judgment matrix is not reciprocal"),
        ({"tasks": [Task(1), Task(1, judgments=[[1]])]}, "task 1: judgments about 1 criteria"),
        ({"tasks": [Task(1), Task(1, judgments=[[1] * 5] * 5, importance=[1] * 5)]}, "not both"),
        ({"distance": [[1, 2]]}, r"distance must have 2 entries"),
        ({"distance": [[1, 2], [3]]}, r"distance\[1\] must have 2 entries"),
        ({"distance": [[1, 2], [3, -4]]}, r"distance\[1\]\[1\]: -4 is negative"),
        ({"distance": [[0, 2], [0, 4]]}, "task 0: no agent is at a distance"),
        ({"suitability": [HALVES * 2, [["1/2"] * 5, [float("inf")] * 5]]}, r"suitability\[1\]\[1\]\[0\]: inf"),
    ],
)  # fmt: skip
def test_bad_scenarios_are_one_clear_error(changes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        small(**changes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"path": "crow"}, "unknown path cost 'crow'"),
        ({"value": "products"}, "unknown cost 'products': did you mean product"),
        ({"share": 2}, "share: 2 is not between 0 and 1"),
        ({"share": "NaN"}, "share: 'NaN' is not a number"),
    ],
)
def test_unknown_costs(options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Costs(**options)


def test_the_three_readings_of_the_capability_constraints() -> None:
    has = np.array([[0.4] * 5, [0.5] * 5])
    needs = np.array([[0.4] * 5, [0.5, 0.1, 0.1, 0.1, 0.1]])
    assert eligible(has, needs).tolist() == [[True, False], [True, True]]
    assert eligible(has, needs, "greater").tolist() == [[False, False], [True, False]]
    assert eligible(has, needs, "off").all()
    with pytest.raises(InputError, match="unknown reading of the capability constraints"):
        eligible(has, needs, "strict")


def test_what_an_allocation_breaks() -> None:
    scene = small()
    told = broken([[1, 1], [0, 0]], scene.capability, scene.requirement)
    assert told == [
        "constraint 16: agent 0 has 2 tasks",
        "constraint 21: agent 0 has firepower 0, task 1 requires 2",
    ]
    assert broken([[1, 0], [0, 0]], scene.capability, scene.requirement) == [
        "constraint 22: task 1 has no agent"
    ]
    assert broken([[1, 0], [0, 1]], scene.capability, scene.requirement, "off") == []
    with pytest.raises(InputError, match="one row for each of 2 agents"):
        broken([[1, 0]], scene.capability, scene.requirement)


def largest_matching(may: np.ndarray, task: int = 0, taken: frozenset = frozenset()) -> int:
    if task == may.shape[1]:
        return 0
    choices = [a for a in np.flatnonzero(may[:, task]) if a not in taken]
    with_it = (1 + largest_matching(may, task + 1, taken | {a}) for a in choices)
    return max([largest_matching(may, task + 1, taken), *with_it])


@given(st.integers(0, 5), st.integers(1, 4), st.integers(0, 2**20 - 1))
def test_coverage_is_a_largest_matching_and_says_what_hinders(
    agents: int, tasks: int, bits: int
) -> None:
    may = np.array([bits >> n & 1 for n in range(agents * tasks)], bool).reshape(agents, tasks)
    found = coverage(may)
    given_to = [a for a in found.agents if a is not None]
    assert len(given_to) == len(set(given_to)) == largest_matching(may)
    assert all(may[a, j] for j, a in enumerate(found.agents) if a is not None)
    assert found.complete == (len(given_to) == tasks)
    if not found.complete:  # Hall: too few for some tasks
        able = np.flatnonzero(may[:, list(found.tasks)].any(axis=1)).tolist()
        assert able == list(found.candidates)
        assert len(able) < len(found.tasks)


def test_coverage_in_words() -> None:
    assert str(coverage(np.eye(2, dtype=bool))) == "every task can have an agent of its own"
    assert str(coverage(np.array([[True, False]]))) == "nobody can do task 1"
    few = coverage(np.ones((2, 3), dtype=bool))
    assert str(few) == "only 2 agents (0, 1) can do any of the 3 tasks 0, 1, 2"


def test_scenarios_lie_in_their_ranges() -> None:
    scene = draw_scenarios(np.random.default_rng(0), agents=8, draws=2000)
    for name, (low, high) in {
        "reward": (20, 30),
        "value": (1, 10),
        "distance": (1, 10),
        "suitability": (0, 1),
    }.items():
        drawn = getattr(scene, name)
        assert low <= drawn.min() <= low + (high - low) / 50
        assert high - (high - low) / 50 <= drawn.max() <= high
        assert abs(drawn.mean() - (low + high) / 2) < (high - low) / 50
    assert np.allclose(scene.importance.sum(axis=-1), 1)
    assert (scene.fuel == 1).all()
    again = draw_scenarios(np.random.default_rng(0), agents=8, draws=2000)
    assert (again.suitability == scene.suitability).all()
    assert (scene.draw(3).reward == scene.reward[3]).all()


@pytest.mark.parametrize("agents", [4, 8, 24])
def test_planted_scenarios_are_always_covered_and_independent_ones_hardly_ever(agents: int) -> None:
    rng = np.random.default_rng(agents)
    for covered in (True, False):
        scene = draw_scenarios(rng, agents=agents, draws=200, covered=covered)
        may = eligible(scene.capability, scene.requirement)
        share = np.mean([coverage(one).complete for one in may])
        assert share == 1 if covered else share < 0.05
        assert scene.capability[..., :4].max() <= 0.8
        assert scene.capability[..., 4].max() <= 10


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: draw_scenarios(r, agents=3, covered=True), "3 agents cannot cover 4 tasks"),
        (lambda r: draw_scenarios(r, agents=0), "agents: 0; there must be at least one"),
        (lambda r: draw_scenarios(r, agents=1, tasks=0), "tasks: 0"),
        (lambda r: draw_scenarios(r, agents=1, draws=-1), "draws: -1"),
        (lambda r: Ranges(reward=(3, 2)), r"reward: \[3, 2\] is not a range"),
        (lambda r: Ranges(reward=(float("nan"), 2)), "reward: .* is not a range"),
        (lambda r: Ranges(distance=(0, 2)), "distance: the range must be above 0"),
        (lambda r: Ranges(importance="dice"), "unknown way to draw the importance"),
        (lambda r: draw_scenarios(r, 9, ranges=Ranges(required_firepower=(11, 12)), covered=True), "no agent can reach"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn(call, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call(np.random.default_rng(0))


@given(scenarios(agents=(2, 4), tasks=2))
@settings(max_examples=30)
def test_the_strategy_gives_ties_and_losses(scene: Scenario) -> None:
    profit = Costs().expected_profit(scene)
    assert profit.shape == (scene.agents, 2)
    assert (scene.importance.sum(axis=-1) == 1).all()
