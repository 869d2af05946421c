"""One profile of reports and the parameters as a user gives them, checked and made exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mechanism.errors import InputError
from mechanism.evaluate.arrays import Array
from mechanism.evaluate.profiles import families_read
from mechanism.fixing import entry
from mechanism.instance import sort_domain
from mechanism.language import Family, exact

if TYPE_CHECKING:
    from mechanism.rule import Rule


@dataclass
class Inputs:
    """What a rule is run on.

    Parameters
    ----------
    rule : Rule
    sizes : dict of str to int
        Read off the lengths of what is given.
    tables : dict of str to table
        By the names of the families, the reports by those of their types.
    bounds : dict of str to int
        For tables of integers, the largest absolute value; for other numbers, 1.
    """

    rule: Rule
    sizes: dict[str, int] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    bounds: dict[str, int] = field(default_factory=dict)

    def note(self, sort: str, length: int, where: str) -> None:
        """Take the size of a sort from a length, or check that it agrees with what was seen before."""
        if sort == "rank":
            sort = "agent"
        if sort == "bundle":
            sort, goods = "good", (length + 1).bit_length() - 1
            if length != 2**goods - 1:
                raise InputError(
                    f"{where}: {length} values are not one for each non-empty set of goods (1, 3, 7, 15, ...)"
                )
            length = goods
        if self.sizes.setdefault(sort, length) != length:
            raise InputError(
                f"{where}: give one value for each of the {self.sizes[sort]} {sort}s, not for {length}"
            )

    def put(self, name: str, table: Array) -> None:
        """Keep an array of a family, and how large its numbers are."""
        self.tables[name] = table
        if table.dtype != object or not (table.size and callable(table.flat[0])):
            whole = table.dtype.kind == "i" and table.size > 0
            self.bounds[name] = max(-int(table.min()), int(table.max())) if whole else 1

    def missing(self, family: Family) -> InputError:
        each = f", one for each {' and '.join(family.over)}" if family.over else ""
        kind = (
            "a strictly increasing function, see mechanism.virtual"
            if family.kind == "function"
            else str(family.domain)
        )
        return InputError(
            f"{self.rule.id} needs the parameter '{family.name}' ({kind}{each}); pass {family.name}=..."
        )

    def split(self, given: Mapping[str, Any]) -> dict[Family, Any]:
        """The parameters that the rule reads with their values; sizes are noted on the way.

        Raises
        ------
        InputError
            For a name that the rule does not have, that is fixed already, or that is missing.
        """
        rule, parameters = self.rule, {f.name: f for f in self.rule.parameters}
        values = {
            parameters[name]: table for name, table in rule.given.items() if name in parameters
        }
        for name, value in given.items():
            if name in rule.given:
                raise InputError(f"{rule.id}: the parameter '{name}' is fixed already")
            if name in rule.sizes:
                self.note(name, _count(value, name), name)
            elif name in parameters:
                values[parameters[name]] = value
            else:
                known = [*parameters, *rule.sizes]
                has = f"its parameters are {', '.join(known)}" if known else "it has no parameters"
                raise InputError(f"{rule.id} has no parameter '{name}'; {has}")
        exprs = (rule.allocation, rule.payment, rule.admissible, *rule.assumptions)
        for family in sorted(frozenset().union(*map(families_read, exprs)), key=lambda f: f.name):
            if family.kind in ("parameter", "function") and family not in values:
                raise self.missing(family)
        return values

    def enough(self) -> None:
        """Refuse fewer agents than the rule is meant for."""
        count, least = self.sizes["agent"], self.rule.min_agents
        if count < least:
            raise InputError(f"{self.rule.id} is for {least} or more agents, got {count}")


def _count(value: Any, name: str) -> int:
    number = exact(value, name)
    if number.denominator != 1 or number < 1:
        raise InputError(f"{name}: the number of {name}s must be a positive whole number")
    return int(number)


def expected(rule: Rule, reports: tuple) -> None:
    """Refuse the wrong number of reports."""
    if len(reports) != len(rule.reports):
        names = ", ".join(f.name for f in rule.reports)
        raise InputError(
            f"{rule.id} takes {len(rule.reports)} kinds of reports ({names}), got {len(reports)}"
        )


def read_profile(rule: Rule, reports: tuple, parameters: Mapping[str, Any]) -> Inputs:
    """Check one profile of reports and the parameters; everything becomes exact.

    Raises
    ------
    InputError
        Naming the agent and the value, or the parameter.
    """
    expected(rule, reports)
    inputs = Inputs(rule)
    values = inputs.split(parameters)
    for family, said in zip(rule.reports, reports):
        rows = _sequence(said, family.name, "agent")
        inputs.note("agent", len(rows), family.name)
        inputs.enough()
        rows = [_by_bundle(inputs, family, row, rows) for row in rows]
        inputs.tables[family.truth.name] = tuple(
            nested(inputs, family, row, 1, f"agent {agent}") for agent, row in enumerate(rows)
        )
    for family, value in values.items():
        inputs.tables[family.name] = nested(inputs, family, value, 0, rule.id)
    return inputs


def _sequence(values: Any, name: str, sort: str) -> list:
    if isinstance(values, (str, Mapping)) or not hasattr(values, "__iter__"):
        raise InputError(f"{name}: give one value for each {sort}, not {values!r}")
    return list(values)


def nested(inputs: Inputs, family: Family, values: Any, depth: int, where: str) -> Any:
    """Nested tuples of checked entries, from the given index of the family inwards."""
    if depth == len(family.over):
        try:
            return entry(family, values)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    sort = family.over[depth]
    entries = _sequence(values, f"{where}: {family.name}", sort)
    inputs.note(sort, len(entries), f"{where}: {family.name}")
    return tuple(
        nested(inputs, family, entry, depth + 1, f"{where}, {sort} {n}")
        for n, entry in enumerate(entries)
    )


def _by_bundle(inputs: Inputs, family: Family, row: Any, rows: list) -> Any:
    """Bids by bundle, ``{frozenset({0, 1}): 5}``, as a sequence over all bundles; others are 0."""
    if family.over[1:] != ("bundle",) or not isinstance(row, Mapping):
        return row
    bids = {_bundle(family, bundle): value for bundle, value in row.items()}
    if "good" not in inputs.sizes:
        named = [
            g
            for r in rows
            if isinstance(r, Mapping)
            for bundle in r
            for g in _bundle(family, bundle)
        ]
        low, high = inputs.rule.sizes.get("good", (0, 1))
        inputs.sizes["good"] = high if low == high else 1 + max(named, default=0)
    bundles = sort_domain("bundle", inputs.sizes)
    if stray := set(bids) - set(bundles):
        last = inputs.sizes["good"] - 1
        raise InputError(
            f"{family.name}: the bundle {set(stray.pop())} has other goods than 0 to {last}"
        )
    return [bids.get(bundle, 0) for bundle in bundles]


def _bundle(family: Family, bundle: Any) -> frozenset[int]:
    goods = frozenset(bundle) if isinstance(bundle, (frozenset, set, tuple)) else frozenset()
    if not goods or not all(isinstance(good, int) and good >= 0 for good in goods):
        raise InputError(
            f"{family.name}: {bundle!r} is not a set of goods; write frozenset({{0, 1}})"
        )
    return goods
