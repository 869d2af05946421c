"""A rule: a mechanism written once, symbolically, for any number of agents.

An auction tells agents apart by what they report. A menu under private information is a rule, too, in
its type-agent form (Harsanyi 1967): its agents are the types of one person, and nobody reports anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from mechanism.choice import Choice
from mechanism.claim import Claim, fails, holds
from mechanism.errors import InputError, RuleError
from mechanism.fixing import fixed
from mechanism.language import (
    Applied,
    Computed,
    Entry,
    Family,
    First,
    Flag,
    ForAll,
    Greedy,
    Index,
    Nth,
    Procedure,
    Rounds,
    agents,
    constant,
    is_index,
)
from mechanism.language.door import admit
from mechanism.setting import Setting, reported, single_item

if TYPE_CHECKING:
    import numpy as np

    from mechanism.outcome import Outcome

TIES = ("lowest-index", "highest-index", "any")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A mechanism.

    Parameters
    ----------
    id : str
        Lowercase with hyphens.
    allocation : expression over `agent` (and `good`)
        How much the agent gets. For a public decision, the chosen outcome.
    payment : expression over `agent`
        What the agent pays; negative when it receives.
    reports : Family or tuple of Family
        What each agent reports; nothing for a menu, whose agents are types.
    setting : callable
        One of `mechanism.setting`, applied to the rule.
    ties : str
        ``lowest-index``, ``highest-index``, or ``any``: how equal candidates are told apart.
    min_agents : int
        The smallest number of agents for which the rule is meant.
    max_agents : int, optional
        The largest, where there is one.
    called : str
        What an agent of this rule is called in reports, for example ``type``.
    admissible : condition over `agent`
        Which reports (and types) of an agent are admitted, beyond the domains of the families.
    assumptions : tuple of condition
        What is assumed of the parameters, beyond their domains; what the setting assumes is added.
    sizes : mapping of str to (int, int)
        For sorts other than the agents, the sizes that finite checks range over.
    solver : str
        ``module:function`` that runs the rule where its outcomes are many: it takes the rule and the
        tables of the types and parameters by name, exact and nested, and returns the same `Outcome`. A variant with
        another allocation or payment must not keep it.
    choices : tuple of Choice
        What the rule's source leaves open, given like parameters; `remake` writes the rule for them.
    remake : callable
        Takes an option for some of the choices, by name, and returns the rule.
    carried : tuple of Family
        Parameters that belong to the agent and move with it when agents swap places.
    claims : tuple of Claim
    references : tuple of str

    Raises
    ------
    RuleError
        For a float, a free index, or an unknown tie policy.

    Examples
    --------
    >>> from sympy import Eq, Ne, Piecewise
    >>> from mechanism import ArgMax, Highest, Rule, agents, report
    >>> i, j = agents("i j")
    >>> b = report("b")
    >>> winner = ArgMax(b[j], j)
    >>> price = Highest(b[j], j, where=Ne(j, winner))
    >>> rule = Rule(id="vickrey", reports=b, agent=i,
    ...             allocation=Piecewise((1, Eq(i, winner)), (0, True)),
    ...             payment=Piecewise((price, Eq(i, winner)), (0, True)))
    >>> rule.run([3, 7, 5]).payments
    (Fraction(0, 1), Fraction(5, 1), Fraction(0, 1))
    """

    id: str
    allocation: Any
    payment: Any
    reports: Any
    setting_of: Callable[[Rule], Setting] = single_item
    title: str = ""
    summary: str = ""
    agent: Index = field(default_factory=lambda: agents("i"))
    good: Index | None = None
    ties: str = "lowest-index"
    min_agents: int = 1
    max_agents: int | None = None
    called: str = "agent"
    admissible: Any = sp.true
    assumptions: tuple[Any, ...] = ()
    sizes: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    solver: str = ""
    choices: tuple[Choice, ...] = ()
    remake: Callable[..., Rule] | None = None
    carried: tuple[Family, ...] = ()
    claims: tuple[Claim, ...] = ()
    references: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        put = lambda name, value: object.__setattr__(self, name, value)  # noqa: E731
        if isinstance(self.reports, Family):
            put("reports", (self.reports,))
        put("sizes", MappingProxyType(dict(self.sizes)))
        put("given", MappingProxyType(dict(self.given)))
        for part in ("allocation", "payment", "admissible"):
            put(part, constant(getattr(self, part), f"{self.id}: {part}"))
        if self.ties not in TIES:
            raise RuleError(f"{self.id}: ties must be one of {', '.join(TIES)}, not {self.ties!r}")
        for part in ("allocation", "payment", "admissible"):
            allowed = {self.agent} | ({self.good} if self.good is not None else set())
            loose = {s for s in getattr(self, part).free_symbols if isinstance(s, Index)} - allowed
            if loose:
                names = ", ".join(sorted(s.name for s in loose))
                raise RuleError(f"{self.id}: {part} leaves the index {names} free; bind it or use "
                                f"'{self.agent}'")  # fmt: skip
            stray = {
                s for s in getattr(self, part).free_symbols if not isinstance(s, (Index, Family))
            }
            if stray:
                names = ", ".join(sorted(s.name for s in stray))
                raise RuleError(f"{self.id}: {part} uses the plain symbol {names}; make it with "
                                "report(...) or parameter(...)")  # fmt: skip
        for part in ("allocation", "payment", "admissible"):
            admit(getattr(self, part), f"{self.id}: {part}")
            if isinstance(getattr(self, part), Boolean) != (part == "admissible"):
                kind = "a condition" if part == "admissible" else "a number, not a condition"
                raise RuleError(f"{self.id}: {part} must be {kind}")
        if is_index(self.payment):
            raise RuleError(f"{self.id}: payment must be a number, not {self.payment}")
        more = [a for a in self.setting.assumptions if not _said(a, self.assumptions)]
        if more:
            put("assumptions", (*self.assumptions, *more))

    def __reduce__(self) -> tuple:
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values |= {name: dict(values[name]) for name in ("sizes", "given")}
        return _rebuild, (values,)

    @cached_property
    def procedures(self) -> tuple[Procedure, ...]:
        """What computes outcomes that no formula tells."""
        found = self.allocation.atoms(Procedure) | self.payment.atoms(Procedure)
        return tuple(sorted(found, key=str))

    @cached_property
    def queued(self) -> bool:
        """Whether agents stand in a fixed queue, which their order is (`First`, `Greedy`)."""
        return any(part.has(First, Greedy) for part in (self.allocation, self.payment))

    @cached_property
    def rounds(self) -> Rounds | None:
        """The procedure, where the auction has several rounds."""
        computed = self.allocation.atoms(Computed) | self.payment.atoms(Computed)
        found = {c.procedure for c in computed if isinstance(c.procedure, Rounds)}
        return found.pop() if len(found) == 1 else None

    @property
    def exchangeable(self) -> bool:
        """Whether agents are told apart by nothing but their reports, parameters, the tie policy and the queue.

        Of a procedure it is not known; a list by place (`Nth`) tells everybody apart.
        """
        if any(part.has(Computed, Nth) for part in (self.allocation, self.payment)):
            return False
        given = {f.name for f in self.parameters if "agent" in f.over and f.name in self.given}
        return not given

    @cached_property
    def setting(self) -> Setting:
        """The setting, with every expression written for this rule."""
        return self.setting_of(self)

    def parts(self) -> Iterator[Any]:
        """Every expression that is part of the rule."""
        yield from (self.allocation, self.payment, self.admissible, *self.assumptions)
        yield from (c.condition for c in self.claims)

    @cached_property
    def parameters(self) -> tuple[Family, ...]:
        """The families the auction fixes, by name; those set by `with_parameters` are gone."""
        found: set[Family] = set()
        for part in (self.allocation, self.payment, self.admissible, *self.assumptions,
                     *self.setting_parts):  # fmt: skip
            for node in part.atoms(Entry, Flag, Applied):
                found.add(node.family)
        kinds = ("parameter", "function")
        return tuple(sorted((f for f in found if f.kind in kinds), key=lambda f: f.name))

    @property
    def setting_parts(self) -> tuple[Any, ...]:
        """Every expression of the setting."""
        values = (getattr(self.setting, f.name) for f in fields(self.setting))
        return tuple(e for e in values if isinstance(e, sp.Basic))

    @property
    def fixed_size(self) -> int | None:
        """The number of agents, where only one is meant or a parameter is given agent by agent."""
        tables = [
            self.given[f.name]
            for f in self.parameters
            if f.name in self.given and f.over[:1] == ("agent",)
        ]
        if tables:
            return len(tables[0])
        return self.min_agents if self.min_agents == self.max_agents else None

    @property
    def sorts(self) -> tuple[str, ...]:
        """The sorts that need a size: always the agents, then goods, slots or outcomes."""
        return ("agent", *self.sizes)

    def with_ties(self, ties: str) -> Rule:
        """The same rule under another tie policy."""
        return replace(self, ties=ties)

    def with_parameters(self, **values: Any) -> Rule:
        """Fix parameters, for example ``rule.with_parameters(reserve=2)``.

        A single number is written into the rule; a list gives one entry for each index and fixes
        the size of that sort. The name of a sort (``good=2``) fixes its size.

        Raises
        ------
        InputError
            For a name the rule does not have, or a value outside its domain.
        """
        rule, had = self, {f.name for f in self.parameters}
        for name, value in values.items():
            if name in had - {f.name for f in rule.parameters}:
                raise InputError(
                    f"{self.id}: the parameter '{name}' drops out for {', '.join(_fixed_here(self, rule))}; leave it out"
                )
            rule = fixed(rule, name, value)
        return rule

    def run(self, *reports: Any, order: Sequence[int] | None = None, **parameters: Any) -> Outcome:
        """Run the auction once, exactly. See `mechanism.evaluate.run`."""
        from mechanism.evaluate.run import run

        rule, rest = self._with_options(parameters)
        return run(rule, reports, rest, order)

    def run_batch(self, *reports: np.ndarray, **parameters: Any) -> Any:
        """Run the auction on a batch of report profiles. See `mechanism.evaluate.run`."""
        from mechanism.evaluate.run import run_batch

        rule, rest = self._with_options(parameters)
        return run_batch(rule, reports, rest)

    def _with_options(self, parameters: Mapping[str, Any]) -> tuple[Rule, dict[str, Any]]:
        """The rule for the options among some parameters, and the other parameters."""
        names = {c.name for c in self.choices} & parameters.keys()
        rule = self.with_parameters(**{n: parameters[n] for n in names})
        return rule, {n: v for n, v in parameters.items() if n not in names}


def _fixed_here(before: Rule, after: Rule) -> list[str]:
    return [f"{n} = {v}" for n, v in after.given.items() if n not in before.given]


def _said(needed: ForAll, assumptions: Sequence[Any]) -> bool:
    """Whether an assumption is among some, whatever its bound index is called."""
    foralls = (a for a in assumptions if isinstance(a, ForAll))
    return any(a.xreplace({a.var: needed.var}) == needed for a in foralls)


def _rebuild(values: dict[str, Any]) -> Rule:
    return Rule(**values)


__all__ = ["Claim", "Rule", "TIES", "fails", "holds", "reported"]
