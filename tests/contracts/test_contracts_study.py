"""The scenario of edge servers, and the study that compares contracts."""

import csv
import itertools
from dataclasses import replace
from fractions import Fraction as F

import numpy as np
import pytest

from mechanism.contracts.scenario import CHOICES, Scenario
from mechanism.errors import InputError
from proofs.cli import main
from proofs.study.contract import CONTRACTS, MEASURES, Settings, outcomes, run


@pytest.fixture(scope="module")
def study():
    return run(Settings(Scenario(), (F(1, 3), F(4, 5), F(1)), 4, 1))


def test_every_choice_is_named():
    assert set(CHOICES) == set(Scenario.__dataclass_fields__)


def test_draws_are_the_same_for_the_same_seed_and_whatever_the_chance_to_stay():
    one, other = (list(replace(Scenario(), stay=s).draws(5, 3)) for s in (F(1, 2), F(1)))
    assert [(d.types, d.prior, d.worth) for d in one] == [
        (d.types, d.prior, d.worth) for d in other
    ]
    assert len({d.types for d in Scenario().draws(5, 3)} | {d.types for d in Scenario().draws(5, 4)}) > 5  # fmt: skip


def test_each_contract_is_a_restriction_of_the_one_before(study):
    order = ["complete information", "optimal dynamic", "static repeated", "uniform"]
    for stay in study.settings.stays:
        values = [study.sample(name, stay, "cloud") for name in order]
        for better, worse in itertools.pairwise(values):
            assert np.all(better >= worse - 1e-4)
        assert np.all(study.sample("optimal dynamic", stay, "cloud") >= study.sample("linear", stay, "cloud") - 1e-4)  # fmt: skip


def test_persistent_types_are_served_best_by_the_static_menu(study):
    dynamic, static = (
        study.sample(n, F(1), "cloud") for n in ("optimal dynamic", "static repeated")
    )
    assert dynamic == pytest.approx(static, rel=1e-4)


def test_the_less_is_known_the_more_it_costs(study):
    lost = [
        study.sample("complete information", s, "cloud")
        - study.sample("optimal dynamic", s, "cloud")
        for s in study.settings.stays
    ]
    assert np.all(lost[0] < lost[1])
    assert np.all(lost[1] < lost[2])


def test_payoffs_add_up_and_shares_are_shares(study):
    for name in CONTRACTS:
        for stay in study.settings.stays:
            assert np.all(study.sample(name, stay, "servers") >= -1e-9)
            share = study.sample(name, stay, "participation")
            assert np.all((share >= 0) & (share <= 1 + 1e-12))
            assert np.all(study.sample(name, stay, "latency") > 0)


def test_the_linear_contract_against_a_grid():
    (draw,) = Scenario().draws(1, 7)
    found = dict(outcomes(draw))["linear"]
    problem = draw.problem()
    weights = np.array([float(p) for p in draw.prior])
    chance = np.array([[float(p) for p in row] for row in draw.scenario.transition()])
    weights = weights + float(draw.scenario.discount) * weights @ chance
    types = np.array([float(t) for t in draw.types])
    best = -np.inf
    for price in np.linspace(0, 10, 2001):
        grid = np.linspace(0, 20, 4001)
        q = np.array([grid[np.argmax(price * grid - problem.cost.at(grid) / t)] for t in types])
        best = max(best, weights @ (problem.worth.at(q) - price * q))
    assert found.cloud == pytest.approx(best, rel=1e-3)


@pytest.mark.parametrize(("choices", "told"), [
    ({"speed": 1}, "the scenario has no choice 'speed'"),
    ({"types": 1}, "there may be 2 to 20"),
    ({"kappa": 0}, "kappa: 0 is not positive"),
    ({"types": F(5, 2)}, "is not a whole number"),
    ({"stay": 2}, "at most 1"),
])  # fmt: skip
def test_choices_that_do_not_fit_are_told(choices, told):
    with pytest.raises(InputError) as error:
        Scenario().with_choices(choices)
    assert told in str(error.value)


def test_the_command(tmp_path, capsys):
    out = tmp_path / "study"
    assert main(["study", "contract", "--draws", "2", "--stay", "1/2,1", "--no-figures", "--out", str(out)]) == 0  # fmt: skip
    told = capsys.readouterr().out
    assert "What the cloud loses by (paired draws)" in told
    rows = list(csv.DictReader((out / "contract.csv").open()))
    assert len(rows) == 2 * (len(CONTRACTS) * len(MEASURES) + 4)
    assert {row["draws"] for row in rows} == {"2"}
    assert main(["study", "contract", "--stay", "2"]) == 2
