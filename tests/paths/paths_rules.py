"""Plain Python functions as rules, in this process: the adapter that these tests need and no more."""

from fractions import Fraction
from itertools import product

import sympy as sp
from sympy.core.symbol import Str

from mechanism.instance import Instance
from mechanism.language import Computed, agents, report
from mechanism.language.family import Domain
from mechanism.language.procedure import Procedure
from mechanism.outcome import Outcome
from mechanism.rule import Rule
from proofs.engines import fixed
from proofs.engines.engine import Budget
from proofs.engines.paths.explorer import explore
from proofs.engines.paths.path import Bounds
from proofs.engines.paths.summary import summary
from proofs.lowering.obligation import instance_of
from proofs.solver import solve
from properties.check import check
from properties.registry import property_of

WHO, I = agents("a"), agents("i")
POSITIVE = Domain(lower=Fraction(0))
CALLS = {}


class Plain(Procedure):
    """A function of the list of reports that returns an outcome."""

    def __new__(cls, name, *rest):
        return sp.Basic.__new__(cls, name if isinstance(name, Str) else Str(name), *rest)

    def call(self, reports, number=None):
        return CALLS[self.args[0].name][0](reports)

    @property
    def sources(self):
        return CALLS[self.args[0].name][1]

    def outcome(self, read, world):
        entry, present = self.args[1], read.domain("agent", world)
        made = []
        for agent in present:
            env = {WHO: agent}
            rest = entry.index[1:]
            if rest:
                elements = read.domain(rest[0].sort, world)
                made.append([read.read(entry, {**env, rest[0]: e}, world) for e in elements])
            else:
                made.append(read.read(entry, env, world))
        return exact(self.call(made))

    def untied(self, rule):
        return sp.true


def exact(outcome):
    change = lambda v: tuple(map(change, v)) if isinstance(v, (list, tuple)) else Fraction(v)  # noqa: E731
    return Outcome(change(outcome.allocation), change(outcome.payments))


def winner_pays(function):
    """For a function that returns the winner (None for nobody) and the price."""

    def call(bids):
        winner, price = function(bids)
        n = len(bids)
        gets = tuple(int(i == winner) for i in range(n))
        return Outcome(gets, tuple(price if i == winner else 0 for i in range(n)))

    return call


def rule_of(call, files=(), name=None, **parts):
    """A rule for one good (or another setting) from a function of the reports."""
    name = name or getattr(call, "__qualname__", "code")
    while name in CALLS:
        name += "'"
    CALLS[name] = (call, frozenset(files))
    b = parts.pop("reports", report("b"))
    code = Plain(name, parts.pop("entry", None) or b[WHO])
    index = (I, parts["good"]) if "good" in parts else (I,)
    return Rule(
        id=name, reports=b, agent=I,
        allocation=Computed(code, "allocation", *index), payment=Computed(code, "payment", I), **parts,
    )  # fmt: skip


def explored(function, n, *, files=None, domain=POSITIVE, **options):
    """The exploration of a function that returns the winner and the price."""
    files = [function.__code__.co_filename] if files is None else files
    return explore(winner_pays(function), n, domain, Bounds(**options), files=files)


def verdict(rule, property_id, n):
    """``proved``, ``refuted`` after an exact replay, or why neither; and the exploration."""
    code, b = rule.allocation.procedure, rule.reports[0]
    told = summary(code, n, (), b.domain)
    if not told.complete:
        return str(told.stops[0]), told
    obligation = property_of(property_id).on(rule)
    for lowered in fixed.lowerings(obligation, n, rule.ties, False):
        answer = solve(lowered.assertions)
        if answer.status == "sat":
            shown = check(obligation, instance_of(lowered, answer.values))
            return "refuted" if shown.violated else "a violation does not replay", told
        if answer.status != "unsat":
            return answer.reason, told
    return "proved", told


def refuted_on_grid(rule, property_id, n, values):
    """Whether the property is violated somewhere on a grid, by definition, in exact numbers."""
    obligation = property_of(property_id).on(rule)
    lies = values if obligation.said else [None]
    for truth in product(values, repeat=n):
        for i in range(n):
            for lie in lies:
                tables = {"v": tuple(map(Fraction, truth))}
                if lie is not None:
                    said = (*truth[:i], lie, *truth[i + 1 :])
                    tables["b'"] = tuple(map(Fraction, said))
                roles = {role.name: i for role in obligation.roles}
                if check(obligation, Instance({"agent": n}, tables, roles)).violated:
                    return True
    return False


__all__ = [
    "Budget",
    "CALLS",
    "I",
    "POSITIVE",
    "WHO",
    "explored",
    "refuted_on_grid",
    "rule_of",
    "verdict",
    "winner_pays",
]
