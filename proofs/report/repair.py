"""What the user reads of a repair: the payment, what is proved of it, and what changes."""

from __future__ import annotations

from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mechanism.rule import Rule
from mechanism.writing.latex import formulas
from mechanism.writing.words import describe
from proofs.counterexample import Counterexample
from proofs.report import text
from proofs.report.console import PLAIN
from proofs.restore import obligation_of
from proofs.rule_repair import WEAKLY, Repair, Status
from proofs.verdict import Finding

TERMS = ("sold", "decided", "reports", "ties", "parameters", "assumes")  # not part of the formulas
DRAWS, AGENTS = 2000, 5


def show(out: Console, found: Repair, *, latex: bool = False, seed: int = 0) -> None:
    """Print what came of a repair."""
    good = found.status in (Status.REPAIRED, Status.TRUTHFUL)
    head = Text(f"{found.original.id}: ", style="bold")
    out.print(head + Text(found.status.value, style="bold green" if good else "bold red"))
    if found.monotone is not None and found.status is not Status.IMPOSSIBLE:
        weakly = "weakly " if found.monotone.property == WEAKLY else ""
        out.print(f"Its allocation is {weakly}monotone: {_told(found.monotone)}.")
    if found.status is Status.IMPOSSIBLE:
        _impossible(out, found)
    if found.repaired is not None:
        _payment(out, found.repaired, latex)
        out.print()
        out.print(_verdicts(found))
        _money(out, found, seed)
    if found.reason and found.status is not Status.IMPOSSIBLE:
        out.print(f"{'Why' if not good else 'Its payment is kept'}: {found.reason}.")


def _told(finding: Finding) -> str:
    return f"{finding.verdict.name} ({finding.scope})"


def _impossible(out: Console, found: Repair) -> None:
    """The profile on which a stronger bid loses, and why that rules every payment out."""
    assert found.monotone is not None
    case = found.monotone.evidence
    assert isinstance(case, Counterexample)
    if found.monotone.property == WEAKLY:
        why = (
            "Its allocation is not weakly monotone. Whatever the payments, one of the two types below gains by "
            "reporting the other (Bikhchandani et al. 2006)."
        )
    else:
        why = (
            "Its allocation is not monotone. Whatever the payments, an agent that wins with the lower report and "
            "not with the higher one gains by a lie, at one of the two values or at both (Myerson 1981)."
        )
    out.print(why)
    if case.minimal:
        out.print("No smaller profile shows it:")
    text.show_counterexample(out, case, obligation_of(case, found.original))


def _payment(out: Console, made: Rule, latex: bool) -> None:
    out.print()
    for line in describe(made):
        name, _, rest = line.partition(": ")
        if name not in TERMS:
            out.print(Text(f"{name}: ", style="bold") + Text(rest))
    if latex:
        for formula in formulas(made):
            out.print(f"\\[ {formula} \\]", soft_wrap=True, markup=False, highlight=False)


def _verdicts(found: Repair) -> Table:
    table = Table(box=PLAIN, show_edge=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("property", "before", "after"):
        table.add_column(name)
    for before, after in zip(found.before, found.after, strict=True):
        table.add_row(before.property, _cell(before), _cell(after))
    return table


def _cell(finding: Finding) -> Text:
    style = text.STYLES[finding.verdict]
    scope = (
        "" if "agents" not in str(finding.scope) or not finding.decided else f" ({finding.scope})"
    )
    return Text(finding.verdict.name, style=style) + Text(scope, style="not bold")


def _money(out: Console, found: Repair, seed: int) -> None:
    """What the change does to revenue: on the counterexample, and on average where nothing is open."""
    assert found.repaired is not None
    (dsic, *_) = (f for f in found.before if f.property == "dsic")
    if isinstance(case := dsic.evidence, Counterexample):
        question = obligation_of(case, found.original)
        values = [case.instance.tables[b.truth.name] for b in question.rule.reports]
        names = {f.name for f in question.rule.parameters} - question.rule.given.keys()
        fixed = {n: t for n, t in case.instance.tables.items() if n in names}
        sums = [sum(r.run(*values, **fixed).payments) for r in (question.rule, found.repaired)]
        told = "; ".join(", ".join(map(_plain, v)) for v in values)
        out.print(f"Revenue when all report {told} truthfully: {sums[0]} before, {sums[1]} after.")
    mean = average(found.original, found.repaired, seed)
    if mean is not None:
        out.print(
            f"Revenue on average, {mean[2]} agents with truthful values from 0 to 100: {mean[0]:.1f} before, "
            f"{mean[1]:.1f} after. (Before, truth is no equilibrium.)"
            if found.status is Status.REPAIRED
            else f"Revenue on average, {mean[2]} agents with values from 0 to 100: {mean[1]:.1f}."
        )


def _plain(value: Any) -> str:
    return f"({', '.join(map(_plain, value))})" if isinstance(value, tuple) else str(value)


def average(one: Rule, other: Rule, seed: int) -> tuple[float, float, int] | None:
    """The mean revenue of two rules on the same truthful profiles, where they need no parameters; to one decimal."""
    open_ones = {f.name for f in one.parameters} - one.given.keys()
    if open_ones or one.sizes or len(one.reports) > 1 or one.fixed_size is not None:
        return None
    agents = max(AGENTS, one.min_agents)
    values = np.random.default_rng(seed).integers(0, 101, (DRAWS, agents))
    before, after = (float(r.run_batch(values).payments.sum(axis=1).mean()) for r in (one, other))
    return round(before, 1) + 0.0, round(after, 1) + 0.0, agents  # + 0.0 makes -0.0 a zero
