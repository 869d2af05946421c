"""What a replay found, and how it reads."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from proofs.counterexample import Counterexample
from proofs.report import story, text
from proofs.report.console import as_text
from properties.check import Checked
from properties.property import Obligation


@dataclass(frozen=True, repr=False)
class Replayed:
    """What a replay found; prints as the report of the counterexample.

    Parameters
    ----------
    counterexample : Counterexample
    obligation : Obligation
        The rule and the property, put together again.
    checked : Checked
        What the exact referee says now.
    remark : str
        What to know of the rule that was run, where it is not the one that was saved.
    """

    counterexample: Counterexample
    obligation: Obligation
    checked: Checked
    remark: str = ""

    @property
    def reproduced(self) -> bool:
        """The property is violated, as was claimed."""
        return self.checked.violated

    def __repr__(self) -> str:
        return as_text(lambda out: show_replay(out, self)).rstrip()


def show_replay(out: Console, replayed: Replayed) -> None:
    """Print what a replay found."""
    found, obligation, checked = replayed.counterexample, replayed.obligation, replayed.checked
    if replayed.remark:
        out.print(Text(f"Note: {replayed.remark}", style="yellow"))
    name = f"{obligation.rule.id}: {obligation.property.id}"
    if not checked.violated:
        why = checked.why or "the property is not violated on it"
        out.print(
            Text(f"{name}: the counterexample does NOT reproduce", style="bold") + Text(f" ({why})")
        )
        return
    out.print(Text(f"{name}: the violation reproduces", style="bold red"))
    if found.margin is not None and found.margin != checked.margin:
        out.print(f"The margin is {checked.margin}; the file says {found.margin}.")
    text.show_counterexample(out, story.with_margin(found, checked.margin), obligation)
