"""The rule language: what it takes, what it refuses, and that it never moves a condition."""

from __future__ import annotations

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
import sympy as sp

from mechanism import (
    ArgMax,
    Cases,
    Highest,
    InputError,
    Rule,
    RuleError,
    Sum,
    agents,
    parameter,
    report,
)
from mechanism.evaluate.exact import Exact
from mechanism.instance import Instance, sort_domain
from mechanism.language import Awards, Entry, goods, matchings
from mechanism.language.arithmetic import constant
from mechanism.language.numbers import exact
from mechanism.language.sums import taken_apart
from mechanism.registry import rule

i, j = agents("i j")
b = report("b")


@pytest.mark.parametrize(
    "number", [2, Fraction(1, 3), Decimal("0.1"), "0.1", "3/7", sp.Rational(2, 5)]
)
def test_exact_numbers_come_in(number):
    assert sp.Rational(exact(number)) == constant(number)


@pytest.mark.parametrize(
    "number", ["x", "", None, object(), float("nan"), float("inf"), True, "1/0"]
)
def test_what_is_not_a_number_is_refused(number):
    with pytest.raises(InputError):
        exact(number)


@pytest.mark.parametrize(
    "build",
    [
        lambda: Highest(0.5 * b[j], j),
        lambda: Cases((0.1, b[i] > 1), (0, True)),
        lambda: parameter("reserve", at_least=0.5),
        lambda: Rule(id="r", reports=b, allocation=sp.Integer(0), payment=0.5 * b[i], agent=i),
    ],
)
def test_floats_are_refused_with_what_to_write_instead(build):
    with pytest.raises(RuleError, match=r"write Rational\(1, (2|10)\)"):
        build()


def test_a_free_index_is_refused():
    with pytest.raises(RuleError, match="leaves the index j free"):
        Rule(id="r", reports=b, allocation=sp.Integer(0), payment=b[j], agent=i)


def test_a_plain_symbol_is_refused():
    with pytest.raises(RuleError, match="plain symbol x"):
        Rule(id="r", reports=b, allocation=sp.Integer(0), payment=sp.Symbol("x"), agent=i)


def test_expressions_rebuild_print_and_pickle():
    price = Highest(b[j], j, sp.Ne(j, ArgMax(b[j], j)))
    assert price.func(*price.args) == price
    assert pickle.loads(pickle.dumps(price)) == price
    assert str(price) == "Highest(b[j], j, Ne(j, ArgMax(b[j], j, True)), 0)"
    assert price.free_symbols == {b}


def test_a_piece_inside_a_binder_stays_inside():
    """Sympy would move the condition out of the sum, and out of the scope of its index."""
    mu, g = matchings("mu"), goods("g")
    inner = Sum(sp.Piecewise((1, Awards(mu, j, g)), (0, True)), j)
    outer = Cases((1, inner > 0), (0, True))
    assert outer.free_symbols == {mu, g}
    assert not outer.has(sp.Piecewise)


def test_sums_are_taken_apart_without_changing_their_value():
    k, m = agents("k m")
    total = Sum(2 * Sum(b[k], k, sp.Ne(k, m)) - b[m], m)
    apart = taken_apart(total)
    assert apart != total
    read = Exact(Instance({"agent": 3}, {"v": (Fraction(1), Fraction(5), Fraction(7, 2))}))
    assert read(apart) == read(total) == Fraction(57, 2)


@pytest.mark.parametrize(
    ("sort", "count"), [("partition", 9), ("matching", 7), ("bundle", 3), ("rank", 2), ("slot", 0)]
)
def test_sorts_have_the_right_number_of_elements(sort, count):
    assert len(sort_domain(sort, {"agent": 2, "good": 2})) == count


def test_families_of_one_name_and_other_domains_are_not_mixed_up() -> None:
    low, high = parameter("bound", at_least=-1), parameter("bound", at_least=0)
    assert low != high
    assert (low + 1) - 1 == low
    found = {str(e.family.domain) for e in (low + high + 1).atoms(Entry)}
    assert found == {"reals >= -1", "reals >= 0"}


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("fmmra-multi-round", {"fitness": [[1, 2], [3]]}, "row 1 has 1 values and row 0 has 2; give one for each good"),
        ("fmmra-multi-round", {"fitness": [[1, 2], [3, 4]], "good": 3}, "good: 3 goods for fitness, but there are 2"),
        ("fmmra-multi-round", {"good": 3, "fitness": [[1, 2], [3, 4]]}, "fitness: 2 goods, but there are 3"),
        ("fmmra-repaired-no-subsidy", {"dummy": [1], "fitness": [[1, 2]]}, "fitness: 2 goods, but there are 1"),
        ("affine-maximizer", {"bonus": [1, 2, 3], "outcome": 2}, "outcome: 2 outcomes for bonus, but there are 3"),
        ("fmmra-repaired", {"fitness": [[1], [2]], "can": [[1]]}, "can: 1 agents, but there are 2"),
    ],
)  # fmt: skip
def test_tables_have_to_agree_on_their_sizes(name, values, told):
    with pytest.raises(InputError, match=told):
        rule(name).with_parameters(**values)


def test_a_table_fixes_all_its_sizes():
    fixed = rule("fmmra-multi-round").with_parameters(fitness=[[1, 2], [3, 4]])
    assert fixed.sizes["good"] == (2, 2)
    assert fixed.fixed_size == 2
