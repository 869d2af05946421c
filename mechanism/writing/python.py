"""A rule as Python source in the rule language, to be pasted into a file."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

import mechanism
from mechanism.errors import InputError
from mechanism.language import Binder, Cases, Computed, Entry, Family, Flag, Index, Inverse
from mechanism.rule import Rule
from mechanism.setting import OWNER, double, positions, units, unlimited
from mechanism.setting_goods import assignment, single_minded

MAKERS = {
    "agent": "agents",
    "good": "goods",
    "bundle": "bundles",
    "outcome": "outcomes",
    "matching": "matchings",
    "partition": "partitions",
    "slot": "slots",
    "rank": "ranks",
}
WIDTH = 88


def python_source(rule: Rule) -> str:
    """A module that defines the rule.

    Raises
    ------
    InputError
        For a rule that is not made of formulas, or whose setting is not one that is written here.

    Examples
    --------
    >>> from mechanism.registry import rule
    >>> source = python_source(rule("posted-price-unlimited"))
    >>> print(source[source.index("price =") :].splitlines()[0])
    price = parameter("price", at_least=0)
    """
    if rule.procedures or rule.allocation.has(Computed):
        raise InputError(
            f"{rule.id} is computed by a procedure, which cannot be written as formulas"
        )
    write = _Writer()
    setting, of_setting = _setting(rule, write)
    parts = {
        "id": repr(rule.id),
        "title": repr(rule.title) if rule.title else "",
        "summary": repr(rule.summary) if rule.summary else "",
        "agent": write.doprint(rule.agent),
        "good": "" if rule.good is None else write.doprint(rule.good),
        "reports": _tuple([b.name for b in rule.reports]),
        "setting_of": of_setting,
        "allocation": write.doprint(rule.allocation),
        "payment": write.doprint(rule.payment),
        "ties": "" if rule.ties == "lowest-index" else repr(rule.ties),
        "min_agents": "" if rule.min_agents == 1 else str(rule.min_agents),
        "admissible": "" if rule.admissible == sp.true else write.doprint(rule.admissible),
        "assumptions": _tuple([write.doprint(a) for a in rule.assumptions], always=True),
        "sizes": repr(dict(rule.sizes)) if rule.sizes else "",
        "carried": _tuple([f.name for f in rule.carried], always=True),
        "claims": _tuple([_claim(c, write) for c in rule.claims], always=True),
        "references": _tuple([repr(r) for r in rule.references], always=True),
    }
    fields = "".join(f"    {name}={text},\n" for name, text in parts.items() if text)
    for family in (*rule.reports, *rule.carried):
        write.family(family)
    body = f"{write.definitions()}\nRULE = Rule(\n{fields})\n"
    if rule.given:
        fixed = ", ".join(f"{name}={_value(value)}" for name, value in rule.given.items()
                          if name in {f.name for f in rule.parameters})  # fmt: skip
        body += f"RULE = RULE.with_parameters({fixed})\n" if fixed else ""
    return f"{write.imports(setting, body)}\n{body}"


def _tuple(texts: list[str], always: bool = False) -> str:
    if len(texts) == 1:
        return f"({texts[0]},)" if always else texts[0]
    return f"({', '.join(texts)})" if texts else ""


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return _tuple([_value(v) for v in value], always=True)
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else f'"{value}"'
    return repr(value)


def _claim(claim: Any, write: _Writer) -> str:
    when = "" if claim.condition == sp.true else write.doprint(claim.condition)
    word = "only_when" if claim.otherwise else "when"
    parts = [repr(claim.property), repr(claim.reference) if claim.reference else ""]
    parts += [f"{word}={when}"] if when else []
    return f"{'holds' if claim.holds else 'fails'}({', '.join(filter(None, parts))})"


def _setting(rule: Rule, write: _Writer) -> tuple[Callable | None, str]:
    """The setting to import, and the argument; nothing for one good."""
    setting = rule.setting
    plain = {"unlimited": unlimited, "single-minded": single_minded, "assignment": assignment}
    if setting.id == "single-item":
        return None, ""
    if setting.id in plain:
        return plain[setting.id], plain[setting.id].__name__
    if setting.id == "units":
        (supply,) = {n.rhs for n in setting.infeasible.args if isinstance(n, sp.Gt)}
        return units, f"lambda rule: units(rule, {write.doprint(supply)})"
    if setting.id == "double":
        (side,) = (f for f in setting.direction.atoms(Flag) if f.index == (OWNER,))
        write.family(side.family)
        return double, f"lambda rule: double(rule, {side.family.name})"
    if setting.id == "slots" and isinstance(rule.allocation, Entry):
        rates, place = rule.allocation.family, write.doprint(rule.allocation.index[-1])
        return positions, f"lambda rule: positions(rule, {rates.name}, {place})"
    raise InputError(f"{rule.id}: rules about {setting.title} cannot be written as Python here")


class _Writer(StrPrinter):
    """Prints expressions, and remembers what has to be defined and imported for them."""

    printmethod = "_in_python"  # the methods below, not the nodes'

    def __init__(self) -> None:
        super().__init__()
        self.indices: dict[str, Index] = {}
        self.families: dict[str, Family] = {}

    def family(self, family: Family) -> str:
        self.families.setdefault(family.name, family)
        return family.name

    def _print_Index(self, expr: Index) -> str:
        name = expr.name.replace("'", "_")
        if not name.isidentifier() or keyword.iskeyword(name):
            name = f"{expr.sort}_{len(self.indices)}"
        while self.indices.setdefault(name, expr) != expr or name in self.families:
            name += "_"
        return name

    def _print_Entry(self, expr: Any) -> str:
        name = self.family(expr.family)
        return f"{name}[{self.stringify(expr.index, ', ')}]" if expr.index else name

    _print_Flag = _print_Entry

    def _print_Applied(self, expr: Any) -> str:
        name = self.family(expr.family)
        call = f"{name}.inverse" if isinstance(expr, Inverse) else name
        return f"{call}({self._print(expr.index)}, {self._print(expr.argument)})"

    _print_Inverse = _print_Applied

    def _binder(self, expr: Binder) -> str:
        shown = [
            f"{name}={self._print(a)}" if name in ("where", "default") and type(expr).__name__ != "First"
            else self._print(a)
            for name, a in zip(expr.names, expr.args, strict=True)
            if not (name == "where" and a == sp.true) and not (name == "default" and a == 0)
        ]  # fmt: skip
        return f"{type(expr).__name__}({', '.join(shown)})"

    _print_ArgMax = _print_Highest = _print_KthHighest = _print_Rank = _print_First = _binder
    _print_Sum = _print_Exists = _print_ForAll = _print_Greedy = _binder

    def _print_Cases(self, expr: Cases) -> str:
        pairs = [f"({self._print(value)}, {self._print(test)})" for value, test in expr.args]
        return f"Cases({', '.join(pairs)})"

    def _print_Max(self, expr: Any) -> str:
        return f"{type(expr).__name__}({self.stringify(expr.args, ', ')})"

    _print_Min = _print_Max

    def _print_Rational(self, expr: Any) -> str:
        return str(expr.p) if expr.q == 1 else f"Rational({expr.p}, {expr.q})"

    _print_Half = _print_Rational

    def definitions(self) -> str:
        lines = []
        by_sort: dict[str, list[str]] = {}
        for name, index in self.indices.items():
            by_sort.setdefault(index.sort, []).append(name)
        for sort, names in by_sort.items():
            lines.append(f'{", ".join(names)} = {MAKERS[sort]}("{" ".join(names)}")')
        return "\n".join([*lines, *map(_family, self.families.values())]) + "\n"

    def imports(self, setting: Callable | None, body: str) -> str:
        ours = sorted(n for n in mechanism.__all__ if _calls(body, n))
        sympys = [n for n in ("Eq", "Implies", "ITE", "Ne", "Rational") if _calls(body, n)]
        lines = [f"from sympy import {', '.join(sympys)}\n\n"] if sympys else []
        lines.append(f"from mechanism import {', '.join(ours)}\n")
        lines += [f"from {setting.__module__} import {setting.__name__}\n"] if setting else []
        return "".join(lines)


def _calls(body: str, name: str) -> bool:
    return re.search(rf"\b{name}\(", body) is not None


def _family(family: Family) -> str:
    domain, told = family.domain, []
    if family.kind == "function":
        return f'{family.name} = increasing_function("{family.name}")'
    if family.over not in ((), ("agent",)) or (family.kind == "parameter" and family.over):
        over = family.over[0] if len(family.over) == 1 else family.over
        told.append(f"over={over!r}".replace("'", '"'))
    is_report = family.kind == "report"
    if domain.lower is not None and not (is_report and domain.lower == 0 and not domain.strict):
        told.append(f"{'above' if domain.strict else 'at_least'}={_value(domain.lower)}")
    if is_report and domain.lower is None and not domain.boolean:
        told.append("at_least=None")
    told += [f"at_most={_value(domain.upper)}"] if domain.upper is not None else []
    told += ["integer=True"] if domain.integer else []
    told += ["boolean=True"] if domain.boolean else []
    return (
        f"{family.name} = {family.kind}({', '.join([f'{chr(34)}{family.name}{chr(34)}', *told])})"
    )
