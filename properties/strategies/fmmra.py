"""Judgment matrices and scenarios of the FMMRA model: exact, small, often tied, never rejected for long."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from mechanism.fmmra.ahp import LIMIT, Matrix, priorities
from mechanism.fmmra.scenario import CAPABILITIES, RANGES, Agent, Scenario, Task, scenario
from mechanism.language import Domain
from properties.strategies.number import rationals

# Ratios of these are all on the scale, so that any choice of them is perfectly consistent.
_LEVELS = (1, 2, 4, 8)
_JUDGMENTS = tuple(
    sorted({Fraction(n) for n in range(1, 10)} | {Fraction(1, n) for n in range(1, 10)})
)


@st.composite
def judgment_matrices(draw: st.DrawFn, criteria: int = 5, *, limit: Fraction = LIMIT) -> Matrix:
    """Reciprocal matrices on the scale of 1 to 9, with a consistency ratio below the limit.

    A random matrix hardly ever is: 0.3 % of those over five criteria. These start from a perfectly
    consistent one; judgments are replaced, one at a time, where that leaves it consistent enough.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(judgment_matrices(2), lambda h: h[0][1] > 2)
    ((Fraction(1, 1), Fraction(4, 1)), (Fraction(1, 4), Fraction(1, 1)))
    """
    levels = draw(st.lists(st.sampled_from(_LEVELS), min_size=criteria, max_size=criteria))
    rows = [[Fraction(a, b) for b in levels] for a in levels]
    pairs = [(k, m) for m in range(criteria) for k in range(m)]
    changes = st.lists(st.tuples(st.sampled_from(pairs), st.sampled_from(_JUDGMENTS)), max_size=4)
    for (k, m), judgment in draw(changes) if pairs else ():
        before = rows[k][m]
        rows[k][m], rows[m][k] = judgment, 1 / judgment
        if priorities(rows, limit=None).ratio[1] >= limit:
            rows[k][m], rows[m][k] = before, 1 / before
    return tuple(map(tuple, rows))


@st.composite
def scenarios(
    draw: st.DrawFn, agents: int | tuple[int, int] = (1, 5), tasks: int | tuple[int, int] = (1, 3)
) -> Scenario:
    """Whole scenarios, exact. Equal profits and fitness values are likely, and losses happen.

    Parameters
    ----------
    agents, tasks : int or (int, int)
        Exactly so many, or a range; there may be fewer agents than tasks.

    Examples
    --------
    >>> from hypothesis import given
    >>> from mechanism.fmmra.costs import Costs
    >>> @given(scenarios(agents=2, tasks=1))
    ... def test_nobody_expects_more_than_the_reward(s):
    ...     assert (Costs().expected_profit(s) <= s.reward).all()
    >>> test_nobody_expects_more_than_the_reward()
    """
    count, number = (
        draw(st.integers(*(n if isinstance(n, tuple) else (n, n)))) for n in (agents, tasks)
    )
    positive = rationals(Domain(lower=Fraction(0), strict=True))
    team = [
        Agent(value=draw(rationals()), fuel=draw(positive), **draw(_capabilities()))
        for _ in range(count)
    ]
    weights = st.lists(positive, min_size=5, max_size=5)
    work = [
        Task(reward=draw(rationals(most=12)), importance=draw(weights), **draw(_capabilities()))
        for _ in range(number)
    ]
    distance = [[draw(positive) for _ in work] for _ in team]
    fits = st.lists(rationals(), min_size=5, max_size=5)
    return scenario(team, work, distance, [[draw(fits) for _ in work] for _ in team])


def _capabilities() -> st.SearchStrategy[dict[str, Any]]:
    levels = {
        name: rationals(Domain(lower=RANGES[name][0], upper=RANGES[name][1]))
        for name in CAPABILITIES
    }
    return st.fixed_dictionaries(levels)
