"""A counterexample in words, as a table, and as a line of Python; `proofs.report.json` has the fourth form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from mechanism.errors import NoOutcome
from mechanism.instance import Instance, sort_domain
from mechanism.language import Family
from mechanism.targets.foreign import foreign_of
from proofs.counterexample import Counterexample, Row, table
from proofs.report.values import encode_all, instance_json
from properties.check import referee
from properties.property import Obligation

# How the columns of a world are called: what is said in it, and what comes of it.
SAID = {"truth": "truthful report", "lie": "deviating report", "swap": "swapped report"}
BECAME = {"lie": "after", "swap": "swapped", "without": "without"}


def sentence(found: Counterexample, obligation: Obligation) -> str:
    """What happens, in one sentence: the property's own words with the numbers filled in."""
    roles, story = found.instance.roles, obligation.property.story or "the property does not hold"
    members = "{" + ", ".join(str(a) for a in sorted(set(roles.values()))) + "}"
    margin = "an undefined amount" if found.margin is None else str(found.margin)
    places = f"{margin} place{'' if margin == '1' else 's'}"
    told = story.format_map(
        _Names({**roles, "margin": margin, "places": places, "members": members})
    )
    lies = _lies(found, obligation)
    return told[0].upper() + told[1:] + (f": {'; '.join(lies)}." if lies else ".")


class _Names(dict):
    """What a story may speak of; anything else stays as it is written."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _lies(found: Counterexample, obligation: Obligation) -> list[str]:
    """Who says what instead of the truth."""
    liars = dict.fromkeys(found.instance.roles[role.name] for role in obligation.said)
    worlds = list(obligation.worlds)
    first, last = worlds[0], worlds[-1]
    told = []
    for row in table(obligation, found.instance):
        if row.agent not in liars or last not in row.reports:
            continue
        said, true = (entry(found, obligation, v) for v in (row.reports[last], row.value))
        if first not in row.reports:
            told.append(f"agent {row.agent} reports {said}")
        elif said != true:
            told.append(f"agent {row.agent} reports {said} instead of {true}")
    return told


def python_line(found: Counterexample, rule: str = "") -> str:
    """A line to paste into Python that rebuilds the counterexample and checks it again.

    Parameters
    ----------
    found : Counterexample
    rule : str
        The Python name of the rule, where the target alone does not say where it is.
    """
    instance = {n: part for n, part in instance_json(found.instance).items() if part}
    instance["tables"] = {name: _short(t) for name, t in instance["tables"].items()}
    case: dict[str, Any] = {"target": found.target, "property": found.property}
    if found.parameters:
        case["parameters"] = {n: _short(v) for n, v in encode_all(found.parameters).items()}
    defaults = {"ties": "lowest-index", "coalition": 2, "condition": ""}
    case |= {n: getattr(found, n) for n, usual in defaults.items() if getattr(found, n) != usual}
    if found.foreign is not None:
        case["foreign"] = dict(found.foreign)
    case["instance"] = instance
    return f"from proofs import replay; replay({case}{', rule=' + rule if rule else ''})"


def _short(value: Any) -> Any:
    """Whole numbers without quotes."""
    if isinstance(value, list):
        return [_short(v) for v in value]
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


@dataclass(frozen=True)
class Grid:
    """A table of texts; a column is numeric where it is to be aligned on the right."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def grid(found: Counterexample, obligation: Obligation) -> Grid:
    """Who values, says, gets and pays what, and is left with what, in each world of the property."""
    if obligation.rule.setting.kind == "menu":
        from proofs.report import menus

        return Grid(*menus.grid(obligation, found.instance))
    worlds, rows = list(obligation.worlds), table(obligation, found.instance)
    names = list(dict.fromkeys(name for row in rows for name in row.parameters))
    spoken = [w for w in worlds if len(worlds) > 1 and w in SAID]
    heads = ["agent", *names, "value", *(SAID[w] for w in spoken), got_word(obligation), "pays"]
    heads += (
        ["utility"]
        if len(worlds) == 1
        else ["utility before", f"utility {BECAME.get(worlds[-1], 'after')}"]
    )
    return Grid(heads, [_line(found, obligation, row, rows, names, spoken) for row in rows])


