"""Cells of models, and solvers that are asked again."""

import pytest
import z3

from proofs.cells import literals, supremum_on_cell
from proofs.solver import Room

x, y, w = z3.Reals("x y w")
p = z3.Bool("p")


def model_of(*facts):
    solver = z3.Solver()
    solver.add(*facts)
    assert solver.check() == z3.sat
    return solver.model()


def test_the_supremum_is_that_of_the_cell_and_no_more():
    facts = [x >= 0, x <= 1, z3.Implies(p, x < 1), y == z3.If(p, 2 * x, x)]
    top, cell = supremum_on_cell(facts, y, model_of(*facts, p))
    assert top == 2  # approached, not attained
    assert model_of(*facts, *cell, y > z3.RealVal("19/10"))
    top, _ = supremum_on_cell(facts, y, model_of(*facts, z3.Not(p)))
    assert top == 1


def test_of_two_factors_one_is_held():
    facts = [x >= 0, x <= 1, w >= 1, y == w * x, w <= 3]
    top, cell = supremum_on_cell(facts, y, model_of(*facts, w == 2, x == 1))
    assert top in (2, 3)  # w is held, or x
    assert model_of(*facts, *cell, y == z3.RealVal(str(top)))


def test_what_grows_for_ever_has_no_supremum():
    assert supremum_on_cell([x >= 0], x, model_of(x >= 0)) is None


def test_literals_hold_in_the_model_and_are_made_of_no_others():
    facts = [z3.Or(p, x > y), z3.If(x == y, x, y) > 0]
    model = model_of(*facts, z3.Not(p))
    found = list(literals(facts, model))
    assert all(z3.is_true(model.eval(fact, True)) for fact in found)
    assert {str(fact) for fact in found} >= {"Not(p)", "x > y"}
    assert not any(z3.is_or(fact) or z3.is_eq(fact) for fact in found)


@pytest.mark.parametrize("base", [[x + y > 2, x < 1], [x * y > 2, x < 1, x > 0]])
def test_a_room_answers_as_a_new_solver_does(base):
    room = Room(seed=0, rlimit=1_000_000)
    grown = [*base, y < 5]
    for facts, more in (
        (base, [y < 1]),
        (base, []),
        (grown, [y > 5]),
        (grown, []),
        (base, [y > 6]),
    ):
        solver = z3.Solver()
        solver.add(*facts, *more)
        status, model = room.check(facts, more)
        assert status == str(solver.check())
        if status == "sat":
            assert all(z3.is_true(model.eval(f, True)) for f in (*facts, *more))
