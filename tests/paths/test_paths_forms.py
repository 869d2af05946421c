"""Numbers and conjunctions: floats read as fractions, the difference-bound closure against Z3."""

import random
from fractions import Fraction

import pytest
import z3

from proofs.engines.paths.atoms import AT_MOST, EQUAL, LESS, UNEQUAL, atom
from proofs.engines.paths.closure import State
from proofs.engines.paths.forms import added, form, multiplied, rational, simplest
from proofs.engines.paths.oracle import Oracle


@pytest.mark.parametrize(
    ("value", "fraction"),
    [(0.1, "1/10"), (1 / 3, "1/3"), (2.5, "5/2"), (-0.2, "-1/5"), (3.0, "3"), (1e-9, "1/1000000000"), (0.30000000000000004, "0.30000000000000004")],
)  # fmt: skip
def test_a_float_is_the_simplest_fraction_that_rounds_to_it(value, fraction):
    found = Fraction(simplest(value))
    assert float(found) == value
    assert found == Fraction(fraction) or found.denominator < Fraction(fraction).denominator


def test_random_floats_round_back():
    rng = random.Random(1)
    for _ in range(300):
        value = rng.choice(
            [rng.random(), rng.gauss(0, 100), 2.0 ** rng.randint(-40, 40), rng.randint(1, 99) / 100]
        )
        assert float(simplest(value)) == value


def test_what_is_not_finite_is_refused():
    with pytest.raises(OverflowError, match="inf"):
        rational(float("inf"))


def test_polynomials_compute_as_numbers_do():
    rng = random.Random(2)
    for _ in range(200):
        one, other = (
            {(v,): rng.randint(-3, 3) or 1 for v in rng.sample(range(3), 2)} for _ in "ab"
        )
        a, b = rng.randint(-2, 2), rng.randint(-2, 2)
        at = {v: Fraction(rng.randint(-5, 5), rng.randint(1, 4)) for v in range(3)}
        left, right = form(one, a).value(at), form(other, b).value(at)
        assert form(added(one, other), a + b).value(at) == left + right
        assert form(*multiplied(one, a, other, b)).value(at) == left * right


def test_an_atom_has_one_form_and_its_negation():
    x, y = atom(LESS, {(0,): 2, (1,): -2}, 4), atom(LESS, {(0,): 1, (1,): -1}, 2)
    assert x.key == y.key
    assert x.negation.key == atom(AT_MOST, {(0,): -1, (1,): 1}, -2).key
    assert x.negation.negation is x
    assert atom(EQUAL, {(0,): -1}, 3).key == atom(EQUAL, {(0,): 1}, -3).key
    assert x.difference == (1, 2, -2)


def random_atom(rng, variables):
    terms = {
        (v,): s for v, s in zip(rng.sample(range(variables), rng.choice([1, 2, 2, 2])), (1, -1))
    }
    if rng.random() < 0.1:
        terms[(rng.randrange(variables),)] = 2
    return atom(rng.choice([LESS, AT_MOST, AT_MOST, EQUAL, UNEQUAL]), terms, rng.randint(-2, 2))


@pytest.mark.parametrize("seed", range(4))
def test_the_closure_agrees_with_z3(seed):
    rng = random.Random(seed)
    steps = 0
    for _ in range(25):
        oracle = Oracle()
        state, solver = State(4, oracle), z3.Solver()
        for _ in range(10):
            one = random_atom(rng, 4)
            if (decided := state.implied(one)) is not None:
                against = oracle.term(one.negation if decided else one)
                assert solver.check(against) == z3.unsat
            larger = state.feasible((one,))
            assert (larger is not None) == (solver.check(oracle.term(one)) == z3.sat)
            steps += 1
            if larger is not None:
                state = larger
                solver.add(oracle.term(one))
        point = state.point(4)
        assert point is not None
        assert all(a.holds(point) for a in state.atoms)
    assert steps == 250
