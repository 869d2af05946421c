"""What a property asks of the outcomes, as the lines of a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.target import Target
from proofs.report.regression import matchings
from proofs.report.regression.literals import literal
from proofs.report.regression.opening import patience
from proofs.report.regression.reading import reading

# What an agent's value makes of what it gets, by setting.
WORTH = {
    "single-item": "value * gets[agent]",
    "units": "value * gets[agent]",
    "slots": "value * gets[agent]",
    "procurement": "-value * gets[agent]",
    "double": "(value if agent < {buyers} else -value) * gets[agent]",
    "assignment": "sum(v * got for v, got in zip(value, gets[agent]))",
    "public": "value[gets]",
}
SUPPLY = {"single-item": "1", "procurement": "1", "units": "{count}"}
# For each property: a condition over the `gets` and `pays` of the truthful outcome.
CONDITIONS = {
    "no-deficit": "sum(pays) >= -1e-9",
    "strong-budget-balance": "abs(sum(pays)) <= 1e-9",
    "no-positive-transfers": "min(pays) >= -1e-9",
    "losers-pay-nothing": "all(got or abs(paid) <= 1e-9 for got, paid in zip(gets, pays))",
}


@dataclass
class Call:
    """A call of the code, and what agents and goods are called in it."""

    args: list[Any]
    keywords: dict[str, Any]
    agents: list[Any]
    goods: list[Any]

    def text(self, target: Target) -> str:
        keywords = self.keywords
        if target.place.startswith("exec:"):
            keywords = {name: _as_json(value, target.numbers) for name, value in keywords.items()}
        parts = [literal(a) for a in self.args]
        return f"run({', '.join(parts + [f'{n}={literal(v)}' for n, v in keywords.items()])})"

    def read(self, target: Target) -> str:
        goods = f", {literal(self.goods)}" if self.goods else ""
        return f"outcome({self.text(target)}, {literal(self.agents)}{goods})"


def _as_json(value: Any, numbers: str) -> Any:
    if isinstance(value, (list, tuple)):
        return [_as_json(v, numbers) for v in value]
    if isinstance(value, Fraction) and numbers == "rational":
        return str(value)
    return float(value) if isinstance(value, Fraction) else value


@dataclass
class Seen:
    """What a test is made of: the calls of each world, their outcomes, and what is true of the agents."""

    property: str
    target: Target
    roles: dict[str, int]
    values: list[Any] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    expected: Outcome | None = None  # by a reference
    split: int = 0  # of two sides, how many are on the first
    hangs: bool = False


def utility(target: Target) -> str | None:
    """The function for what an agent is left with."""
    worth = WORTH.get(target.kind.id)
    if worth is None:
        return None
    worth = worth.format(buyers=target.kind.sides[0])
    return f"def utility(agent, value, gets, pays):\n    return {worth} - pays[agent]"


def assertions(seen: Seen) -> list[str]:
    """The lines of a test; none where a plain test cannot show it."""
    if seen.property in CONDUCT:
        return CONDUCT[seen.property](seen)
    if len(seen.outcomes) < len(seen.calls):
        return []
    if seen.target.kind.id == "matching":
        asserted = matchings.ASSERTIONS.get(seen.property)
        return asserted(seen) if asserted and matchings.readable(seen.target) else []
    if reading(seen.target) is None:
        return []
    if seen.property in UTILITIES and utility(seen.target):
        return UTILITIES[seen.property](seen)
    if seen.property == "conformance" and seen.expected is not None:
        return _as_expected(seen, seen.expected)
    condition = CONDITIONS.get(seen.property)
    if seen.property == "feasibility" and seen.target.kind.id in SUPPLY:
        most = SUPPLY[seen.target.kind.id].format(count=seen.target.kind.count)
        condition = f"sum(gets) <= {most} and all(0 <= got <= 1 for got in gets)"
    if condition and seen.target.kind.id not in ("public", "assignment", "combinatorial"):
        return [f"gets, pays = {seen.calls[0].read(seen.target)}", f"assert {condition}"]
    return _as_recorded(seen)


def _as_recorded(seen: Seen) -> list[str]:
    """Of other properties: the outcomes that broke them do not come again."""
    lines = ["found = ["]
    lines += [f"    {call.read(seen.target)}," for call in seen.calls]
    lines += ["]", "broken = ["]
    lines += [f"    ({literal(o.allocation)}, {literal(o.payments)})," for o in seen.outcomes]
    return [*lines, "]", "assert not same(found, broken)"]


def _as_expected(seen: Seen, due: Outcome) -> list[str]:
    """What a reference gives; at a tie, it may go to another with an equal report."""
    given = f"found = {seen.calls[0].read(seen.target)}"
    expected = f"({literal(due.allocation)}, {literal(due.payments)})"
    if len(set(seen.values)) == len(seen.values) or seen.target.kind.id not in SUPPLY:
        return [given, f"assert same(found, {expected})"]
    return [
        given,
        f"values = {literal(seen.values)}",
        f"expected = {expected}",
        "assert same(sorted(zip(values, *found)), sorted(zip(values, *expected)))",
    ]


def _no_gain(seen: Seen) -> list[str]:
    agent = seen.roles["i"]
    who = f"{agent}, {literal(seen.values[agent])}"
    truth, lie = (call.read(seen.target) for call in seen.calls)
    return [
        f"truthful = utility({who}, *{truth})",
        f"lying = utility({who}, *{lie})",
        "assert lying <= truthful + 1e-9",
    ]


def _no_loss(seen: Seen) -> list[str]:
    agent = seen.roles["i"]
    who = f"{agent}, {literal(seen.values[agent])}"
    return [f"assert utility({who}, *{seen.calls[0].read(seen.target)}) >= -1e-9"]


def _answers(seen: Seen) -> list[str]:
    call = seen.calls[0].text(seen.target)
    if seen.hangs and not seen.target.place.startswith("exec:"):  # programs have a limit anyway
        call = f"within({patience(seen.target):g}, lambda: {call})"
    return [f"{call}  # has an answer"]


def _leaves_alone(seen: Seen) -> list[str]:
    (call,) = seen.calls
    given = f"{literal(call.args)}, {literal(call.keywords)}"
    return [
        f"args, keywords = {given}",
        "before = deepcopy((args, keywords))",
        "run(*args, **keywords)",
        "assert repr((args, keywords)) == repr(before)",
    ]


UTILITIES = {"dsic": _no_gain, "ex-post-ir": _no_loss}
CONDUCT: dict[str, Callable[[Seen], list[str]]] = {
    "totality": _answers,
    "matching-totality": _answers,
    "unchanged-inputs": _leaves_alone,
    # What shows only in another process, or after other calls.
    "repeatability": lambda seen: [],
    "no-hidden-state": lambda seen: [],
    "seed-independence": lambda seen: [],
    "hash-independence": lambda seen: [],
}
