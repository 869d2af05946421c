"""Audits: every claim about a mechanism, and every property that applies, put to the engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from mechanism.rule import Rule
from mechanism.targets.foreign import foreign_of
from proofs import targets
from proofs.answering import Progress, answered
from proofs.asking import Asked, about, numbers_of_agents, property_for
from proofs.deadline import ending, left
from proofs.engines.engine import Budget
from proofs.question import Question
from proofs.reference import comparisons, nothing_to_compare
from proofs.verdict import Audit, Finding, grouped
from properties.conduct.conformance import COMPARED, CONFORMANCE
from properties.registry import property_ids, property_of, spelled_out


def audit(target: str | Rule | Callable[..., Any], **options: Any) -> list[Audit]:
    """Audit a mechanism; see `audit_iter` for the options.

    Returns
    -------
    list of Audit
        One for each mechanism the target stands for.

    Examples
    --------
    >>> from proofs import audit
    >>> (found,) = audit("second-price", properties=["dsic"])
    >>> print(found.findings[0].verdict, "for", found.findings[0].scope)
    proved for any number of agents
    """
    deadline = ending(options.get("budget_seconds"))
    rules = targets.prepared(target, {**options, "deadline": deadline})
    options = {**options, "budget_seconds": left(deadline)}
    findings = list(audit_iter(rules[0] if foreign_of(rules[0]) else target, **options))
    return grouped(rules, findings)


def audit_iter(
    target: str | Rule | Callable[..., Any],
    *,
    properties: Sequence[str] | None = None,
    agents: tuple[int, int | None] | str | int | None = None,
    max_agents: int = 4,
    budget_seconds: float | None = None,
    jobs: int = 1,
    seed: int = 0,
    parameters: Mapping[str, Any] | None = None,
    ties: str | None = None,
    coalition: int = 2,
    cache: bool = True,
    progress: Progress | None = None,
    as_: str | None = None,
    claims: Mapping[str, str] | None = None,
    reference: str | None = None,
    against: str | None = None,
    side: str = "",
    numbers: str = "json",
    timeout: float | None = None,
    memory: int | None = None,
) -> Iterator[Finding]:
    """Audit a mechanism, finding by finding.

    Parameters
    ----------
    target : str, Rule or callable
        A catalogue id, ``path/file.py:NAME``, ``package.module:NAME``, or a rule; with `as_`, somebody else's
        code: a function, the same forms of text, or ``exec:COMMAND``.
    properties : sequence of str, optional
        Asked for by name; by default every property in the catalogue.
    agents : int, (int, int), str or None
        Exactly so many, a range, ``"2..4"`` or ``"any"``; None lets the ladder decide.
    max_agents : int
        How far finite checks go.
    budget_seconds : float, optional
        For the whole audit; what is not finished then is undecided.
    jobs : int
        Processes at a time.
    parameters : mapping, optional
        Parameters to fix.
    ties : str, optional
        Another tie policy than the rule's own.
    coalition : int
        The largest coalition.
    cache : bool
        Use the proof cache.
    progress : callable, optional
        Called with (finding, done, total).
    as_ : str, optional
        What foreign code is taken for: ``single-item``, ``units:K``, ... (`mechanism.targets.kinds`).
    claims : mapping of str to str, optional
        Of foreign code: for a property, ``holds`` or ``fails``.
    reference : str, optional
        An id of the catalogue that foreign code is compared with.
    against : str, optional
        A second implementation that it is compared with.
    side : str
        Of a matching: the side whose strategyproofness is asked about.
    numbers : str
        Of programs: ``json`` or ``rational``.
    timeout : float, optional
        Seconds for one call of foreign code.
    memory : int, optional
        Megabytes for a process that runs it.

    Yields
    ------
    Finding
        In the order of the catalogue.

    Raises
    ------
    InputError
        For anything the user gave that does not fit.
    """
    deadline = ending(budget_seconds)
    budget = Budget(max_agents=max_agents, seed=seed)
    named = properties is not None
    properties = spelled_out(properties or ()) or property_ids()
    questions: list[Asked] = []
    rules = targets.prepared(target, locals())
    for rule in rules:
        ask = partial(
            Question,
            target=targets.replayable(target, rule),
            agents=numbers_of_agents(agents),
            coalition=coalition,
            parameters={} if foreign_of(rule) else dict(rule.given),
            budget=budget,
            deadline=deadline,
        )
        for claim in rule.claims:
            property_of(claim.property)  # one about nothing is a mistake, not a claim that stands
        compared = comparisons(
            rule,
            {
                "parameters": parameters,
                "reference": reference,
                "against": against,
                "deadline": deadline,
            },
        )
        wanted = [property_for(name, coalition, rule) for name in properties]
        names = [p.id for p in wanted] if named else []
        if not compared:
            nothing_to_compare(rule, (*names, *(claim.property for claim in rule.claims)))
        for one in {p.id: p for p in wanted}.values():
            # Unless it is asked for by name, a property of auctions is not a row about a menu.
            about_it = named or not one.vocabulary.misfit(rule)
            if about_it and (one.id not in COMPARED or (named and not compared)):
                questions += about(rule, one, ask, asked=named)
        if not any(claim.property == CONFORMANCE for claim in rule.claims):
            names.append(CONFORMANCE)  # to give a reference is to ask
        for one in compared:
            questions += about(rule, one, ask, asked=one.id in names)
    yield from answered(questions, jobs, cache, progress)
