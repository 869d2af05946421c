"""A principal's problem: which menu is best, given the types, what quality costs and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from mechanism.contracts.curves import FARTHEST, PROBES, Curve, best_quality
from mechanism.contracts.json_text import fields, read_object
from mechanism.contracts.menu import Menu
from mechanism.contracts.payoff import Payoff, Q
from mechanism.contracts.read import payoff_from, surplus_from
from mechanism.contracts.separable import Parts, parts_of
from mechanism.errors import InputError
from mechanism.language import exact

# How exactly a reward is given where its value has no exact inverse, the first that is enough.
DIGITS = (12, 9, 7)
PARTICIPATION = ("total", "per-period", "per-history")
_KNOWN = {
    "schema", "id", "title", "types", "prior", "payoff", "surplus", "transition", "discount", "budget",
    "limited_liability", "participation", "reservation", "min_quality", "max_quality",
}  # fmt: skip


class Unrounded(Exception):
    """No rewards were found for these qualities."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A principal's problem under full commitment.

    Parameters
    ----------
    types, prior, payoff, surplus
        As in `Menu`; the reward enters the payoff apart from quality.
    transition : sequence of sequence of number, optional
        With it the menu is for two periods.
    discount : number
    budget : number, optional
        For the expected discounted rewards.
    limited_liability : bool
        No reward is negative.
    participation : str
        ``total``: each type gets its reservation payoff over both periods; ``per-period``: at least 0 in
        each period in expectation, too; ``per-history``: at least 0 after every history, so that nobody
        would leave in between.
    reservation : number
        What each type gets elsewhere, in total.
    min_quality, max_quality : number, optional
    """

    types: Sequence[Any]
    prior: Sequence[Any]
    payoff: Payoff
    surplus: Any
    transition: Sequence[Any] | None = None
    discount: Any = 1
    budget: Any = None
    limited_liability: bool = False
    participation: str = "total"
    reservation: Any = 0
    min_quality: Any = 0
    max_quality: Any = None
    id: str = "design"
    title: str = ""

    def __post_init__(self) -> None:
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731
        none = [(0, 0)] * len(self.types)
        # A menu refuses what is wrong with types and chances.
        menu = Menu(
            types=self.types, prior=self.prior, items=none, payoff=self.payoff,
            second=None if self.transition is None else [none] * len(self.types),
            transition=self.transition, discount=self.discount,
        )  # fmt: skip
        given = menu.rule.given
        put("types", given["theta"])
        put("prior", given["prior"])
        put("transition", given.get("P"))
        put("discount", exact(self.discount, "discount"))
        for name in ("budget", "reservation", "min_quality", "max_quality"):
            value = getattr(self, name)
            put(name, None if value is None else exact(value, name))
        if self.participation not in PARTICIPATION:
            raise InputError(f"participation: give one of {', '.join(PARTICIPATION)}")
        if self.min_quality < 0:
            raise InputError(
                f"min_quality: {self.min_quality} is negative; a quality is at least 0"
            )
        if self.max_quality is not None and self.max_quality < self.min_quality:
            raise InputError(f"max_quality: {self.max_quality} is below min_quality, {self.min_quality}")  # fmt: skip
        self.worth.must_bend(concave=True, rising=False)
        self.parts.must_fit()

    @property
    def two_periods(self) -> bool:
        return self.transition is not None

    @cached_property
    def parts(self) -> Parts:
        """The payoff taken apart."""
        return parts_of(self.payoff, tuple(self.types))

    @cached_property
    def worth(self) -> Curve:
        return Curve(self.surplus, Q, "surplus")

    @property
    def cost(self) -> Curve:
        """The cost of quality that all types have in common.

        Raises
        ------
        InputError
            For a payoff without one.
        """
        if self.parts.cost is None:
            raise InputError(f"payoff: {self.payoff} has no cost that all types have in common")
        return self.parts.cost

    @property
    def value(self) -> Curve:
        """What a reward is worth to an agent."""
        return self.parts.value

    @cached_property
    def efficient(self) -> list[float]:
        """The quality that is best for each type if the type is known and nothing else matters."""
        limit = None if self.max_quality is None else float(self.max_quality)

        most = self.value.at(np.array([FARTHEST]))[0]  # that a reward can be worth

        def gain(q: np.ndarray, burden: Curve) -> np.ndarray:
            asked = burden.at(q)
            return np.where(asked > most, -np.inf, self.worth.at(q) - self.value.inverse(asked))

        return [best_quality(partial(gain, burden=b), limit) for b in self.parts.burdens]

    @cached_property
    def enough(self) -> float:
        """Where the surplus is highest; more quality than that is of no use to anybody."""
        try:
            best = best_quality(self.worth.at, None)
            return max(best, float(self.min_quality))
        except InputError:
            return float("inf")

    @cached_property
    def concave(self) -> bool:
        """Whether the surplus is concave in the cost even where it falls, as far as probes tell."""
        slopes = self.worth.slope(PROBES[1:]) / np.maximum(self.cost.slope(PROBES[1:]), 1e-12)
        return bool(np.all(np.diff(slopes) <= 1e-9 * (1 + np.abs(slopes[:-1]))))

    @cached_property
    def top(self) -> float:
        """More quality than this is not looked at."""
        if self.max_quality is not None:
            return float(self.max_quality)
        return max(2 * max(self.efficient), float(self.min_quality), 1.0)

    @cached_property
    def nothing(self) -> Fraction:
        """What no reward is worth."""
        return self.value.exact(Fraction(0)) or Fraction(0)

    def reward(self, worth: Fraction) -> tuple[Fraction, Fraction]:
        """A reward that is worth so much, or hardly more, and what it is worth exactly."""
        lines = self.value.lines
        if lines is not None:
            # A concave curve is the lowest of its lines, so the reward is the highest that any line asks for.
            return max((worth - height) / slope for slope, height in lines), worth
        near = self.value.reaches(float(worth))
        simple = Fraction(near).limit_denominator(10**4)
        if self.value.exact(simple) == worth:
            return simple, worth
        for digits in DIGITS:
            reward = Fraction(int(near * 10**digits) + 1, 10**digits)
            got = self.value.exact(reward)
            if got is not None and got >= worth:
                return reward, got
        raise Unrounded(f"no reward was found that is worth {float(worth):g}")

    def menu(self, items: Sequence[Any], second: Sequence[Any] | None) -> Menu:
        """A menu that answers the problem."""
        return Menu(
            types=self.types, prior=self.prior, items=items, payoff=self.payoff, second=second,
            transition=self.transition, discount=self.discount, surplus=self.surplus,
            budget=self.budget, id=self.id, title=self.title,
        )  # fmt: skip


def read_problem(path: str | Path) -> Problem:
    """The problem in a file."""
    data = read_object(path)
    try:
        return problem_from(data, Path(path).stem)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def problem_from(data: Any, name: str = "design") -> Problem:
    """The problem in a JSON object."""
    fields(data, "problem", _KNOWN, ("types", "prior", "payoff", "surplus"))
    given = {n: v for n, v in data.items() if n not in ("schema", "payoff", "surplus")}
    return Problem(
        **{"id": name, **given},
        payoff=payoff_from(data["payoff"]),
        surplus=surplus_from(data["surplus"]),
    )
