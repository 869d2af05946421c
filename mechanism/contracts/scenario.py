"""Federated construction of agent modules: edge servers with a hidden, changing willingness, and a cloud.

Sources
-------
Wen et al., Diffusion-based Dynamic Contract for Federated AI Agent Construction in Mobile Metaverses,
arXiv:2504.14326, 2025: the players (one cloud, edge servers that build agent modules), hidden *dynamic levels
of willingness to participate*, a contract for two periods. The abstract states no payoff function.

Reconstructed
-------------
Everything else; each modelling choice is a named parameter below. The quality of a contribution is the
frequency at which a server builds its module. Its energy is kappa times the work of a module times the
square of the frequency, the usual model of a processor, and a share for sending; energy has a price, and
willingness divides the cost, as in Lim et al., IEEE IoT J 8(23), 2021. A module takes its work divided by
the frequency, the cloud's own included, and time costs the cloud money. The hardware is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.contracts.payoff import Q, reward_minus_cost
from mechanism.contracts.problem import Problem
from mechanism.errors import InputError
from mechanism.language import exact
from mechanism.language.arithmetic import constant

CHOICES = {
    "types": "how many levels of willingness there are",
    "least": "the lowest willingness",
    "step": "the largest step from one level to the next; steps are drawn",
    "stay": "the chance that a server keeps its level; the others are equally likely",
    "discount": "what the second period counts",
    "kappa": "energy of a unit of work at frequency 1",
    "work": "the work of a module",
    "sending": "energy of sending what is built at frequency 1",
    "energy_price": "what a unit of energy costs a server of willingness 1",
    "worth": "what the first units of frequency are worth to the cloud; drawn within a fifth around it",
    "saturation": "how fast that falls: worth q - saturation q^2 / 2",
    "own": "the frequency at which the cloud itself works on every module",
    "latency_price": "what a unit of a module's time costs the cloud",
}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """The choices of the model; `CHOICES` says what each is."""

    types: int = 3
    least: Fraction = Fraction(1)
    step: Fraction = Fraction(1)
    stay: Fraction = Fraction(4, 5)
    discount: Fraction = Fraction(9, 10)
    kappa: Fraction = Fraction(1)
    work: Fraction = Fraction(1)
    sending: Fraction = Fraction(1, 5)
    energy_price: Fraction = Fraction(1)
    worth: Fraction = Fraction(5)
    saturation: Fraction = Fraction(1, 2)
    own: Fraction = Fraction(1, 2)
    latency_price: Fraction = Fraction(1, 2)

    def __post_init__(self) -> None:
        for f in fields(self):
            value = exact(getattr(self, f.name), f.name)
            if value < 0 or (f.name not in ("sending", "saturation", "latency_price", "stay") and not value):  # fmt: skip
                raise InputError(f"{f.name}: {value} is not positive; it is {CHOICES[f.name]}")
            whole = f.name == "types"
            if whole and value.denominator != 1:
                raise InputError(f"{f.name}: {value} is not a whole number")
            object.__setattr__(self, f.name, int(value) if whole else value)
        if self.stay > 1 or self.discount > 1:
            raise InputError("stay and discount are at most 1")
        if not 2 <= self.types <= 20:
            raise InputError(f"types: {self.types} levels; there may be 2 to 20")

    def with_choices(self, choices: dict[str, Any]) -> Scenario:
        """The same with other choices.

        Raises
        ------
        InputError
            For a name that is no choice.
        """
        for name in choices:
            if name not in CHOICES:
                raise InputError(
                    f"the scenario has no choice '{name}'; it has {', '.join(CHOICES)}"
                )
        return replace(self, **choices)

    def transition(self) -> list[list[Fraction]]:
        """How willingness changes from the first period to the second."""
        move = (1 - self.stay) / (self.types - 1)
        return [
            [self.stay if k == n else move for n in range(self.types)] for k in range(self.types)
        ]

    def cost(self) -> Any:
        """What quality costs a server of willingness 1: energy of computing and sending."""
        computing = self.energy_price * self.kappa * self.work
        return constant(computing) * Q**2 + constant(self.energy_price * self.sending) * Q

    def latency(self, quality: Any) -> Any:
        """How long a module takes."""
        return self.work / (self.own + quality)

    def draws(self, number: int, seed: int) -> Iterator[Draw]:
        """Random problems of the cloud: levels of willingness, their chances, what quality is worth."""
        rng = np.random.default_rng(seed)
        for _ in range(number):
            steps = [self.step * Fraction(int(n), 20) for n in rng.integers(5, 21, self.types - 1)]
            levels = [self.least]
            for step in steps:
                levels.append(levels[-1] + step)
            weights = [int(w) for w in rng.integers(1, 10, self.types)]
            yield Draw(
                scenario=self,
                types=tuple(levels),
                prior=tuple(Fraction(w, sum(weights)) for w in weights),
                worth=self.worth * Fraction(int(rng.integers(80, 121)), 100),
            )


@dataclass(frozen=True)
class Draw:
    """One random instance of the scenario."""

    scenario: Scenario
    types: tuple[Fraction, ...]
    prior: tuple[Fraction, ...]
    worth: Fraction

    def surplus(self) -> Any:
        """What quality is worth to the cloud, the time that it saves included."""
        s = self.scenario
        saved = constant(s.work) * (1 / constant(s.own) - 1 / (constant(s.own) + Q))
        rising = constant(self.worth) * Q - constant(s.saturation / 2) * Q**2
        return rising + constant(s.latency_price) * saved

    def problem(self) -> Problem:
        """The cloud's problem: a contract for two periods with one server."""
        s = self.scenario
        return Problem(
            types=self.types,
            prior=self.prior,
            payoff=reward_minus_cost(s.cost()),
            surplus=self.surplus(),
            transition=s.transition(),
            discount=s.discount,
            id="edge-servers",
        )
