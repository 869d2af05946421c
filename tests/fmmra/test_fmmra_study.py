"""The study: the reported orderings in the recommended reading, how others fail, and its statistics."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from mechanism.errors import InputError, MissingExtra
from proofs.report import figures
from proofs.report import study as report
from proofs.report.console import console
from proofs.study.fmmra import FMMRA, MEASURES, REPAIRED, Study, rules, run
from proofs.study.fmmra_claims import FAILS, HOLDS, ORDERINGS, RIVALS, check_all, gains
from proofs.study.fmmra_settings import PARAMETERS, Settings, with_parameters
from proofs.study.statistics import gain, mean


def study_of(agents: tuple[int, ...] = (8, 16, 24), draws: int = 400, **given: object) -> Study:
    return run(with_parameters(Settings(agents, draws=draws), given))


def failing(study: Study) -> set[str]:
    return {found.ordering.figure for found in check_all(study) if found.verdict == FAILS}


@pytest.fixture(scope="module")
def recommended() -> Study:
    return study_of()


def test_the_recommended_reading_has_all_reported_orderings(recommended: Study) -> None:
    found = check_all(recommended)
    assert len(found) == len(ORDERINGS) == 13
    assert {f.verdict for f in found} == {HOLDS}
    assert {f.ordering.figure for f in found} == {"2", "3", "4"}


def test_the_gain_is_compatible_with_the_one_that_survived(recommended: Study) -> None:
    (least, _), (most, agents) = gains(recommended, "first-price")
    assert 0.03 < least.value < most.value
    assert abs(most.value - 0.0547) < 0.006
    assert agents == 8
    for rival in RIVALS:
        assert gains(recommended, rival)[0][0].low > 0


@pytest.mark.parametrize("form", ["multiplicative", "additive"])
def test_other_raises_have_them_too(form: str) -> None:
    assert failing(study_of((16,), raise_form=form)) == set()


@pytest.mark.parametrize(
    ("given", "figure"),
    [
        # A task that closes at its first winner and raises that stay with the task just lost: no agent
        # ever bids twice on a task, so that MSSCA is the second-price auction.
        ({"raise_scope": "task"}, "2"),
        ({"lone_bidder": "nothing"}, "2"),
        ({"closure": "keep-open"}, "3"),
        ({"closure": "keep-open", "raise_scope": "task"}, "3"),
        ({"closure": "keep-open", "lone_bidder": "nothing"}, "3"),
    ],
)
def test_other_readings_fail(given: dict, figure: str) -> None:
    study = study_of(**given)
    assert figure in failing(study)
    if given == {"raise_scope": "task"}:
        one, other = (study.sample(n, 8, "revenue") for n in ("MSSCA", "second-price"))
        assert np.array_equal(one, other)


def test_the_repaired_auction_is_beside_them(recommended: Study) -> None:
    assert recommended.mechanisms[-1] == REPAIRED
    for agents in recommended.settings.agents:
        best = recommended.sample(REPAIRED, agents, "cost-effectiveness-true")
        for name in recommended.mechanisms:  # nothing is worth more, at true expected profits
            assert (
                recommended.sample(name, agents, "cost-effectiveness-true") <= best + 1e-9
            ).all()


def test_the_same_seed_gives_the_same_numbers() -> None:
    one, other, third = (
        run(Settings((5,), draws=30, seed=seed)).sample(FMMRA, 5, "revenue") for seed in (3, 3, 4)
    )
    assert np.array_equal(one, other)
    assert not np.array_equal(one, third)
    # A number of agents gives the same whatever else is asked for.
    assert np.array_equal(one, run(Settings((4, 5), draws=30, seed=3)).sample(FMMRA, 5, "revenue"))


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    run(Settings((4, 5), draws=3), lambda *step: told.append(step))
    assert told == [("4 agents", 0, 2), ("5 agents", 1, 2), ("done", 2, 2)]


def test_what_is_left_over_is_reported() -> None:
    few = study_of((3,), draws=20)
    point = few.points[FMMRA, 3]
    assert (point.uncovered, point.deals) == (20, 60)
    told = list(report.remarks(few))
    assert "FMMRA, 3 agents: 20 of 80 tasks are left without an agent" in told
    assert (
        "3 agents: in 20 of 20 draws not every task can have an agent of its own; in the first of them, "
        "only 3 agents (0, 1, 2) can do any of the 4 tasks 0, 1, 2, 3"
    ) in told

    hard = study_of((8,), draws=20, capabilities="at-least")
    assert len(hard.infeasible[8]) >= 19
    assert any("in the first of them, nobody can do task" in x for x in report.remarks(hard))
    assert hard.idle[8] > 0
    assert study_of((8,), draws=20, capabilities="at-least", covered="yes").infeasible[8] == []

    poor = study_of((8,), draws=20, value=["40", "50"])  # costs above every reward, mostly
    assert any("no task promises a profit to" in line for line in report.remarks(poor))


def test_satisfaction_at_price_zero_is_counted_and_left_out() -> None:
    free = study_of((1,), draws=20, lone_bidder="nothing")
    point = free.points[FMMRA, 1]
    assert point.undefined == point.deals == 20
    assert np.isnan(point.samples["satisfaction"]).all()
    assert any(
        line.startswith("FMMRA: 20 of 20 deals have a price") for line in report.remarks(free)
    )
    out = console(width=200)
    with out.capture() as captured:
        report.show(out, free)
    assert "undefined" in captured.get()


def test_many_tasks_leave_the_repaired_auction_out() -> None:
    many = study_of((12,), draws=2)
    assert REPAIRED in many.mechanisms
    wide = run(Settings((12,), tasks=11, draws=2))
    assert REPAIRED not in wide.mechanisms
    assert any("left out" in line for line in report.remarks(wide))


def test_profits_over_all_agents() -> None:
    one, other = (
        study_of((8,), 10, average=who).sample(FMMRA, 8, "average-profit")
        for who in ("winners", "agents")
    )
    assert np.allclose(one, 2 * other)  # four of eight agents win


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"closure": "shut"}, "closure must be close-task or keep-open, not 'shut'"),
        ({"chosen_by": "bid"}, "unknown parameter of the FMMRA study 'chosen_by'"),
        ({"clossure": "keep-open"}, "did you mean closure"),
        ({"w1": "0"}, "w1: 0 is not above 0"),
        ({"w2": "-1"}, "w2: -1 is not above 0"),
        ({"mu": "nan"}, "mu: 'nan' is not a number"),
        ({"mu": ["1", "2"]}, "mu: give one option"),
        ({"w1": "1e-400"}, "w1: 1e-400 is no number that doubles can take"),
        ({"reward": ["1e308", "1e309"]}, "reward: 1e308 is no number that doubles can take"),
        ({"capacity": "1/2"}, "capacity: 1/2 is not a whole number"),
        ({"reward": ["3", "2"]}, r"reward: \[3.0, 2.0\] is not a range"),
        ({"reward": ["1", "2", "3"]}, "reward: give a range as LOW,HIGH"),
        ({"distance": "0"}, "distance: the range must be above 0"),
        ({"capabilities": "soft"}, "capabilities must be off or at-least or greater"),
        ({"covered": "perhaps"}, "covered must be yes or no"),
        ({"average": "all"}, "average must be winners or agents"),
        ({"path": "straight"}, "unknown path cost 'straight'"),
        ({"importance": "dice"}, "unknown way to draw the importance 'dice'"),
    ],
)
def test_parameters_that_cannot_be_taken(given: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        with_parameters(Settings(), given)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"agents": ()}, "give at least one number of agents"),
        ({"agents": (0,)}, "agents: 0"),
        ({"tasks": 0}, "tasks: 0"),
        ({"draws": 0}, "draws: 0"),
        ({"agents": (10**6,), "tasks": 100}, "simulate one such draw with mechanism.fmmra.large"),
    ],
)
def test_sizes_that_cannot_be_taken(sizes: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Settings(**sizes)


def test_planting_needs_as_many_agents_as_tasks() -> None:
    with pytest.raises(InputError, match="3 agents cannot cover 4 tasks"):
        study_of((3,), draws=2, covered="yes")


def test_every_parameter_is_told_where_it_differs() -> None:
    assert Settings().unusual == {}
    changed = with_parameters(
        Settings(), {"w1": "0.7", "reward": ["1", "2"], "closure": "keep-open", "covered": "yes"}
    )
    assert changed.unusual == {
        "closure": "keep-open",
        "w1": "7/10",
        "reward": "1,2",
        "covered": "yes",
    }
    assert {
        "closure",
        "raise_scope",
        "price",
        "lone_bidder",
        "w1",
        "path",
        "fuel",
    } <= PARAMETERS.keys()


def test_choices_reach_every_mechanism_that_leaves_them_open() -> None:
    made = rules(with_parameters(Settings(), {"price": "own-bid", "raise_form": "additive"}))
    usual = rules(Settings())
    assert made["first-price"] == usual["first-price"]  # its price and its raise are its own
    assert made[FMMRA] != usual[FMMRA]
    assert made["MSSCA"] != usual["MSSCA"]
    assert made["second-price"] != usual["second-price"]


def test_means_and_gains_have_their_intervals() -> None:
    rng = np.random.default_rng(0)
    inside = [0, 0]
    for _ in range(400):
        base = rng.normal(10, 1, 60)
        one, other = base * 1.1 + rng.normal(0, 0.5, 60), base
        inside[0] += mean(other).low <= 10 <= mean(other).high
        inside[1] += gain(one, other).low <= 0.1 <= gain(one, other).high
    assert all(360 <= n <= 395 for n in inside)  # 95 % of 400 is 380
    assert gain(np.ones(3), np.zeros(3)).value != gain(np.ones(3), np.zeros(3)).value  # NaN
    assert mean(np.array([np.nan])).number == 0
    assert math.isnan(mean(np.array([1.0])).low)
    with pytest.raises(InputError, match="equally long"):
        gain(np.ones(2), np.ones(3))


def test_the_csv_holds_everything(recommended: Study, tmp_path: Path) -> None:
    report.write_csv(recommended, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 3 * 6 * (len(MEASURES) + 4)
    line = next(
        x for x in lines if (x["agents"], x["mechanism"], x["measure"]) == ("16", FMMRA, "fitness")
    )
    want = mean(recommended.sample(FMMRA, 16, "fitness"))
    assert (float(line["mean"]), float(line["low"]), int(line["draws"])) == (
        want.value,
        want.low,
        400,
    )


def test_figures_are_drawn_in_both_formats(recommended: Study, tmp_path: Path) -> None:
    charts = dict(report.charts(recommended))
    assert list(charts)[:3] == [
        "figure-2-average-profit",
        "figure-3-cost-effectiveness",
        "figure-4-fitness",
    ]
    name, chart = "figure-4-fitness", charts["figure-4-fitness"]
    assert "second-price = first-price" in chart.note
    svg, png = figures.draw(chart, tmp_path / name)
    text = svg.read_text("utf-8")
    for word in ("Number of agents", "fitness, summed over tasks", *recommended.mechanisms):
        assert word in text
    assert png.read_bytes().startswith(b"\x89PNG")
    again = figures.draw(chart, tmp_path / name)
    assert again[0].read_text("utf-8") == text


def test_lines_far_apart_get_panels_of_their_own() -> None:
    low, high = figures.Line([1, 1.1], [0, 0], [2, 2]), figures.Line([9, 9.1], [8, 8], [10, 10])
    near = figures.Line([1.2, 1.4], [1, 1], [2, 2])
    chart = figures.Chart("t", "x", "y", [1, 2], {"a": low, "b": high, "c": near})
    assert figures._parts(chart) == [["b"], ["a", "c"]]
    assert figures._parts(chart._replace(lines={"a": low, "c": near, "d": low})) == [
        ["a", "c", "d"]
    ]


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"strategyproof\[study\]"):
        figures.matplotlib()
