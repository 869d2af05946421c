"""``strategyproof weakest``: for which values of one parameter a property holds."""

from __future__ import annotations

import click

from proofs.cli import options


@click.command("weakest", short_help="For which values of one parameter a property holds.")
@click.argument("target")
@click.argument("name", metavar="PARAMETER")
@click.option(
    "--property",
    "properties",
    multiple=True,
    metavar="ID",
    help="The property; repeatable. By default those that a target without claims is asked for.",
)
@click.option(
    "--agents",
    metavar="N",
    type=click.IntRange(1),
    help="For how many agents; required unless the rule is for one number of them only, as menus are.",
)
@click.option(
    "--param",
    "parameters",
    type=options.Parameter(),
    multiple=True,
    callback=options.unique,
    help="Fix another parameter; repeatable.",
)
def command(
    target: str, name: str, properties: tuple[str, ...], agents: int | None, parameters: dict
) -> int:
    """Tell for which values of PARAMETER a property of TARGET holds, whatever the other parameters are.

    TARGET is what `audit` takes: a menu in JSON whose numbers are formulas, an id, path/file.py:NAME.
    """
    from proofs import targets
    from proofs.weakest import weakest
    from properties.registry import DEFAULT, DEFAULT_OF_MENUS, property_of

    for rule in targets.load(target):
        fixed = rule.with_parameters(**parameters)
        wanted = [property_of(p) for p in properties or (*DEFAULT, *DEFAULT_OF_MENUS)]
        for one in wanted if properties else [p for p in wanted if not p.suits(fixed)]:
            found = weakest(fixed, one, name, agents)
            click.echo(f"{fixed.id}: {one.id} holds for {found}")
            click.echo(f"  in its domain, {name} in the {found.domain}; by {found.method}")
    return 0
