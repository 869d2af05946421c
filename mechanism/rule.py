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
from mechanism.errors import InputError, RuleError
from mechanism.language import (
    Applied,
    Computed,
    Entry,
    Family,
    First,
    Flag,
    Greedy,
    Index,
    Nth,
    Procedure,
    Rounds,
    Sum,
    agents,
    constant,
    exact,
    is_index,
)
from mechanism.language.door import admit
from mechanism.setting import Setting, reported, single_item

if TYPE_CHECKING:
    import numpy as np

    from mechanism.outcome import Outcome

TIES = ("lowest-index", "highest-index", "any")


@dataclass(frozen=True)
class Claim:
    """What the literature, or the author, says of a property.

    Parameters
    ----------
    property : str
        The property's id, for example ``"dsic"``.
    holds : bool
        Whether it is claimed to hold (for all admissible parameters that meet `condition`).
    condition : sympy condition, optional
        Over the rule's parameters. With `otherwise`, the opposite is claimed where it is not met.
    reference : str
        Who says so.
    """

    property: str
    holds: bool = True
    condition: Any = sp.true
    reference: str = ""
    otherwise: bool = False

    def __str__(self) -> str:
        word = "holds" if self.holds else "fails"
        return word if self.condition == sp.true else f"{word} if {self.condition}"


def holds(
    property: str, reference: str = "", *, when: Any = sp.true, only_when: Any = None
) -> Claim:
    """Claim that a property holds, always or under a condition (`only_when`: and fails otherwise)."""
    condition = when if only_when is None else only_when
    return Claim(property, True, condition, reference, otherwise=only_when is not None)


def fails(property: str, reference: str = "", *, when: Any = sp.true) -> Claim:
    """Claim that a property does not hold for all admissible parameters."""
    return Claim(property, False, when, reference)


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
        What is assumed of the parameters, beyond their domains.
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
            for node in part.atoms(Entry, Flag) | part.atoms(Applied):
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
        rule = self
        for name, value in values.items():
            rule = rule._fix(name, value)
        return rule

    def _fix(self, name: str, value: Any) -> Rule:
        if name in self.sizes:
            size = exact(value, name)
            if size.denominator != 1 or size < 1:
                raise InputError(f"{name}: the number of {name}s must be a positive whole number")
            return replace(self, sizes={**self.sizes, name: (int(size), int(size))})
        choice = next((c for c in self.choices if c.name == name), None)
        if choice is not None:
            return self._choose(choice, value)
        family = next((f for f in self.parameters if f.name == name), None)
        if family is None:
            known = [f.name for f in self.parameters] + [c.name for c in self.choices]
            known += list(self.sizes)
            has = f"its parameters are {', '.join(known)}" if known else "it has no parameters"
            raise InputError(f"{self.id} has no parameter '{name}'; {has}")
        if not family.over:
            number = self.check(family, _without_floats(value, name))
            swap = {family[()]: sp.true if number is True else sp.false if number is False else sp.Rational(
                number.numerator, number.denominator)}  # fmt: skip
            put = lambda e: e.xreplace(swap)  # noqa: E731
            setting_of = self.setting_of
            fixed = replace(
                self,
                allocation=put(self.allocation),
                payment=put(self.payment),
                admissible=put(self.admissible),
                assumptions=tuple(
                    a for a in map(put, self.assumptions) if _agents_needed(a) is None
                ),
                min_agents=max(
                    [self.min_agents, *(_agents_needed(put(a)) or 0 for a in self.assumptions)]
                ),
                claims=tuple(replace(c, condition=put(c.condition)) for c in self.claims),
                setting_of=lambda rule: _put_setting(setting_of(rule), put),
                given={**self.given, name: number},
            )
            return fixed
        table = self.check_table(family, _without_floats(value, name))
        sort = family.over[0]
        sizes = dict(self.sizes)
        if sort in sizes:
            sizes[sort] = (len(table), len(table))
        return replace(self, given={**self.given, name: table}, sizes=sizes)

    def _choose(self, choice: Choice, value: Any) -> Rule:
        """The rule written anew for one more option; everything else that was fixed stays so."""
        assert self.remake is not None, f"{self.id} has choices, and so needs remake"
        names = {c.name for c in self.choices}
        chosen = {n: o for n, o in self.given.items() if n in names}
        chosen[choice.name] = choice.check(value)
        made = self.remake(**chosen)
        made = replace(made, given={**made.given, **chosen}, sizes=self.sizes, ties=self.ties)
        return made.with_parameters(**{n: v for n, v in self.given.items() if n not in names})

    def check(self, family: Family, value: Any) -> Any:
        """One entry of a family, exact and inside its domain."""
        if family.kind == "function":
            if not (callable(value) and hasattr(value, "inverse")):
                raise InputError(
                    f"{family.name}: give a function with an inverse, see mechanism.virtual"
                )
            return value
        if family.domain.boolean:
            if value in (True, False, 1, 0, "1", "0", "true", "false", "yes", "no"):
                return value in (True, 1, "1", "true", "yes")
            raise InputError(f"{family.name}: {value!r} is not yes or no")
        number = exact(value, family.name)
        if not family.domain.holds(number):
            raise InputError(f"{family.name}: {number} is outside its domain ({family.domain})")
        return number

    def check_table(self, family: Family, values: Any, depth: int | None = None) -> Any:
        """Nested sequences of entries, exact and inside the domain."""
        depth = len(family.over) if depth is None else depth
        if depth == 0:
            return self.check(family, values)
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise InputError(f"{family.name}: give one value for each {family.over[-depth]}")
        return tuple(self.check_table(family, v, depth - 1) for v in values)

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


def _agents_needed(assumption: Any) -> int | None:
    """How many agents an assumption of the form ``count >= 3`` asks for."""
    if not (isinstance(assumption, sp.Ge) and assumption.rhs.is_Integer):
        return None
    count = assumption.lhs
    everybody = isinstance(count, Sum) and count.body == 1 and count.where == sp.true
    return int(assumption.rhs) if everybody and count.var.sort == "agent" else None


def _without_floats(value: Any, where: str) -> Any:
    """The same, after every float in it was refused."""
    if isinstance(value, (list, tuple)):
        return tuple(_without_floats(part, where) for part in value)
    return constant(value, where) if isinstance(value, float) else value


def _put_setting(setting: Setting, put: Callable) -> Setting:
    changed = {
        f.name: put(getattr(setting, f.name))
        for f in fields(setting)
        if isinstance(getattr(setting, f.name), sp.Basic)
    }
    return replace(setting, **changed)


def _rebuild(values: dict[str, Any]) -> Rule:
    return Rule(**values)


__all__ = ["Claim", "Rule", "TIES", "fails", "holds", "reported"]
