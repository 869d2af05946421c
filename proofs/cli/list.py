"""``strategyproof list``: the catalogue, one line each. Registry data only, so that it is quick."""

from __future__ import annotations

import click

from mechanism import registry as rules
from properties import registry as properties


@click.command("list", short_help="The catalogue, one line each.")
@click.argument("what", type=click.Choice(["rules", "properties"]), required=False)
def command(what: str | None) -> None:
    """List the rules and the properties of the catalogue, with their other names."""
    if what != "properties":
        lines = [
            (name, rules.RULES.get(name, "(from another package)")) for name in rules.rule_ids()
        ]
        for alias, meaning in rules.ALIASES.items():
            told = [
                base + "".join(f", {k} = {v}" for k, v in fixed.items()) for base, fixed in meaning
            ]
            lines.append((alias, f"= {' and '.join(told)}"))
        _print("Rules", lines)
    if what is None:
        click.echo()
    if what != "rules":
        lines = [
            (name, properties.PROPERTIES.get(name, ("", "(from another package)"))[1])
            for name in properties.property_ids()
        ]
        lines += [(alias, f"= {name}") for alias, name in properties.ALIASES.items()]
        lines += [(name, f"= {', '.join(ids)}") for name, ids in properties.GROUPS.items()]
        _print("Properties", lines)


def _print(title: str, lines: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in lines)
    click.secho(title, bold=True)
    for name, told in lines:
        click.echo(f"  {name:{width}}  {told}")
