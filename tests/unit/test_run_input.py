"""Running rules: one clear error for bad input."""

from fractions import Fraction

import numpy as np
import pytest

from mechanism.errors import InputError, RuleError
from mechanism.evaluate.batch import Batch
from mechanism.language import Cases, agents, parameter, report
from mechanism.registry import rule
from mechanism.rule import Rule
from mechanism.virtual import uniform

F = Fraction


ONE = [
    ("second-price", [[3, -1]], {}, "agent 1: b: -1 is outside its domain"),
    ("second-price", [[3, float("nan")]], {}, "agent 1: b: nan is not a finite number"),
    ("second-price", [[3, float("inf")]], {}, "agent 1: b: inf is not a finite number"),
    ("second-price", [[3, "x"]], {}, "agent 1: b: 'x' is not a number"),
    ("second-price", [[3, None]], {}, "agent 1: b: None is not a number"),
    ("second-price", [[3, True]], {}, "agent 1: b: True is not a number"),
    ("second-price", [[3, [4]]], {}, "agent 1: b"),
    ("second-price", [[]], {}, "second-price is for 1 or more agents, got 0"),
    ("first-price", [[3]], {}, "first-price is for 2 or more agents, got 1"),
    ("second-price", [5], {}, "b: give one value for each agent"),
    ("second-price", ["57"], {}, "b: give one value for each agent"),
    ("second-price", [], {}, "takes 1 kinds of reports"),
    ("second-price", [[1], [2]], {}, "takes 1 kinds of reports"),
    ("second-price", [[1, 2]], {"reserve": 1}, "has no parameter 'reserve'"),
    ("second-price", [[1, 2]], {"order": [1, 0]}, "ties go to the lowest-index"),
    ("second-price-reserve", [[1, 2]], {}, r"needs the parameter 'reserve' \(reals >= 0\)"),
    ("second-price-reserve", [[1, 2]], {"reserve": -1}, "reserve: -1 is outside its domain"),
    ("uniform-price", [[1, 2]], {"k": "1/2"}, "k: 1/2 is outside its domain"),
    ("third-price", [[3, 2, 1]], {"k": 2}, "'k' is fixed already"),
    ("third-price", [[3, 2]], {}, "for 3 or more agents"),
    ("gsp", [[1, 2]], {"rate": [1, 2]}, "gsp assumes"),
    ("gsp", [[1, 2]], {"rate": 1}, "one value for each slot"),
    ("gsp", [[1, 2]], {"rate": []}, "at least one slot"),
    ("myerson", [[1, 2]], {}, "a strictly increasing function"),
    ("myerson", [[1, 2]], {"phi": [1, 2]}, "a function with an inverse"),
    ("myerson", [[1, 2]], {"phi": [uniform(0, 1)]}, "one value for each of the 2 agents, not for 1"),
    ("mcafee", [[1, 2]], {"buyer": [True]}, "one value for each of the 2 agents, not for 1"),
    ("mcafee", [[1, 2]], {"buyer": [True, 2]}, "buyer: 2 is not yes or no"),
    ("vcg-assignment", [[[1, 2], [1]]], {}, "agent 1: b: give one value for each of the 2 goods, not for 1"),
    ("vcg-assignment", [[[1, 2], [1, -2]]], {}, "agent 1, good 1: b: -2 is outside"),
    ("vcg-assignment", [[1, 2]], {}, "agent 0: b: give one value for each good"),
    ("vcg-combinatorial", [[[1, 2], [1, 2]]], {}, "one for each non-empty set of goods"),
    ("vcg-combinatorial", [[{(0, 2): 1}, {}]], {"good": 2}, "other goods than 0 to 1"),
    ("vcg-combinatorial", [[{"a": 1}, {}]], {}, "'a' is not a set of goods"),
    ("vcg-combinatorial", [[{0: 1}, {}]], {}, "0 is not a set of goods"),
    ("vcg-combinatorial", [[{(): 1}, {}]], {}, "is not a set of goods"),
    ("vcg-combinatorial", [[{(0,): -1}, {}]], {}, "agent 0, bundle 0: b: -1 is outside"),
    ("vcg-combinatorial", [[{(0,): 1}, {}]], {"good": 0}, "positive whole number"),
    ("greedy-single-minded", [[1, 2], [[1, 0], [0, 0]]], {}, "the report of agent 1 is not admissible"),
    ("greedy-single-minded", [[1, 2], [[1, 0]]], {}, "one value for each of the 2 agents, not for 1"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "reports", "keywords", "message"), ONE)
