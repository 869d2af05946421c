"""``strategyproof show``: a rule or a property as formulas and in words, with claims and references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mechanism import registry as rules
from mechanism.errors import UnknownId
from properties import registry as properties

if TYPE_CHECKING:
    from mechanism.rule import Rule
    from properties.property import Property

LETTERS = {
    "u": "utility",
    "w": "the value of what is got",
    "w'": "the value of what is got, were the misreport the type",
    "x": "how much is got",
    "p": "the payment",
    "b'": "the misreport",
    "c": "what was offered for what is got",
    "R": "revenue, the sum of the payments",
    "W": "welfare, the total value",
    "W*": "the highest feasible welfare",
    "g": "the payoff of a type from what is meant for another in the first (or only) period",
    "h": "the payoff, after a first report, of a type from what is meant for another in the second",
    "G": "the payoff in total of a type that first reports another and then what is best",
    "H": "the payoff in total of a type that first reports another and then the truth",
    "q": "the quality (after a first report)",
    "r": "the reward (after a first report)",
    "theta": "the type's number",
    "B": "the budget",
    "E": "the expected discounted rewards",
}


@click.command("show", short_help="A rule or a property: formulas, words, claims, references.")
@click.argument("name", metavar="RULE|PROPERTY")
@click.option("--latex", is_flag=True, help="Print the formulas as LaTeX.")
def command(name: str, latex: bool) -> None:
    """Show a rule (an id, path/file.py:NAME or package.module:NAME) or a property (an id)."""
    if name in properties.GROUPS:
        for one in properties.GROUPS[name]:
            click.echo(f"{one}: {properties.property_of(one).statement}")
        return None
    if name in properties.property_ids() or name in properties.ALIASES:
        found = properties.property_of(name)
        return _print_latex(property_formulas(found)) if latex else show_property(found)
    known = [*rules.rule_ids(), *rules.ALIASES]
    if (
        ":" not in name
        and "/" not in name
        and not name.endswith((".py", ".json"))
        and name not in known
    ):
        raise UnknownId(
            "rule or property",
            name,
            [*known, *properties.property_ids(), *properties.ALIASES, *properties.GROUPS],
        )
    from proofs import targets

    for n, rule in enumerate(targets.load(name)):
        if n:
            click.echo()
        _print_latex(rule_formulas(rule)) if latex else show_rule(rule)
    return None


def show_rule(rule: Rule) -> None:
    """Print a rule in words."""
    from mechanism.writing.words import describe, words

    _title(rule.id, rule.title, rule.summary)
    for line in describe(rule):
        head, _, rest = line.partition(": ")
        click.echo(f"{click.style(head, bold=True)}: {rest}")
    if rule.claims:
        click.secho("\nClaims", bold=True)
    for claim in rule.claims:
        word = "holds" if claim.holds else "fails"
        when = "" if claim.condition == True else f" if {words(claim.condition)}"  # noqa: E712
        when = f"{when}, and only then" if claim.otherwise else when
        reference = f"  [{claim.reference}]" if claim.reference else ""
        click.echo(f"  {claim.property}: {word}{when}{reference}")
    _references(rule.references)


def show_property(found: Property) -> None:
    """Print a property in words."""
    from mechanism.writing.words import words

    _title(found.id, found.title, found.statement)
    agents = ", ".join(role.name for role in found.roles)
    called = found.vocabulary.called
    roles = [f"{called}{'s' if len(found.roles) > 1 else ''} {agents}"] if agents else []
    if called == "agent":
        roles.append("types and reports")
    if found.numbers:
        roles.append(f"numbers {', '.join(f.name for f in found.numbers)}")
    click.echo(f"for all: {', '.join(roles) or 'menus'}")
    for world in found.worlds if called == "agent" else ():
        click.echo(f"world '{world.name}': {_world(world)}")
    for head, formula in property_formulas(found):
        click.echo(f"{head}: {words(formula)}")
    if legend := _legend(found):
        click.echo(f"here {legend}")
    _references(found.references)


def _legend(found: Property) -> str:
    """What the letters of the formulas mean."""
    from sympy.core.function import AppliedUndef

    used = {
        node.func.__name__
        for _, formula in property_formulas(found)
        for node in formula.atoms(AppliedUndef)
    }
    return ", ".join(f"{letter} is {told}" for letter, told in LETTERS.items() if letter in used)


def rule_formulas(rule: Rule) -> list[tuple[str, Any]]:
    """What a rule is made of, each with a name."""
    parts = [("allocation", rule.allocation), ("payment", rule.payment)]
    if rule.admissible != True:  # noqa: E712
        parts.append(("admissible", rule.admissible))
    return [*parts, *(("assumption", a) for a in rule.assumptions)]


def property_formulas(found: Property) -> list[tuple[str, Any]]:
    """What a property asks, each part with a name."""
    formula = found.formula
    parts = [("where", premise) for premise in formula.premises]
    if formula.violation is None:
        return [
            *parts,
            ("number" if found.numeric else "violated when this is above 0", formula.margin),
        ]
    parts.append(("violated when", formula.violation))
    return parts if formula.margin == 1 else [*parts, ("by how much", formula.margin)]


def _world(world: Any) -> str:
    if not (world.reports or world.absent):
        return "everybody reports the truth"
    told = [
        f"agent {who} reports {'anything' if kind == 'lie' else f'the type of {whose}'}"
        for who, kind, whose in world.reports
    ]
    return ", ".join(told + [f"agent {who} does not take part" for who in world.absent])


def _print_latex(formulas: list[tuple[str, Any]]) -> None:
    from mechanism.writing.latex import latex

    for name, formula in formulas:
        click.echo(f"% {name}\n\\[ {latex(formula)} \\]")


def _title(name: str, title: str, told: str) -> None:
    click.secho(f"{name}: {title}" if title else name, bold=True)
    if told:
        click.echo(f"{told}\n")


def _references(references: tuple[str, ...]) -> None:
    if references:
        click.secho("\nReferences", bold=True)
    for reference in references:
        click.echo(f"  {reference}")
