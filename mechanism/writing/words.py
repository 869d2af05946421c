"""Rules and properties in words: one readable line for a formula, a few for a whole rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sympy as sp

from mechanism.evaluate.reading import reading
from mechanism.language import Family
from mechanism.targets.foreign import foreign_of
from mechanism.writing.phrases import Phrases

if TYPE_CHECKING:
    from mechanism.rule import Rule

TIES = {
    "lowest-index": "the one with the lower number comes first",
    "highest-index": "the one with the higher number comes first",
    "any": "broken in any way, not necessarily the same for different reports",
}
QUEUE = "agents stand in a fixed queue that no report can change"


def words(expr: Any) -> str:
    """A formula of the rule language, or of a property, in words.

    Examples
    --------
    >>> from mechanism.language import Highest, Lowest, agents, report
    >>> from sympy import Ne
    >>> (i, j), b = agents("i j"), report("b")
    >>> words(Highest(b[j], j, where=Ne(j, i)))
    'the highest b[j] with j ≠ i'
    >>> words(Lowest(b[j], j) / 2)
    '(the lowest b[j])/2'
    """
    return Phrases().doprint(expr)


def describe(rule: Rule) -> list[str]:
    """A rule in words, line by line: what is sold, who gets it, who pays what, and on which terms.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> for line in describe(rule("second-price")):
    ...     print(line)
    sold: one good
    reports: b[i], real >= 0
    winner: the agent j with the highest b[j]
    agent i gets: 1 if i = winner, otherwise 0
    agent i pays: the highest b[j] with j ≠ winner if i = winner, otherwise 0
    ties: the one with the lower number comes first
    """
    read = reading(rule)
    public = rule.setting.id == "public"
    who = f"{rule.called} {rule.agent}"
    gets = f"{who} gets" + (f" of good {rule.good}" if rule.good is not None else "")
    lines = [
        f"{'decided' if public else 'sold'}: {rule.setting.title}",
        *([f"reports: {'; '.join(map(_family, rule.reports))}"] if rule.reports else []),
        *(f"{name}: {words(part)}" for name, part in read.parts),
        f"{'outcome' if public else gets}: {words(read.allocation)}",
        f"{who} pays: {words(read.payment)}",
        *([f"ties: {_ties(rule)}"] if rule.reports else []),
    ]
    if rule.parameters:
        lines.append(f"parameters: {'; '.join(_family(f) for f in rule.parameters)}")
    for choice in rule.choices:
        taken = rule.given.get(choice.name, choice.default)
        for option, meaning in choice.options.items():
            mark = " (taken)" if option == taken else ""
            lines.append(f"choice {choice.name}={option}{mark}: {meaning}")
    lines += [f"given: {name} = {_given(value)}" for name, value in rule.given.items()]
    assumed = [words(a) for a in rule.assumptions]
    if rule.admissible != sp.true:
        assumed.append(f"{words(rule.admissible)}, for every {who}")
    if rule.min_agents > 1:
        assumed.append(f"at least {rule.min_agents} {rule.called}s")
    return lines + [f"assumes: {line}" for line in assumed]


def _ties(rule: Rule) -> str:
    if foreign_of(rule) is not None:
        return "as the code breaks them"
    return QUEUE if rule.queued else TIES[rule.ties]


def _family(family: Family) -> str:
    letters = {"agent": "i", "good": "g", "bundle": "T", "outcome": "o", "slot": "q"}
    index = ", ".join(letters.get(sort, sort[0]) for sort in family.over)
    name = f"{family.name}[{index}]" if index else family.name
    if family.kind == "function":
        return f"{name}, a strictly increasing function"
    return f"{name}, {str(family.domain).replace('reals', 'real').replace('integers', 'integer')}"


def _given(value: Any) -> str:
    return f"({', '.join(map(_given, value))})" if isinstance(value, tuple) else str(value)