def test_bad_profiles(name, reports, keywords, message):
    with pytest.raises(InputError, match=message):
        rule(name).run(*reports, **keywords)


MANY = [
    ("second-price", [[[3, 1], [2, -1]]], {}, "row 1, agent 1: b: -1 is outside its domain"),
    ("second-price", [[[3, 1], [2, np.nan]]], {}, "row 1, agent 1: b: nan is not a finite number"),
    ("second-price", [[[3, 1], [-np.inf, 1]]], {}, "row 1, agent 0: b: -inf is not a finite number"),
    ("second-price", [[[3, 1e300], [2, 1]]], {}, "row 0, agent 1: b: 1e.300 is too large"),
    ("second-price", [[[3, F(-1, 3)]]], {}, "row 0, agent 1: b: -1/3 is outside its domain"),
    ("second-price", [[[3, None]]], {}, "b: None is not a number"),
    ("second-price", [[[True, False]]], {}, "an array of numbers, not of bool"),
    ("second-price", [[["a", "b"]]], {}, "an array of numbers"),
    ("second-price", [[3, 1]], {}, r"the axes \[row, agent\], not one of the shape \(2,\)"),
    ("second-price", [np.zeros((3, 0))], {}, "is for 1 or more agents"),
    ("second-price-reserve", [[[3, 1]]], {}, "needs the parameter 'reserve'"),
    ("score-auction", [[[3, 1], [1, 1]]], {"w1": 1, "w2": 1, "score": np.array([[1, 2]])}, "equally many rows"),
    ("score-auction", [[[3, 1]]], {"w1": 1, "w2": 1, "score": np.array([[1, -2]])}, "row 0, agent 1: score: -2"),
    ("gsp", [[[3, 1]]], {"rate": [1, 2]}, "gsp assumes"),
    ("vcg-combinatorial", [np.zeros((1, 2, 2))], {}, "one for each non-empty set of goods"),
    ("greedy-single-minded", [[[1, 2]], [[[1, 0], [0, 2]]]], {}, "an array of True and False"),
    ("greedy-single-minded", [[[1, 2]] * 2, [[[1, 0], [0, 1]], [[1, 0], [0, 0]]]], {},
     "row 1: the report of agent 1 is not admissible"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "reports", "keywords", "message"), MANY)
def test_bad_arrays(name, reports, keywords, message):
    with pytest.raises(InputError, match=message):
        rule(name).run_batch(*reports, **keywords)


def test_a_rule_without_a_value_says_so():
    i, b, w = agents("i"), report("b"), parameter("w")
    with pytest.raises(RuleError, match="leaves cases open"):
        Rule(id="open", agent=i, reports=b, allocation=Cases((1, b[i] > 0)), payment=0)
    divides = Rule(
        id="divides",
        agent=i,
        reports=b,
        allocation=Cases((1, b[i] > 0), (0, True)),
        payment=b[i] / w,
    )
    assert divides.run([1, 2], w=2).payments == (F(1, 2), 1)
    with pytest.raises(RuleError, match="divides has no value here"):
        divides.run([1, 0], w=0)
    with pytest.raises(RuleError, match="row 1: divides has no value here"):
        divides.run_batch([[1, 1], [0, 1]], w=np.array([1, 0]))


def test_batches_check_their_tables():
    r = rule("second-price")
    with pytest.raises(InputError, match="no values are given for 'v'"):
        Batch({"agent": 2}, {})(r.payment, axes=(r.agent,))
    with pytest.raises(InputError, match="must have the shape"):
        Batch({"agent": 2}, {"v": [[1, 2, 3]]})(r.payment, axes=(r.agent,))
    with pytest.raises(InputError, match="at least one agent"):
        Batch({}, {"v": [[1, 2, 3]]})(r.payment, axes=(r.agent,))
    with pytest.raises(RuleError, match="not bound"):
        Batch({"agent": 2}, {"v": [[1, 2]]})(r.payment)
