"""The optimal menu of a problem, in exact rationals, with what it is measured against."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.contracts.menu import Menu
from mechanism.contracts.problem import Problem, Unrounded
from mechanism.contracts.programme import Programme, Solution
from mechanism.contracts.rounding import complete, qualities
from mechanism.errors import InputError
from mechanism.language import exact

# The largest denominator of a quality: the first whose menu loses nothing that can be told.
DENOMINATORS = (12, 60, 1000, 10**6)
TOLD = 1e-7
SPARED = Fraction(1, 10**5)
# How much room incentive constraints are given before rounding, the first that works.
# What is mixed less than that, relative to all qualities, is not; and how fast to look closer.
PURE, NARROWER = 1e-6, 0.4
ROOMS = (0.0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)


@dataclass(frozen=True)
class Design:
    """An optimal menu.

    Parameters
    ----------
    menu : Menu
        Exact; the best that was found.
    payoff : Fraction or float
        The principal's expected payoff from it, exact where the surplus is rational.
    bound : float
        What no menu exceeds, by the last linear programme.
    complete_information : float
        The principal's payoff if it knew each type.
    repeated : Design or None
        With two periods, the best menu that is offered unchanged in both.
    binding : tuple of (str, float)
        The constraints that bind and their dual values: what one more unit of room is worth.
    rounds : int
        How often tangents were added.
    """

    problem: Problem
    menu: Menu
    payoff: Any
    bound: float
    complete_information: float
    repeated: Any
    binding: tuple[tuple[str, float], ...]
    rounds: int
    seconds: float

    @property
    def loss(self) -> float:
        """What the menu may fall short of the optimum: from rounding, from the tangents, and from being no lot."""
        return max(self.bound - float(self.payoff), 0.0)


def design(problem: Problem, *, references: bool = True) -> Design:
    """The optimal menu.

    Parameters
    ----------
    problem : Problem
    references : bool
        With complete information and the best repeated menu, to measure it against.

    Raises
    ------
    InputError
        For a problem that no menu solves (naming the conflict) or without a limit.
    MissingExtra
        Without scipy.
    """
    began = time.perf_counter()
    solution, menu = _solved(problem)
    known, unchanged = float("nan"), None
    if references:
        known = Programme(problem, incentives=False).solve().value
        unchanged = repeated(problem) if problem.two_periods else None
    return Design(
        problem=problem,
        menu=menu,
        payoff=principal(problem, menu),
        bound=solution.value,
        complete_information=known,
        repeated=unchanged,
        binding=solution.binding,
        rounds=solution.rounds,
        seconds=time.perf_counter() - began,
    )


def _solved(problem: Problem) -> tuple[Solution, Menu]:
    first = Programme(problem).solve()
    aim = problem
    if problem.budget is not None:  # so that rounding qualities does not exceed it
        aim = replace(problem, budget=problem.budget - SPARED * abs(problem.budget))
    attempts = [(problem, 0.0), *((aim, room) for room in ROOMS if room or aim is not problem)]
    for asked, room in attempts:
        try:
            found = first if asked is problem and not room else _aimed(asked, room, first)
            return first, _simplest(problem, _pure(asked, found, room), first.value, room)
        except Unrounded:
            continue
    raise InputError(
        "no menu in rationals was found near the solution; the numbers are badly scaled"
    )


def _aimed(problem: Problem, room: float, near: Solution) -> Solution:
    try:
        return Programme(problem, room=room, near=near).solve(explain=False)
    except InputError as error:  # the problem itself has a solution
        raise Unrounded(str(error)) from error


def _pure(problem: Problem, found: Solution, room: float) -> Solution:
    """A solution near a mixed one that is hardly mixed: around it, closer and closer."""
    width = problem.top
    while found.spread > PURE * problem.top and width > PURE * problem.top / 10:
        width *= NARROWER
        try:
            found = Programme(problem, room=room, near=found, width=width).solve(explain=False)
        except InputError as error:
            raise Unrounded(str(error)) from error
    return found


def _simplest(problem: Problem, found: Solution, bound: float, room: float) -> Menu:
    """The menu with the simplest qualities that costs the principal nothing, else the best."""
    best: tuple[float, Menu] | None = None
    for denominator in DENOMINATORS:
        try:
            menu = _rounded(problem, found, denominator, room)
        except Unrounded:
            continue
        payoff = float(principal(problem, menu))
        if payoff >= bound - TOLD * (1 + abs(bound)):
            return menu
        if best is None or payoff > best[0]:
            best = payoff, menu
    if best is None or (best[0] < bound - 100 * TOLD * (1 + abs(bound)) and room < ROOMS[-1]):
        raise Unrounded("more room is needed")
    return best[1]


def _rounded(problem: Problem, found: Solution, denominator: int, room: float) -> Menu:
    """Round the qualities, find the rewards again for just these, and complete them exactly."""
    exact = qualities(problem, found.quality, denominator)
    near = np.array([float(q) for q in exact])
    try:
        rewards = Programme(problem, fixed=near, room=room / 2).solve(explain=False).worth
    except InputError as error:
        raise Unrounded(str(error)) from error
    menu = complete(problem, exact, rewards)
    if problem.budget is not None and spending(menu) > problem.budget:
        raise Unrounded("the budget is exceeded by rounding")
    return menu


def repeated(problem: Problem) -> Design:
    """The best menu for one period that is offered unchanged in both."""
    began = time.perf_counter()
    found = Programme(problem, repeated=True).solve()
    once = replace(problem, transition=None, budget=None)
    stage, _ = _static(once, found)
    count = len(problem.types)
    menu = problem.menu(stage.items, [stage.items] * count)
    return Design(
        problem, menu, principal(problem, menu), found.value, float("nan"), None, found.binding,
        found.rounds, time.perf_counter() - began,
    )  # fmt: skip


def _static(once: Problem, found: Solution) -> tuple[Menu, np.ndarray]:
    exact = qualities(once, found.quality, DENOMINATORS[-2])
    return complete(once, exact, found.worth), found.worth


def principal(problem: Problem, menu: Menu) -> Any:
    """The principal's expected discounted payoff if all report the truth."""
    return expected(menu, lambda q, r: _minus(_surplus(problem, q), r))


def spending(menu: Menu) -> Fraction:
    """The expected discounted rewards."""
    return expected(menu, lambda q, r: r)


def expected(menu: Menu, each: Any) -> Any:
    """The expected discounted sum of something over the items that truthful types take."""
    given = menu.rule.given
    total: Any = Fraction(0)
    delta = exact(menu.discount)
    for k, p in enumerate(given["prior"]):
        total += p * each(given["q"][k], given["r"][k])
        for n, chance in enumerate(given["P"][k]) if menu.two_periods else ():
            if chance:
                total += delta * p * chance * each(given["q2"][k][n], given["r2"][k][n])
    return total


def _surplus(problem: Problem, q: Fraction) -> Any:
    found = problem.worth.exact(q)
    return float(problem.worth.at(float(q))) if found is None else found


def _minus(one: Any, other: Fraction) -> Any:
    return one - float(other) if isinstance(one, float) else one - other
