"""Auctions of several rounds in which an agent bids on one good at a time: their shape, taken apart.

Where a step rule has this shape, a round needs the whole table of agents and goods only once, when the
agents choose. The rest concerns a good and those who bid on it, or an agent and the good it bid on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp

from mechanism.evaluate.rounds.views import OtherShape, emptied, families, view
from mechanism.language import (
    ArgMax,
    Domain,
    Exists,
    Family,
    Flag,
    ForAll,
    Highest,
    Index,
    KthHighest,
    Rank,
    Rounds,
    Sum,
)

_FLAG = Domain(boolean=True)
_OVER = ((), ("agent",), ("good",), ("agent", "good"))
_OPERATORS = (ArgMax, Exists, ForAll, Highest, KthHighest, Rank, Sum)


@dataclass(frozen=True)
class Step:
    """A value in one of its views, and the family that it is kept under."""

    family: Family
    value: Any


@dataclass(frozen=True)
class Shape:
    """A step rule, taken apart.

    Parameters
    ----------
    given : tuple of Family
        What the rule reads, besides what it remembers or works out.
    bids : Family
        Whether an agent bids on a good: on one at the most.
    favourite, willing : expression
        The good an agent may bid on, in its view, and whether it does, in the pair's.
    terms : tuple of Step
        What else is worked out in a round, in the view of a good; of its bidders only.
    late : tuple of Step
        The same, but read only of those for whom the flag `won` is up.
    won : Family
    hoisted : tuple of Step
        Flags of an agent that has bid, in the view of the pair: what updates ask about its bid.
    agents, rows, pairs, goods : tuple of Step
        The updates of states: over agents; over agents and goods, of an agent for all goods; of an agent
        for the good it bid on; over goods. All but the last change nothing for an agent that does not bid.
    guard : tuple
        Conditions besides that somebody bids, over everything.
    """

    given: tuple[Family, ...]
    bids: Family
    favourite: Any
    willing: Any
    terms: tuple[Step, ...]
    late: tuple[Step, ...]
    won: Family
    hoisted: tuple[Step, ...]
    agents: tuple[Step, ...]
    rows: tuple[Step, ...]
    pairs: tuple[Step, ...]
    goods: tuple[Step, ...]
    guard: tuple[Any, ...]

    def asked(self, step: Step) -> list[Family]:
        """The hoisted flags of which at least one is up where an update changes something."""
        read = {family.name for family in families(step.value)}
        return [h.family for h in self.hoisted if h.family.name in read]


@lru_cache(maxsize=64)
def shape(rounds: Rounds) -> Shape:
    """Take a step rule apart.

    Raises
    ------
    OtherShape
        Saying what does not fit.
    """
    return _Maker(rounds).make()


class _Maker:
    def __init__(self, rounds: Rounds) -> None:
        self.rounds, self.agent, self.good = rounds, rounds.agent, rounds.good
        self.masks: set[Family] = set()  # flags that are down unless the agent bids on the good
        self.hoisted: list[Step] = []

    def make(self) -> Shape:
        r, i, t = self.rounds, self.agent, self.good
        if not r.terms:
            raise OtherShape("nothing is worked out in a round")
        given = sorted((f for f in families(r) if f.kind != "state"), key=lambda f: f.name)
        for family in given:
            if family.over not in _OVER:
                raise OtherShape(f"{family.name} is over something else than agents and goods")
        (first, value), *others = r.terms
        bids = first.family
        favourite, willing = self.choice(value)
        self.masks.add(bids)
        for entry, term in others:
            if entry.index != (i, t):
                raise OtherShape(f"{entry} is not over {i} and {t}")
            if any(self.is_mask(part) for part in sp.And.make_args(term)):
                self.masks.add(entry.family)
            self.only_bidders(term)
        updates = [(s.entry, s.update) for s in r.states]
        by_good = [(e, u) for e, u in updates if i not in e.index]
        by_agent = [(e, self.hoist(u)) for e, u in updates if i in e.index]
        won = self.won([u for _, u in by_agent], others)
        late = {e.family for e, v in others if won and self.is_late(e.family, others, updates, won)}
        agents, rows, pairs = self.sorted(by_agent, {e.family for e, _ in others} | {bids})
        for _, update in by_good:
            self.only_bidders(update)
        return Shape(
            tuple(given),
            bids,
            view(favourite, i),
            view(willing, i, t),
            tuple(self.steps([(e, v) for e, v in others if e.family not in late], t)),
            tuple(self.steps([(e, v) for e, v in others if e.family in late], t)),
            won or bids,
            tuple(self.hoisted),
            tuple(agents),
            tuple(rows),
            tuple(pairs),
            tuple(self.steps(by_good, t)),
            tuple(self.guard(bids)),
        )

    def steps(self, given: list, *fixed: Index) -> list[Step]:
        return [Step(e.family, view(v, *fixed)) for e, v in given]

    def choice(self, value: Any) -> tuple[Any, Any]:
        """Which good an agent bids on, if any, from ``Eq(t, favourite)`` among its conditions."""
        parts = list(sp.And.make_args(value))
        for part in parts:
            if isinstance(part, sp.Eq) and self.good in part.args:
                other = next(a for a in part.args if a != self.good)
                if isinstance(other, ArgMax) and self.good not in other.free_symbols:
                    parts.remove(part)
                    return other, sp.And(*parts)
        raise OtherShape("agents do not bid on one good that they prefer")

    def is_mask(self, node: Any) -> bool:
        return isinstance(node, Flag) and node.family in self.masks

    def only_bidders(self, expr: Any) -> None:
        """Check that whatever ranges over agents sees those only who bid."""
        for node in expr.atoms(*_OPERATORS):
            if node.var.sort != self.agent.sort:
                raise OtherShape(f"{node} ranges over another sort")
            if any(self.is_mask(p) and node.var in p.index for p in sp.And.make_args(node.where)):
                continue
            if not isinstance(emptied(node, self.masks), type(node)):
                continue
            raise OtherShape(f"{node} ranges over agents who do not bid")

    def hoist(self, update: Any) -> Any:
        """Replace "for some good, it bid and ..." by a flag of the agent, and keep what it means."""

        def walk(node: Any) -> Any:
            if isinstance(node, Exists) and node.var.sort == self.good.sort:
                asked = sp.And(node.body, node.where)
                if emptied(asked, self.masks) != sp.false:
                    raise OtherShape(f"{node} asks about goods that the agent does not bid on")
                meaning = view(asked.xreplace({node.var: self.good}), self.agent, self.good)
                for step in self.hoisted:
                    if step.value == meaning:
                        return step.family[self.agent]
                flag = Flag(
                    Family(f"asked {len(self.hoisted)}", "state", (self.agent.sort,), _FLAG),
                    self.agent,
                )
                self.hoisted.append(Step(flag.family, meaning))
                return flag
            if not node.args or isinstance(node, sp.Symbol):
                return node
            return node.func(*map(walk, node.args))

        return walk(update)

    def won(self, updates: list, terms: list) -> Family | None:
        """The last of the masks: those for whom it is up are the fewest."""
        found = [e.family for e, _ in terms if e.family in self.masks]
        return found[-1] if found else None

    def is_late(self, family: Family, terms: list, updates: list, won: Family) -> bool:
        """Whether a term is read only of those for whom the flag is up."""
        if family in self.masks:
            return False
        reads = [v for e, v in terms if e.family != family]
        reads += [emptied(u, {won}) for e, u in updates if self.agent in e.index]
        reads += [u for e, u in updates if self.agent not in e.index]
        return not any(family in families(expr) for expr in reads)

    def sorted(
        self, updates: list, terms: set[Family]
    ) -> tuple[list[Step], list[Step], list[Step]]:
        """Updates over agents, over whole rows, and over pairs; each leaves alone who does not bid."""
        down = self.masks | {step.family for step in self.hoisted}
        agents, rows, pairs = [], [], []
        for entry, update in updates:
            if emptied(update, down) != entry:
                raise OtherShape(f"{entry} changes for agents who do not bid")
            if entry.index == (self.agent,):
                agents.append(Step(entry.family, view(update, self.agent)))
            elif families(update) & terms:
                pairs.append(Step(entry.family, view(update, self.agent, self.good)))
                if families(update) & {step.family for step in self.hoisted}:
                    raise OtherShape(f"{entry} changes by what is asked of several goods at once")
            else:
                rows.append(Step(entry.family, view(update, self.agent)))
        return agents, rows, pairs

    def guard(self, bids: Family) -> list[Any]:
        """What has to hold besides that somebody bids."""
        parts = list(sp.And.make_args(self.rounds.guard))
        for one, other in ((self.agent, self.good), (self.good, self.agent)):
            somebody = Exists(Exists(bids[self.agent, self.good], one), other)
            if somebody in parts:
                parts.remove(somebody)
                return [view(part) for part in parts]
        raise OtherShape("rounds go on where nobody bids")
