"""What the FMMRA study is run with: sizes, draws, and every choice that the paper leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from typing import Any

from mechanism.errors import InputError, UnknownId
from mechanism.fmmra.choices import CHOICES, options
from mechanism.fmmra.constraints import READINGS
from mechanism.fmmra.costs import Costs
from mechanism.fmmra.generate import Ranges
from mechanism.fmmra.simulate import Weights
from mechanism.language import exact

# How agents are chosen is what tells the mechanisms of the study apart.
RULE_CHOICES = tuple(c.name for c in CHOICES if c.name != "chosen_by")
AVERAGES = {
    "winners": "the mean over the agents that got a task; 0 in a draw where none did",
    "agents": "the mean over all agents",
}
LARGEST = 5 * 10**7  # entries of agents, tasks and capabilities in one draw


@dataclass(frozen=True)
class Settings:
    """The settings of a study.

    Parameters
    ----------
    agents : tuple of int
        The numbers of agents, one point of each figure for each.
    tasks, draws, seed : int
    weights : mechanism.fmmra.simulate.Weights
    costs : mechanism.fmmra.costs.Costs
    ranges : mechanism.fmmra.generate.Ranges
    chosen : mapping of str to str
        Options of `mechanism.fmmra.choices`, for all mechanisms that leave them open.
    capabilities : str
        Whether constraints 17 to 21 are enforced: a key of `mechanism.fmmra.constraints.READINGS`.
    covered : bool
        Whether an agent that can do it is planted for every task.
    average : str
        Over whom the final profit is averaged: a key of `AVERAGES`.
    """

    agents: tuple[int, ...] = (8, 12, 16, 20, 24, 32, 40)
    tasks: int = 4
    draws: int = 2000
    seed: int = 0
    weights: Weights = field(default_factory=Weights)
    costs: Costs = field(default_factory=Costs)
    ranges: Ranges = field(default_factory=Ranges)
    chosen: Mapping[str, str] = field(default_factory=dict)
    capabilities: str = "off"
    covered: bool = False
    average: str = "winners"

    def __post_init__(self) -> None:
        if not self.agents:
            raise InputError("agents: give at least one number of agents")
        for name, number in (
            ("agents", min(self.agents)),
            ("tasks", self.tasks),
            ("draws", self.draws),
        ):
            if number < 1:
                raise InputError(f"{name}: {number}; there must be at least one")
        if (size := max(self.agents) * self.tasks * 5) > LARGEST:
            raise InputError(
                f"{max(self.agents)} agents and {self.tasks} tasks have {size} fitness values in each draw, "
                f"more than the {LARGEST} of a study; simulate one such draw with mechanism.fmmra.large"
            )
        if unknown := self.chosen.keys() - set(RULE_CHOICES):
            raise UnknownId("choice", min(unknown), RULE_CHOICES)
        options(self.chosen)
        _one_of("capabilities", self.capabilities, READINGS)
        _one_of("average", self.average, AVERAGES)

    @property
    def unusual(self) -> dict[str, str]:
        """What differs from the recommended reading."""
        usual, found = Settings(), {}
        for name in PARAMETERS:
            mine, theirs = (_value_of(s, name) for s in (self, usual))
            if mine != theirs:
                found[name] = mine
        return found


def with_parameters(settings: Settings, given: Mapping[str, Any]) -> Settings:
    """The settings with some parameters given as text, as the command line does.

    Raises
    ------
    UnknownId, InputError
        For a parameter there is not, or a value it cannot take.

    Examples
    --------
    >>> with_parameters(Settings(), {"w1": "0.7", "w2": "0.3", "closure": "keep-open"}).chosen
    {'closure': 'keep-open'}
    """
    parts: dict[str, dict[str, Any]] = {}
    for name, text in given.items():
        if name not in PARAMETERS:
            raise UnknownId("parameter of the FMMRA study", name, PARAMETERS)
        part, attribute, read = PARAMETERS[name]
        parts.setdefault(part, {})[attribute] = read(name, text)
    changed: dict[str, Any] = dict(parts.pop("", {}))
    if "chosen" in parts:
        changed["chosen"] = {**settings.chosen, **parts.pop("chosen")}
    for part, values in parts.items():
        changed[part] = replace(getattr(settings, part), **values)
    return replace(settings, **changed)


def _one_of(name: str, value: Any, known: Mapping[str, Any]) -> None:
    if value not in known:
        raise InputError(f"{name} must be {' or '.join(known)}, not {value!r}")


def _text(name: str, text: Any) -> str:
    if not isinstance(text, str):
        raise InputError(f"{name}: give one option, not {text!r}")
    return text


def _number(name: str, text: Any) -> Fraction:
    number = exact(_text(name, text), name)
    if number and not LEAST <= abs(number) <= 1 / LEAST:
        raise InputError(
            f"{name}: {text} is no number that doubles can take; give one between 1e-100 and 1e100"
        )
    return number


def _whole(name: str, text: Any) -> int:
    number = _number(name, text)
    if number.denominator != 1:
        raise InputError(f"{name}: {text} is not a whole number")
    return int(number)


def _yes(name: str, text: Any) -> bool:
    if text not in ("yes", "no"):
        raise InputError(f"{name} must be yes or no, not {text!r}")
    return text == "yes"


def _range(name: str, text: Any) -> tuple[float, float]:
    ends = [text, text] if isinstance(text, str) else text
    if len(ends) != 2:
        raise InputError(f"{name}: give a range as LOW,HIGH, not {text!r}")
    low, high = (float(_number(name, end)) for end in ends)
    return low, high


LEAST = Fraction(1, 10**100)  # products of three such numbers are still doubles
# Name on the command line: the part of the settings, the attribute there, and how it is read.
PARAMETERS: dict[str, tuple[str, str, Callable[[str, Any], Any]]] = {
    **{name: ("chosen", name, _text) for name in RULE_CHOICES},
    "w1": ("weights", "w1", _number),
    "w2": ("weights", "w2", _number),
    "mu": ("weights", "mu", _number),
    "capacity": ("weights", "capacity", _whole),
    "path": ("costs", "path", _text),
    "cost": ("costs", "value", _text),
    "share": ("costs", "share", _number),
    **{f.name: ("ranges", f.name, _range) for f in fields(Ranges) if f.name != "importance"},
    "importance": ("ranges", "importance", _text),
    "capabilities": ("", "capabilities", _text),
    "covered": ("", "covered", _yes),
    "average": ("", "average", _text),
}


def _value_of(settings: Settings, name: str) -> str:
    part, attribute, _ = PARAMETERS[name]
    if part == "chosen":
        return options(settings.chosen)[name]
    value = getattr(getattr(settings, part) if part else settings, attribute)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(f"{x:g}" for x in value) if isinstance(value, tuple) else str(value)
