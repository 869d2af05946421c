"""An optimal menu as text: the items, what they come to, what binds."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from proofs.design import Audited
from proofs.report.console import PLAIN
from proofs.verdict import Verdict

LARGEST = 1000  # a denominator that is shown as it is
MANY = 4  # types; with more, second-period menus are shown only if asked for
BINDING = 12
MIXED = 1e-5  # what is lost that rounding cannot explain, relative to the payoff
TOLD = 1e-8  # the smallest loss that is more than the solver's own errors


def show(out: Console, found: Audited, *, verbose: bool = False) -> None:
    """Print a design."""
    design = found.design
    problem, menu = design.problem, design.menu
    head = f"{menu.id}: {menu.title}" if menu.title else menu.id
    periods = "two periods" if problem.two_periods else "one period"
    told = f"  (the optimal menu, {periods}, {len(problem.types)} types)"
    out.print(Text(head, style="bold") + Text(told, style="not bold"))
    out.print(_table("type", menu, list(_first(design)), chance="prior"))
    if problem.two_periods and (verbose or len(problem.types) <= MANY):
        for h in range(len(problem.types)):
            out.print(f"\nsecond period, after first report {h}")
            out.print(_table("type", menu, list(_second(design, h)), chance="chance"))
    elif problem.two_periods:
        out.print("second-period menus: see --verbose or --save")
    out.print("\nprincipal's expected payoff")
    out.print(_lines(_values(design)))
    out.print("\nconstraints that bind, and what a unit of room in each is worth")
    shown = sorted(design.binding, key=lambda pair: -pair[1])
    out.print(
        _lines([(name, f"{dual:.6g}") for name, dual in shown[: None if verbose else BINDING]])
    )
    if len(shown) > BINDING and not verbose:
        out.print(f"  and {len(shown) - BINDING} more, see --verbose")
    proved = [f.property for f in found.findings if f.verdict is Verdict.PROVED]
    out.print(f"\naudited exactly: {', '.join(proved)} PROVED", soft_wrap=True)


def _values(design: Any) -> Iterator[tuple[str, str]]:
    yield "of this menu", number(design.payoff)
    yield "no menu exceeds", f"{design.bound:.9g}"
    told = f"{design.loss:.2g}" if design.loss >= TOLD else f"less than {TOLD:g}"
    mixed = design.problem.parts.cost is None and design.loss > MIXED * (1 + abs(design.bound))
    yield f"lost by rounding{' and without lots' if mixed else ''}, at most", told
    yield "complete information", f"{design.complete_information:.9g}"
    if design.repeated is not None:
        yield "best menu repeated unchanged", number(design.repeated.payoff)


def _first(design: Any) -> Iterator[list[str]]:
    given, payoff = design.menu.rule.given, design.menu.payoff
    for k, p in enumerate(design.problem.prior):
        yield _line(k, design.problem.types[k], p, given["q"][k], given["r"][k], payoff)


def _second(design: Any, h: int) -> Iterator[list[str]]:
    given, payoff = design.menu.rule.given, design.menu.payoff
    for k, p in enumerate(design.problem.transition[h]):
        yield _line(k, design.problem.types[k], p, given["q2"][h][k], given["r2"][h][k], payoff)


def _line(k: int, theta: Fraction, p: Fraction, q: Fraction, r: Fraction, payoff: Any) -> list[str]:
    from mechanism.contracts.payoff import theirs
    from mechanism.language import exact
    from mechanism.language.arithmetic import constant

    known = map(constant, (theta, q, r))
    gain = exact(theirs(payoff.at(*known)))
    return [f"{k} (theta {theta})", str(p), number(q), number(r), number(gain)]


def number(value: Any) -> str:
    """A simple fraction as it is; others, and floats, as decimals."""
    if isinstance(value, Fraction) and value.denominator <= LARGEST:
        return str(value)
    return f"{float(value):.9g}"


def _table(first: str, menu: Any, rows: list[list[str]], chance: str) -> Table:
    table = Table(box=PLAIN, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for head in (first, chance, "quality", "reward", "payoff"):
        table.add_column(head)
    for row in rows:
        table.add_row(*row)
    return table


def _lines(pairs: Any) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, value in pairs:
        table.add_row(f"  {name}", value)
    return table
