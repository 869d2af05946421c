"""The engine for greedy rules, for any number of agents and goods.

A greedy rule is a run over the agents in some order. What a run does is no formula over a few agents, so
the obligation is put together with lemmas that compare two runs agent by agent, each shown by induction
along the order in which the agents are taken up:

- with an agent and without it, the run accepts the same agents before that agent's turn;
- two worlds accept the same agents but for one who misreports, or before that one's turn;
- where two agents have swapped reports, each has the place of the other.

Lemmas are guessed from the runs that the obligation reads, and used once the solver has shown the step.

References
----------
Lehmann, O'Callaghan, Shoham, Truth Revelation in Approximately Efficient Combinatorial Auctions, JACM 49,
2002. Flanagan, Leino, Houdini, an Annotation Assistant for ESC/Java, FME 2001 (guess and check).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import sympy as sp

from mechanism.language import Greedy, Index, Truth, World, at
from proofs.engines.engine import Budget, NotAccepted, Result
from proofs.lowering.greedy import GreedyLowering, Run, exchanged
from proofs.lowering.speakers import TooManyNames
from proofs.lowering.terms import condition, iff, implies, negate
from proofs.solver import Answer, solve
from properties.property import Obligation

ID = "greedy"
STEP_RLIMIT = 2_000_000  # a step that is true takes a quarter of this at most
MAX_ALTERNATIVES = 16

Literal = tuple[Any, bool]  # a condition, and whether it holds


@dataclass(frozen=True)
class Lemma:
    """That two runs accept the same agents.

    Parameters
    ----------
    kind : str
        ``before`` the pivot's turn in the first run, all ``but`` the pivot, or with two agents in each
        other's place (``swap``).
    one, other : Run
    pivot : z3 constant, optional
    """

    kind: str
    one: Run
    other: Run
    pivot: Any = None

    @property
    def id(self) -> tuple:
        return (self.kind, self.one.id, self.other.id, str(self.pivot))

    @property
    def about_roles(self) -> bool:
        """Whether it names no agents but the roles of the property."""
        roles = [c for c, _ in self.one.low.roles.values()]
        named = [c for run in (self.one, self.other) for _, c in run.parameters]
        named += [] if self.pivot is None else [self.pivot]
        return all(any(c.eq(r) for r in roles) for c in named)

    def on(self, low: GreedyLowering) -> Lemma:
        """The same lemma, read in another lowering that has its names."""
        return replace(self, one=low.take(self.one), other=low.take(self.other))

    def says(self, low: GreedyLowering, agent: Any) -> Any:
        if self.kind == "swap":
            return iff(self.one.accepted(agent), self.other.accepted(low.twins[agent.get_id()]))
        guard = agent != self.pivot if self.kind == "but" else self.one.before(agent, self.pivot)
        return implies(guard, iff(self.one.accepted(agent), self.other.accepted(agent)))

    def __str__(self) -> str:
        who = str(self.pivot).split("!")[0]
        if self.kind == "swap":
            where = "with the two who swap in each other's place"
        else:
            where = f"for everybody before {who}'s turn" if self.kind == "before" else f"for all but {who}"
        return f"{_words(self.one)} and {_words(self.other)} accept the same agents, {where}"


def prove(obligation: Obligation, budget: Budget) -> Result:
    """Show that no number of agents and goods gives a violation, or say why that was not shown."""
    try:
        if not any(part.has(Greedy) for part in (obligation.rule.allocation, obligation.rule.payment)):
            raise NotAccepted("the rule has no Greedy operator")
        return _Attempt(obligation, budget).result()
    except TooManyNames as reason:
        return Result("unknown", str(reason))
    except NotAccepted as reason:
        return Result("not-accepted", str(reason))


class _Attempt:
    """One try at an obligation, and what it used."""

    def __init__(self, obligation: Obligation, budget: Budget) -> None:
        self.obligation, self.budget = obligation, budget
        self.smt2: list[tuple[str, str]] = []
        self.steps: list[str] = []
        self.lemmas: list[str] = []
        self.names: dict[tuple, str] = {}
        self.known: dict[tuple, bool] = {}  # steps that speak of roles only, and what came of them
        self.rlimit = 0

    def result(self) -> Result:
        cases = alternatives(self.obligation.violation)
        for number, case in enumerate(cases, 1):
            label = f" (case {number} of {len(cases)})" if len(cases) > 1 else ""
            if why := _Case(self, case, label).open():
                return Result("unknown", why + label, rlimit=self.rlimit)
        if why := self.premises_open():
            return Result("unknown", why, rlimit=self.rlimit)
        return Result(
            "proved", self.reason(), steps=tuple(self.steps), smt2=tuple(self.smt2), rlimit=self.rlimit
        )

    def reason(self) -> str:
        given = "; ".join(self.lemmas)
        shown = f"by induction along the order in which agents are taken up: {given}. Then no" if given else "no"
        return (
            f"{shown} agents and goods that a violation would name give one; keys, sizes of sets and the"
            " fixed priority are arbitrary, so this holds for any number of agents and of goods and for"
            " every priority"
        )

    def premises_open(self) -> str:
        """Why it is not known that the premises can be met: a proof from contradictory ones is none."""
        low = lower(self.obligation, ())
        low.close()
        answer = self.ask(low, "premises", self.budget.rlimit)
        if answer.status != "sat":
            return "the premises cannot be met" if answer.status == "unsat" else f"premises: {answer.reason}"
        self.steps.append("the premises can be met: satisfiable")
        return ""

    def ask(self, low: GreedyLowering, name: str, rlimit: int) -> Answer:
        left = self.budget.rlimit - self.rlimit
        if left <= 0:
            raise TooManyNames("the resource limit was reached")
        answer = solve(low.assertions, rlimit=min(rlimit, left), seed=self.budget.seed)
        self.rlimit += answer.rlimit
        if answer.status == "unsat" or name == "premises":
            rule, said = self.obligation.rule.id, self.obligation.property.id
            self.smt2.append((f"{rule}-{said}-{name.replace(' ', '-')}", answer.text))
        return answer


class _Case:
    """One alternative of the violation: the lemmas that hold, and whether it is impossible."""

    def __init__(self, attempt: _Attempt, case: tuple[Literal, ...], label: str) -> None:
        self.attempt, self.case, self.label = attempt, case, label
        self.obligation = attempt.obligation
        self.plain = tuple(literal for literal in case if _compares_roles(literal[0]))
        self.names = attempt.names
        probe = lower(self.obligation, case, self.names, unfolding=False)
        known = {c.get_id() for c in probe.constants["agent"]}
        probe.close()
        self.runs = [r for r in probe.runs.values() if known.issuperset(r.id[1:])]
        self.proved: list[Lemma] = []

    def open(self) -> str:
        """Why the case could not be closed, or an empty string."""
        first, more = guesses(self.runs, self.obligation)
        rounds = [(first, True), (more, True), (first + more, False)]
        why = ""
        for lemmas, by_itself in rounds:
            if why and not lemmas:
                continue
            found = [self.try_step(lemma, by_itself) for lemma in lemmas]
            if why and not any(found):
                continue
            if not (why := self.closed()):
                return ""
        return why

    def closed(self) -> str:
        # Where runs take each other's place, why an agent is accepted does not matter; try that first.
        swaps = any(lemma.kind == "swap" for lemma in self.proved)
        for unfolding in (False, True) if swaps else (True,):
            low = self.lower(self.case, self.proved, unfolding)
            low.close()
            answer = self.attempt.ask(low, f"main{self.label}", self.attempt.budget.rlimit)
            if answer.status == "unsat":
                break
        if answer.status == "unsat":
            size = f"{len(low.assertions)} instances over {len(low.constants['agent'])} agents"
            self.attempt.steps.append(f"{self.obligation.property.id}{self.label}: {size}, unsatisfiable")
            return ""
        if answer.status == "sat":
            return "the lemmas that were shown do not exclude a violation"
        return answer.reason

    def try_step(self, lemma: Lemma, by_itself: bool) -> bool:
        """Show a lemma by induction, from the premises `by_itself`, or from the violation too."""
        if any(_stronger(known, lemma) for known in self.proved):
            return False
        key = (lemma.id, self.plain) if by_itself and lemma.about_roles else None
        known = self.attempt.known
        if key is not None and (known.get(key) or known.get((lemma.id, ()))):
            self.proved.append(lemma)
            return True
        if key in known:
            return False
        if by_itself:
            low, here = alone(lemma, self.obligation, self.plain, self.names)
        else:
            low = self.lower(self.case, self.proved)
            here = lemma.on(low)
        assume_step(low, here)
        low.close()
        name = f"step {len(self.attempt.lemmas) + 1}{self.label}"
        answer = self.attempt.ask(low, name, min(STEP_RLIMIT, self.attempt.budget.rlimit))
        if key is not None:
            known[key] = answer.status == "unsat"
        if answer.status != "unsat":
            return False
        self.proved.append(lemma)
        if str(lemma) not in self.attempt.lemmas:
            self.attempt.lemmas.append(str(lemma))
        self.attempt.steps.append(f"{lemma}: induction step unsatisfiable")
        return True

    def lower(self, case: tuple[Literal, ...], lemmas: list[Lemma], unfolding: bool = True) -> GreedyLowering:
        """Premises, a case and lemmas; names that were made before the closure are made again alike."""
        low = lower(self.obligation, case, self.names, unfolding=unfolding)
        for lemma in lemmas:
            here = lemma.on(low)
            low.axiom("agent", lambda c, here=here: here.says(low, c))
        return low


def lower(
    obligation: Obligation,
    case: tuple[Literal, ...],
    names: dict[tuple, str] | None = None,
    roles: set[Index] | None = None,
    unfolding: bool = True,
) -> GreedyLowering:
    """The premises and one alternative of the violation, before they are instantiated.

    `roles` are the agents that axioms are instantiated for; without it, all that the worlds and the
    alternative speak of.
    """
    low, rule = GreedyLowering(obligation, names), obligation.rule
    low.unfolding = unfolding
    if roles is None:
        roles = {r for r in obligation.roles if not case or any(r in e.free_symbols for e, _ in case)}
    for world in obligation.worlds.values():
        roles |= {*world.absent, *(r for who, _, whose in world.reports for r in (who, whose))}
    low.keep(roles)
    for premise in obligation.premises:
        low.demand(premise)
    for expr, holds in case:
        low.demand(expr, holds)

    def admitted(c: Any, world: World = World("everybody")) -> bool:
        low.demand(rule.admissible, True, {**low.roles, rule.agent: (c, True)}, world)
        return True

    low.axiom("agent", admitted)
    for world in obligation.worlds.values():
        for assumption in rule.assumptions:
            low.demand(assumption, world=world)
        if not world.absent:
            for who, _, _ in world.reports:
                admitted(low.roles[who][0], world)
    return low


def alone(
    lemma: Lemma, obligation: Obligation, case: tuple[Literal, ...], names: dict[tuple, str]
) -> tuple[GreedyLowering, Lemma]:
    """The premises, and the lemma about any agents: those that are no roles get names of their own."""
    runs = (lemma.one, lemma.other)
    named = {lemma.pivot, *(c for run in runs for _, c in run.parameters)} - {None}
    first = GreedyLowering(obligation).roles
    low = lower(obligation, case, names, {r for r, (c, _) in first.items() if any(c.eq(n) for n in named)})
    of_roles = [c for c, _ in low.roles.values()]
    given = {c.get_id(): c if any(c.eq(r) for r in of_roles) else low.new("agent", "given") for c in named}
    one, other = (
        low.take(replace(run, parameters=tuple((s, given[c.get_id()]) for s, c in run.parameters)))
        for run in runs
    )
    pivot = None if lemma.pivot is None else given[lemma.pivot.get_id()]
    return low, Lemma(lemma.kind, one, other, pivot)


def assume_step(low: GreedyLowering, lemma: Lemma) -> None:
    """The lemma holds before the turn of some agent, and not for that agent."""
    agent = low.new("agent", "next")
    low.axiom("agent", lambda c: implies(lemma.one.before(c, agent), lemma.says(low, c)))
    low.unfold(lemma.one, agent)
    low.unfold(lemma.other, low.twins[agent.get_id()] if lemma.kind == "swap" else agent)
    low.assume(condition(negate(lemma.says(low, agent))))


def guesses(runs: list[Run], obligation: Obligation) -> tuple[list[Lemma], list[Lemma]]:
    """Lemmas worth trying, and those to try if these are not enough."""
    swapped = any(exchanged(w) for w in obligation.worlds.values())
    first: list[Lemma] = []
    more: list[Lemma] = []
    for one, other in combinations(runs, 2):
        if one.order != other.order:
            continue
        mine, theirs = ({c.get_id(): c for _, c in r.parameters} for r in (one, other))
        if one.world.name == other.world.name:
            if one.node.where != other.node.where:
                pivots = [c for n, c in (mine | theirs).items() if (n in mine) != (n in theirs)]
                (more if swapped else first).extend(Lemma("before", one, other, pivot) for pivot in pivots)
        elif swapped:
            if one.node.where == other.node.where:
                first.append(Lemma("swap", one, other))
        else:
            for pivot in (one.low.roles[r][0] for r in obligation.said):
                if one.node.where == other.node.where:
                    first.append(Lemma("but", one, other, pivot))
                more += [Lemma("before", one, other, pivot), Lemma("before", other, one, pivot)]
    return first, more


def alternatives(expr: Any, holds: bool = True) -> list[tuple[Literal, ...]]:
    """A condition (or its negation) as alternatives, each a conjunction."""
    found = _alternatives(expr, holds)
    return found if len(found) <= MAX_ALTERNATIVES else [((expr, holds),)]


def _alternatives(expr: Any, holds: bool) -> list[tuple[Literal, ...]]:
    if isinstance(expr, sp.Not):
        return _alternatives(expr.args[0], not holds)
    if isinstance(expr, Truth):
        bindings = dict(expr.bindings)
        inner = _alternatives(expr.expr, holds)
        return [tuple((at(expr.world, e, bindings), h) for e, h in case) for case in inner]
    if isinstance(expr, sp.And if holds else sp.Or):
        parts = [_alternatives(a, holds) for a in expr.args]
        return [sum(case, ()) for case in product(*parts)]
    if isinstance(expr, sp.Or if holds else sp.And):
        return [case for a in expr.args for case in _alternatives(a, holds)]
    return [((expr, holds),)]


def _compares_roles(expr: Any) -> bool:
    """Whether a condition only says which roles are the same agent."""
    nodes = sp.preorder_traversal(expr)
    return all(isinstance(n, (Index, sp.Eq, sp.Ne, sp.And, sp.Or, sp.Not, Truth)) or not n.args for n in nodes)


def _stronger(known: Lemma, lemma: Lemma) -> bool:
    """Whether a lemma adds nothing to one that is known."""
    if {known.one.id, known.other.id} != {lemma.one.id, lemma.other.id}:
        return False
    return known.id == lemma.id or (known.kind == "but" and known.pivot.eq(lemma.pivot))


def _words(run: Run) -> str:
    who = {s: str(c).split("!")[0] for s, c in run.parameters}
    where = run.node.where
    if where == sp.true:
        which = "the run"
    elif isinstance(where, sp.Ne) and len(who) == 1 and run.node.var in where.args:
        which = f"the run without {next(iter(who.values()))}"
    else:
        which = f"the run where {where}"
    return f"{which} in the world '{run.world.name}'"
