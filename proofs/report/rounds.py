"""A counterexample of an auction of several rounds, told round by round."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from mechanism.evaluate.exact import Exact
from mechanism.evaluate.rounds.exact import Trace, run
from mechanism.instance import Instance
from mechanism.language import Index, Rounds
from properties.property import Obligation

HEADS = {"truth": "with truthful reports", "lie": "with the deviating report"}


def told(obligation: Obligation, instance: Instance) -> list[str]:
    """What happens in each world, one line for each round; nothing where there is only one round."""
    rounds = obligation.rule.rounds
    if rounds is None:
        return []
    read = Exact(instance, obligation.rule.ties, obligation.worlds, obligation.roles)
    lines = []
    for name, world in obligation.worlds.items():
        trace = run(rounds, read, world)
        there = read.domain("agent", world)
        lines.append(f"{HEADS.get(name, f'in the world {name!r}')}:")
        for number in range(len(trace.rounds)):
            happens = "; ".join(_happens(rounds, trace, number, there, instance))
            lines.append(f"  round {number + 1}: {happens}")
        lines.append(f"  then {_ending(rounds, trace)}")
    return lines


def _happens(
    rounds: Rounds, trace: Trace, number: int, there: tuple, instance: Instance
) -> Iterator[str]:
    """What is to be told of a round."""
    now, last = trace.rounds[number], number + 1 == len(trace.rounds)
    after = trace.last if last else trace.rounds[number + 1].states
    known = {**now.states, **now.terms}
    for text, flag, figure in rounds.telling:
        changes = flag.family in rounds.remembered
        if changes and last:
            continue  # nobody acts on it any more
        for place in product(*(_elements(i, there, instance) for i in flag.index)):
            if changes and entry(after, flag, place) == entry(known, flag, place):
                continue
            if not changes and not entry(known, flag, place):
                continue
            number_told = entry({**known, **after} if changes else known, figure, place)
            names = {i.sort: e for i, e in zip(flag.index, place, strict=True)}
            yield text.format(number=Fraction(number_told), **names)


def _elements(index: Index, there: tuple, instance: Instance) -> tuple:
    return there if index.sort == "agent" else instance.domain(index.sort)


def entry(tables: Any, what: Any, place: tuple) -> Any:
    """One entry of a table of a round."""
    table = tables[what.family.name]
    for element in place:
        table = table[element]
    return table


def _ending(rounds: Rounds, trace: Trace) -> str:
    got = [n for row in trace.outcome.allocation for n, share in enumerate(row) if share]
    goods = len(trace.outcome.allocation[0]) if trace.outcome.allocation else 0
    left = [str(n) for n in range(goods) if n not in got]
    over = f"; left over: {', '.join(left)}" if left else ""
    return f"nobody goes on{over}"
