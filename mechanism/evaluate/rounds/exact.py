"""Auctions of several rounds, run exactly and told round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from mechanism.errors import RuleError
from mechanism.language import Index, Rounds, World
from mechanism.outcome import Outcome

if TYPE_CHECKING:
    from mechanism.evaluate.exact import Exact

MANY = 10_000  # rounds: a run that is longer is taken for one without end
Table = Any  # nested tuples, one level for each index of a family; a bare value where there is none


@dataclass(frozen=True)
class Round:
    """One round.

    Parameters
    ----------
    states : mapping of str to table
        What is remembered when the round begins, by the name of the family.
    terms : mapping of str to table
        What is worked out in it.
    """

    states: Mapping[str, Table]
    terms: Mapping[str, Table]


@dataclass(frozen=True)
class Trace:
    """A whole run.

    Parameters
    ----------
    rounds : tuple of Round
    last : mapping of str to table
        The states in which nobody goes on.
    outcome : Outcome
    """

    rounds: tuple[Round, ...]
    last: Mapping[str, Table]
    outcome: Outcome


def run(rounds: Rounds, read: Exact, world: World) -> Trace:
    """Run a procedure on the instance, and in the world, that `read` evaluates.

    Raises
    ------
    RuleError
        Where a round changes nothing, or after very many rounds.
    """
    states = {s.entry.family.name: _table(read, s.entry, s.initial, world) for s in rounds.states}
    done: list[Round] = []
    while True:
        here = read.knowing(states)
        terms: dict[str, Table] = {}
        for entry, value in rounds.terms:
            terms[entry.family.name] = _table(here, entry, value, world)
            here = read.knowing({**states, **terms})
        if not here(rounds.guard, world=world):
            return Trace(tuple(done), states, _outcome(rounds, here, world))
        done.append(Round(states, terms))
        following = {
            s.entry.family.name: _table(here, s.entry, s.update, world) for s in rounds.states
        }
        if following == states or len(done) == MANY:
            raise RuleError(f"nothing ends the auction: it still goes on in round {len(done)}")
        states = following


def clear(rounds: Rounds, read: Exact, world: World) -> bool:
    """Whether no tie is broken in any round of a run."""
    trace = run(rounds, read, world)
    return all(
        read.knowing({**r.states, **r.terms})(rounds.clear_choices, world=world)
        for r in trace.rounds
    )


def _table(read: Exact, entry: Any, value: Any, world: World) -> Table:
    """A value for each index of an entry; of those absent, too, which no operator ranges over."""
    return _nested(read, entry.index, value, world, {})


def _nested(read: Exact, left: Sequence[Index], value: Any, world: World, env: dict) -> Table:
    if not left:
        return read(value, env, world)
    first, *rest = left
    everything = read.instance.domain(first.sort)
    return tuple(_nested(read, rest, value, world, {**env, first: e}) for e in everything)


def _outcome(rounds: Rounds, read: Exact, world: World) -> Outcome:
    i, t = rounds.agent, rounds.good
    there, goods = read.domain("agent", world), read.instance.domain(t.sort)
    got = {(a, g): read(rounds.allocation, {i: a, t: g}, world) for a, g in product(there, goods)}
    return Outcome(
        tuple(tuple(Fraction(got[a, g]) for g in goods) for a in there),
        tuple(Fraction(read(rounds.payment, {i: a}, world)) for a in there),
    )