def _line(
    found: Counterexample, obligation: Obligation, row: Row, rows: list[Row], names: list[str], spoken: list[str]
) -> list[str]:  # fmt: skip
    worlds = list(obligation.worlds)
    # Somebody who is not there at first is a false name of somebody else, and has no value of its own.
    second_name = worlds[0] not in row.reports
    say = lambda value: entry(found, obligation, value)  # noqa: E731
    cells = [f"{row.agent} ({', '.join(row.roles)})" if row.roles else str(row.agent)]
    cells += [plain(row.parameters[n]) for n in names]
    cells += ["-" if second_name else say(row.value)]
    cells += [say(row.reports[w]) if w in row.reports else "-" for w in spoken]
    cells += [_change([holding(obligation, row.gets[w]) if w in row.gets else "-" for w in worlds])]
    cells += [_change([plain(row.pays[w]) if w in row.pays else "-" for w in worlds])]
    utility: dict[str, Any] = {} if second_name else dict(row.utility)
    false_names = any(worlds[0] not in other.reports for other in rows)
    if false_names and found.margin is not None and found.instance.roles.get("i") == row.agent:
        utility[worlds[-1]] = utility[worlds[0]] + found.margin  # what both names are left with
    return cells + [plain(utility[w]) if w in utility else "-" for w in worlds]


def _change(values: list[str]) -> str:
    return values[0] if len(set(values)) == 1 else " -> ".join(values)


def got_word(obligation: Obligation) -> str:
    """What the column of the allocation is called."""
    setting = obligation.rule.setting
    if setting.two_sided:
        return "trades"
    return "wins" if setting.binary and obligation.rule.good is None else "gets"


def holding(obligation: Obligation, got: Any) -> str:
    """What an agent gets, in a word."""
    if obligation.rule.setting.id == "public":
        return f"outcome {plain(got)}"
    if isinstance(got, tuple):
        held = ", ".join(str(good) for good, share in enumerate(got) if share)
        return "{" + held + "}" if held else "nothing"
    if got_word(obligation) != "gets" and got in (0, 1):
        return "yes" if got else "no"
    return plain(got)


def entry(found: Counterexample, obligation: Obligation, value: Any) -> str:
    """One agent's type or report, which may be a table for each kind of report."""
    reports = obligation.rule.reports
    parts = (value,) if len(reports) == 1 else value
    return ", ".join(
        _spell(f, part, found.instance.sizes) for f, part in zip(reports, parts, strict=True)
    )


def _spell(family: Family, value: Any, sizes: Mapping[str, int]) -> str:
    if len(family.over) == 2 and family.domain.boolean:
        return "{" + ", ".join(str(n) for n, flag in enumerate(value) if flag) + "}"
    if family.over[1:] == ("agent",):  # places from 1, of the other side
        return " > ".join(str(k) for _, k in sorted((p, k) for k, p in enumerate(value) if p))
    if family.over[1:] == ("bundle",):
        bundles = sort_domain("bundle", sizes)
        return " ".join(f"{set(t)}:{plain(v)}" for t, v in zip(bundles, value, strict=True))
    return plain(value)


def plain(value: Any) -> str:
    """A number, a flag or a table as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "(" + ", ".join(plain(v) for v in value) + ")"
    return str(Fraction(value)) if isinstance(value, (int, Fraction)) else str(value)


def circumstances(found: Counterexample, obligation: Obligation) -> list[str]:
    """What else the numbers depend on: parameters that belong to nobody, and how ties fall."""
    rule, tables = obligation.rule, found.instance.tables
    numbers = (*rule.parameters, *obligation.property.numbers)
    shared = [f.name for f in numbers if f.over[:1] != ("agent",) and f.name in tables]
    lines = [", ".join(f"{name} = {plain(tables[name])}" for name in shared)] if shared else []
    for world, order in found.instance.orders.items():
        lines.append(f"ties in world '{world}' go to {' before '.join(str(a) for a in order)}")
    lines += beside(obligation, found.instance)
    return lines + troubles(obligation, found.instance)


def beside(obligation: Obligation, instance: Instance) -> list[str]:
    """What a reference gives everybody, where there is one."""
    there = obligation.property.reference
    if there is None:
        return []
    told, word = [], got_word(obligation)
    for row in table(replace(obligation, rule=there), instance):
        for world, got in row.gets.items():
            held = holding(obligation, got)
            held = {"yes": word, "no": "gets nothing"}.get(held, f"gets {held}")
            told.append(f"agent {row.agent} {held} and pays {plain(row.pays[world])}")
    return [f"under {there.id}: {'; '.join(told) or 'no outcome'}"]


def troubles(obligation: Obligation, instance: Instance) -> list[str]:
    """Where code has no outcome: its own words, and the line."""
    code = foreign_of(obligation.rule)
    if code is None:
        return []
    read, told = referee(obligation, instance), []
    for name, world in obligation.worlds.items():
        try:
            code.outcome(read, world)
        except NoOutcome as error:
            told.append(f"in world '{name}' {error}")
    return told


def with_margin(found: Counterexample, margin: Fraction | None) -> Counterexample:
    """The same with the margin that the referee computes."""
    return replace(found, margin=margin)
