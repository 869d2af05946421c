"""Write the pages that are made from the registry: ``python docs/generate.py``.

They are `reference/rules.md`, `reference/properties.md`, and the help texts in `reference/cli.md`.
`tests/docs/test_generated.py` fails when one of them is stale.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from click.testing import CliRunner

from mechanism import registry as rules
from mechanism.evaluate.latex import formulas, latex
from mechanism.evaluate.words import describe, words
from mechanism.rule import Claim, Rule
from proofs.cli import cli
from proofs.cli.show import property_formulas
from properties import registry as properties
from properties.property import Property
from properties.terms import Terms

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Made by docs/generate.py from the registry; change that, not this. -->"
# Conditions in the formulas of properties, explained by what computes them.
CONDITIONS = {
    "alike": Terms.alike,
    "stronger": Terms.stronger,
    "untied": Terms.untied,
    "same holding": Terms.same_holding,
    "same demand": Terms.same_demand,
    "deliverable": Terms.deliverable,
    "infeasible": Terms.infeasible,
    "defined": Terms.defined,
    "within unit": Terms.within_unit,
}


def pages() -> dict[Path, str]:
    """Every generated page and its text."""
    cli_page = REFERENCE / "cli.md"
    return {
        REFERENCE / "rules.md": rules_page(),
        REFERENCE / "properties.md": properties_page(),
        cli_page: with_help(cli_page.read_text("utf-8")),
    }


# --- rules -----------------------------------------------------------------------------------------


def rules_page() -> str:
    """The catalogue of rules."""
    names = [*rules.RULES]
    aliases = [
        f"`{alias}` is {' and '.join(f'`{name}`{_with(fixed)}' for name, fixed in meaning)}"
        for alias, meaning in rules.ALIASES.items()
    ]
    head = f"""# Rules
{NOTE}

The catalogue, as of `strategyproof list rules`. A claim is what the literature says, true or false; it is about all admissible
parameters unless it names a condition. Every rule reads the reports `b`; a bid under `v` would be a true type.

Other names: {"; ".join(aliases)}.

"""
    index = "".join(f"- [`{name}`](#{name}): {rules.RULES[name]}\n" for name in names)
    return head + index + "".join(_rule(rules.rule(name)) for name in names)


def _with(fixed: dict) -> str:
    return "".join(f" with {name} = {value}" for name, value in fixed.items())


def _rule(rule: Rule) -> str:
    parts = [
        f"\n## {rule.id}\n\n**{rule.title}.** {rule.summary}\n",
        _math(formulas(rule)),
        _bullets(_escaped(line) for line in describe(rule)),
    ]
    if rule.claims:
        rows = [f"| [`{c.property}`](properties.md#{c.property}) | {_claim(c)} | {c.reference} |\n" for c in rule.claims]
        parts.append("\n| property | claim | who says so |\n|---|---|---|\n" + "".join(rows))
    return "".join([*parts, _references(rule.references)])


def _claim(claim: Claim) -> str:
    word = "holds" if claim.holds else "fails"
    if claim.condition == True:  # noqa: E712  (sympy's)
        return word
    only = ", and only then" if claim.otherwise else ""
    return f"{word} if {words(claim.condition).replace('|', chr(92) + '|')}{only}"


# --- properties ------------------------------------------------------------------------------------


def properties_page() -> str:
    """The catalogue of properties."""
    names = [*properties.PROPERTIES]
    aliases = [f"`{alias}` is `{name}`" for alias, name in properties.ALIASES.items()]
    told = [f"**{name}**: {_first_line(method)}" for name, method in CONDITIONS.items()]
    head = f"""# Properties
{NOTE}

The catalogue, as of `strategyproof list properties`. A property is violated where its formula says so, for some choice of its
agents, some types and some misreports. *truth*, *lie* and the other upper names are the worlds in which a term is read; agents
that a world does not name report their types in it.

Terms: $u_i$ is the utility of agent $i$ by its true type, $p_i$ its payment, $x_i$ how much it gets, $w_i$ the value to $i$ of what
is got, $c_i$ the most it offered for what it gets, $R$ revenue, $W$ welfare, $W^*$ the highest feasible welfare.

Conditions:

{_bullets(told).strip()}

Other names: {"; ".join(aliases)}.

"""
    index = "".join(f"- [`{name}`](#{name}): {properties.PROPERTIES[name][1]}\n" for name in names)
    return head + index + "".join(_property(properties.property_of(name)) for name in names)


def _property(found: Property) -> str:
    lines = [_in_math(label, latex(formula)) for label, formula in property_formulas(found)]
    worlds = [line for line in _output("show", found.id).splitlines() if re.match("for all|world ", line)]
    title = found.title[0].upper() + found.title[1:]
    return (
        f"\n## {found.id}\n\n**{title}.** {found.statement}\n"
        f"{_bullets(worlds)}{_math(lines)}{_references(found.references)}"
    )


def _in_math(label: str, formula: str) -> str:
    return rf"\text{{{label}: }} {formula}"


def _first_line(method: object) -> str:
    text = inspect.getdoc(method) or ""
    return text.splitlines()[0]


# --- help texts ------------------------------------------------------------------------------------


def with_help(page: str) -> str:
    """The page, with each help text as the program prints it."""

    def told(found: re.Match) -> str:
        return f"{found[1]}{_output(*found[2].split()).rstrip()}\n```"

    pattern = r"(<!-- strategyproof ([^>]*--help) -->\n```text\n).*?```"
    return re.sub(pattern, told, page, flags=re.S)


def _output(*arguments: str) -> str:
    """What a command prints."""
    return CliRunner().invoke(cli, arguments, prog_name="strategyproof").output


# --- Markdown --------------------------------------------------------------------------------------


def _bullets(lines: Iterable[str]) -> str:
    return "\n" + "".join(f"- {line}\n" for line in lines)


def _math(lines: Iterable[str]) -> str:
    return "".join(f"\n```math\n{line}\n```\n" for line in lines)


def _escaped(line: str) -> str:
    """Brackets and stars as they are, in code; the word before the colon as text."""
    head, colon, rest = line.partition(": ")
    return f"{head}{colon}`{rest}`" if re.search(r"[\[*_|]", rest) else line


def _references(references: Iterable[str]) -> str:
    return "".join(_lines(references))


def _lines(references: Iterable[str]) -> Iterator[str]:
    for n, reference in enumerate(references):
        yield f"\nReferences: {reference}" if n == 0 else f"; {reference}"
    yield "\n"


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
