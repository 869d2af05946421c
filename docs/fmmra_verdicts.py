"""Write `reference/fmmra-verdicts.md`, the verdict for every reading of FMMRA: ``python docs/fmmra_verdicts.py``.

It takes some minutes, so `docs/generate.py` leaves it alone; `tests/fmmra/test_fmmra_verdicts.py` holds the
page against fresh audits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from mechanism.registry import rule
from proofs.audit import audit_iter
from proofs.counterexample import Counterexample
from proofs.verdict import Finding, Verdict

PAGE = Path(__file__).parent / "reference" / "fmmra-verdicts.md"
PAPER = {"w1": "3/10", "w2": "7/10", "mu": "1/10"}  # the numbers of Table 2, in the default reading
ONE, MANY = "fmmra-one-task", "fmmra-multi-round"
COLUMNS = {
    ONE: ("dsic", "critical-payment", "ex-post-ir", "pay-at-most-bid"),
    MANY: ("dsic", "ex-post-ir", "termination"),
}


def readings() -> Iterator[tuple[str, dict[str, str]]]:
    """Every reading that the page tells of: the default, each other option, and pairs that matter."""
    for name in (ONE, MANY):
        yield name, {}
        for choice in rule(name).choices:
            for option in choice.options:
                if option != choice.default:
                    yield name, {choice.name: option}
    for form in ("multiplicative", "additive"):
        yield MANY, {"raise_form": form, "cap": "expected-profit"}
        yield MANY, {"raise_form": form, "closure": "keep-open"}
        yield MANY, {"raise_form": form, "raise_scope": "task"}
        yield MANY, {"raise_form": form, "raise_scope": "task", "closure": "keep-open"}
    yield MANY, {"first_bid": "whole", "price": "critical-value", "lone_bidder": "nothing"}


def findings(name: str, chosen: Mapping[str, str]) -> list[Finding]:
    """The verdicts on one reading."""
    plain = rule(name).with_parameters(**chosen)
    numbers = {f.name for f in plain.parameters} & PAPER.keys()
    fixed = plain.with_parameters(**{n: PAPER[n] for n in numbers})
    return list(audit_iter(fixed, properties=COLUMNS[name], jobs=2))


def cell(found: list[Finding]) -> str:
    """One verdict in a few words: in general, or where everybody wants every task."""
    finding = next((f for f in found if not f.condition), found[0])
    if finding.verdict is Verdict.PROVED:
        any_size = finding.scope.agents[1] is None
        return "proved" if any_size else f"proved up to {finding.scope.agents[1]} agents"
    if isinstance(finding.evidence, Counterexample):
        sizes = finding.evidence.instance.sizes
        tasks = f", {sizes['good']}" if "good" in sizes else ""
        return f"**refuted** ({sizes['agent']}{tasks})"
    return str(finding.verdict)


def row(name: str, chosen: Mapping[str, str]) -> str:
    found = findings(name, chosen)
    said = " ".join(f"`{choice}={option}`" for choice, option in chosen.items()) or "(default)"
    cells = [cell([f for f in found if f.property == p]) for p in COLUMNS[name]]
    return f"| {said} | {' | '.join(cells)} |\n"


def page() -> str:
    """The page."""
    parts = [HEAD]
    for name, title in ((ONE, "One task"), (MANY, "Several rounds, choose your task")):
        heads = " | ".join(f"[`{p}`](properties.md#{p})" for p in COLUMNS[name])
        parts.append(f"\n## {title}: `{name}`\n\n| reading | {heads} |\n")
        parts.append("|---" * (len(COLUMNS[name]) + 1) + "|\n")
        for of, chosen in readings():
            if of == name:
                parts.append(row(name, chosen))
                print(parts[-1], end="", flush=True)  # it takes long: what is known is shown
    return "".join(parts)


HEAD = """# FMMRA: the verdict for every reading
<!-- Made by docs/fmmra_verdicts.py; change that, not this. -->

The paper's formulas did not survive, so its auction is a family of readings; what each option says, and what of it is quoted, stands
under [`fmmra-one-task`](rules.md#fmmra-one-task) and [`fmmra-multi-round`](rules.md#fmmra-multi-round). Each row changes the named
options of the default reading and keeps the others. Every row is what this prints, here for one of them:

```console
$ strategyproof audit fmmra-one-task --param price=highest-losing-bid --property ex-post-ir --param w1=3/10 --param w2=7/10   # exit 1
```

The weights are 3/10 for the bid and 7/10 for the fitness and the raise is 1/10 (the numbers of the paper's Table 2); fitness and expected
profits are arbitrary. *Proved* is for any number of agents, tasks and rounds, and for every way to break ties. *Refuted* names the number
of agents, and of tasks, of the counterexample that was replayed.
"""


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
