"""Write the pages that are made from the registry: ``python docs/generate.py``.

They are `reference/rules.md`, `reference/properties.md`, and the help texts in `reference/cli.md`.
`tests/docs/test_generated.py` fails when one of them is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from click.testing import CliRunner

from mechanism import registry as rules
from mechanism.rule import Claim, Rule
from mechanism.writing.latex import formulas, latex
from mechanism.writing.words import describe, words
from proofs.cli import cli
from proofs.cli.show import property_formulas
from properties import registry as properties
from properties.property import Property

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Made by docs/generate.py from the registry; change that, not this. -->"
# What is told of a rule beside its formulas.
TERMS = ("sold", "decided", "reports", "ties", "parameters", "assumes")
# Conditions in the formulas of properties.
CONDITIONS = {
    "alike(i, k)": "the two agents have the same parameters; for anonymity and envy-freeness, the same of those that the"
    " rule says agents carry, which is the side of the market in double auctions",
    "untied(world)": "the rule breaks no tie in this world",
    "stronger(i)": "the misreport of i is a stronger bid than its type: nowhere weaker, somewhere stronger. A seller is"
    " stronger who asks less, a single-minded bidder who wants fewer goods",
    "got something(world, i)": "agent i gets (or sells) something",
    "same holding(world, i, other, j)": "agent i gets in one world what agent j gets in the other",
    "same demand(i)": "the misreport of i asks for the same goods as its type",
    "deliverable(world, i, e)": "one owner can honour what both identities won",
    "infeasible(world)": "more is given out than there is",
    "defined(world)": "the rule has a value for every agent",
    "tied": "the reference breaks a tie",
    "differs(i)": "agent i gets or pays something else than under the reference",
    "differs beyond names(i)": "agents who are alike and report the same get together what they get under the reference, and"
    " agent i, with what it gets, pays something else; or, of goods of one kind, another number is sold in all",
    "within unit": "all values and misreports lie in [0, 1]",
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

The catalogue of `strategyproof list rules`. In the formulas, $b$ are the reports, $x_i$ is what agent $i$ gets and $p_i$ what it pays.
A claim is what the literature says, true or false; it is about all admissible parameters unless it names a condition. What the
engines make of each claim: `strategyproof audit ID`.

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
        _bullets(line for line in describe(rule) if _is_term(line)),
    ]
    if rule.claims:
        rows = [
            f"| [`{c.property}`](properties.md#{c.property}) | {_claim(c)} | {c.reference} |\n"
            for c in rule.claims
        ]
        parts.append("\n| property | claim | who says so |\n|---|---|---|\n" + "".join(rows))
    return "".join([*parts, _references(rule.references)])


def _is_term(line: str) -> bool:
    return line.partition(":")[0] in TERMS or line.startswith("choice ")


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
    aliases += [
        f"`{name}` is {', '.join(f'`{one}`' for one in ids)}"
        for name, ids in properties.GROUPS.items()
    ]
    told = [f"*{name}*: {meaning}" for name, meaning in CONDITIONS.items()]
    head = f"""# Properties
{NOTE}

The catalogue of `strategyproof list properties`. A property is violated where its formula says so, for some choice of its agents,
some types and some misreports. The upper index of a term is the world it is read in. Agents that a world does not name report
their types in it.

Terms: $u_i$ is the utility of agent $i$ by its true type, $p_i$ its payment, $x_i$ how much it gets, $w_i$ the value to $i$ of what
is got, $c_i$ the most it offered for what it gets, $R$ revenue, $W$ welfare, $W^*$ the highest feasible welfare.

Of menus: $g_{{i,j}}$ is the payoff of type $i$ from what is meant for $j$ in the first (or only) period, $h_{{h,i,j}}$ in the second after
the first report $h$, $G_{{i,j}}$ and $H_{{i,j}}$ the payoff in total of a type $i$ that first reports $j$ and then what is best or the truth,
$q$ quality, $r$ the reward, $\\theta$ the type's number, $E$ the expected discounted rewards and $B$ the budget.

Conditions:

{_bullets(told).strip()}

Other names: {"; ".join(aliases)}.

"""
    index = "".join(f"- [`{name}`](#{name}): {properties.PROPERTIES[name][1]}\n" for name in names)
    return head + index + "".join(_property(properties.property_of(name)) for name in names)


def _property(found: Property) -> str:
    lines = [_in_math(label, latex(formula)) for label, formula in property_formulas(found)]
    worlds = [
        line for line in _output("show", found.id).splitlines() if re.match("for all|world ", line)
    ]
    title = found.title[0].upper() + found.title[1:]
    return (
        f"\n## {found.id}\n\n**{title}.** {found.statement}\n"
        f"{_bullets(worlds)}{_math(lines)}{_references(found.references)}"
    )


def _in_math(label: str, formula: str) -> str:
    return rf"\text{{{label}: }} {formula}"


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
    """One display; a line of Markdown's mathematics may not use `operatorname` everywhere."""
    text = (
        " \\\\\n".join(lines)
        .replace(r"\operatorname*", r"\mathop\mathrm")
        .replace(r"\operatorname", r"\mathrm")
    )
    return f"\n```math\n\\begin{{gathered}}\n{text}\n\\end{{gathered}}\n```\n"


def _references(references: Iterable[str]) -> str:
    return "".join(["\nReferences:\n", _bullets(references)])


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, "utf-8")
