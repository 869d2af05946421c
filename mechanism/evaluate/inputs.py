"""Reports and parameters as a user gives them, checked: exactly for one profile, in arrays for many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from mechanism.errors import InputError
from mechanism.evaluate.arrays import Array
from mechanism.evaluate.profiles import families_read, standard
from mechanism.instance import sort_domain
from mechanism.language import Family, exact
from mechanism.rule import Rule

HUGE = 1e100  # products of three such numbers are still doubles


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
        values = {parameters[name]: table for name, table in rule.given.items() if name in parameters}
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


def _expected(rule: Rule, reports: tuple) -> None:
    if len(reports) != len(rule.reports):
        names = ", ".join(f.name for f in rule.reports)
        raise InputError(f"{rule.id} takes {len(rule.reports)} kinds of reports ({names}), got {len(reports)}")


# --- one profile, exactly --------------------------------------------------------------------------


def read_profile(rule: Rule, reports: tuple, parameters: Mapping[str, Any]) -> Inputs:
    """Check one profile of reports and the parameters; everything becomes exact.

    Raises
    ------
    InputError
        Naming the agent and the value, or the parameter.
    """
    _expected(rule, reports)
    inputs = Inputs(rule)
    values = inputs.split(parameters)
    for family, said in zip(rule.reports, reports):
        rows = _sequence(said, family.name, "agent")
        inputs.note("agent", len(rows), family.name)
        inputs.enough()
        rows = [_by_bundle(inputs, family, row, rows) for row in rows]
        inputs.tables[family.truth.name] = tuple(
            _nested(inputs, family, row, 1, f"agent {agent}") for agent, row in enumerate(rows)
        )
    for family, value in values.items():
        inputs.tables[family.name] = _nested(inputs, family, value, 0, rule.id)
    return inputs


def _sequence(values: Any, name: str, sort: str) -> list:
    if isinstance(values, (str, Mapping)) or not hasattr(values, "__iter__"):
        raise InputError(f"{name}: give one value for each {sort}, not {values!r}")
    return list(values)


def _nested(inputs: Inputs, family: Family, values: Any, depth: int, where: str) -> Any:
    """Nested tuples of checked entries, from the given index of the family inwards."""
    if depth == len(family.over):
        try:
            return inputs.rule.check(family, values)
        except InputError as error:
            raise InputError(f"{where}: {error}") from None
    sort = family.over[depth]
    entries = _sequence(values, f"{where}: {family.name}", sort)
    inputs.note(sort, len(entries), f"{where}: {family.name}")
    return tuple(
        _nested(inputs, family, entry, depth + 1, f"{where}, {sort} {n}") for n, entry in enumerate(entries)
    )


def _by_bundle(inputs: Inputs, family: Family, row: Any, rows: list) -> Any:
    """Bids by bundle, ``{frozenset({0, 1}): 5}``, as a sequence over all bundles; others are 0."""
    if family.over[1:] != ("bundle",) or not isinstance(row, Mapping):
        return row
    bids = {_bundle(family, bundle): value for bundle, value in row.items()}
    if "good" not in inputs.sizes:
        named = [g for r in rows if isinstance(r, Mapping) for bundle in r for g in _bundle(family, bundle)]
        low, high = inputs.rule.sizes.get("good", (0, 1))
        inputs.sizes["good"] = high if low == high else 1 + max(named, default=0)
    bundles = sort_domain("bundle", inputs.sizes)
    if stray := set(bids) - set(bundles):
        last = inputs.sizes["good"] - 1
        raise InputError(f"{family.name}: the bundle {set(stray.pop())} has other goods than 0 to {last}")
    return [bids.get(bundle, 0) for bundle in bundles]


def _bundle(family: Family, bundle: Any) -> frozenset[int]:
    goods = frozenset(bundle) if isinstance(bundle, (frozenset, set, tuple)) else frozenset()
    if not goods or not all(isinstance(good, int) and good >= 0 for good in goods):
        raise InputError(f"{family.name}: {bundle!r} is not a set of goods; write frozenset({{0, 1}})")
    return goods


# --- many profiles, in arrays ----------------------------------------------------------------------


def read_arrays(rule: Rule, reports: tuple, parameters: Mapping[str, Any]) -> tuple[Inputs, int]:
    """Check arrays of reports, rows first, and the parameters.

    Returns
    -------
    Inputs
    int
        The number of rows.

    Raises
    ------
    InputError
        Naming the row, the agent and the value, or the parameter.
    """
    _expected(rule, reports)
    inputs = Inputs(rule)
    values = inputs.split(parameters)
    rows: dict[str, int] = {}
    for family, said in zip(rule.reports, reports):
        array = _array(inputs, family, said)
        inputs.put(family.truth.name, array)
        rows[family.name] = len(array)
    inputs.enough()
    in_fractions = any(table.dtype == object for table in inputs.tables.values())
    for family, value in values.items():
        if isinstance(value, np.ndarray) and value.ndim == len(family.over) + 1:
            array = _array(inputs, family, value)
            rows[family.name] = len(array)
        else:
            array = np.array(_nested(inputs, family, value, 0, rule.id))
            array = array if in_fractions else _fast(array)
        inputs.put(family.name, array)
    if len(set(rows.values())) > 1:
        told = ", ".join(f"{count} of {name}" for name, count in rows.items())
        raise InputError(f"{rule.id}: all arrays must have equally many rows, not {told}")
    return inputs, rows[rule.reports[0].name]


def _array(inputs: Inputs, family: Family, values: Any) -> Array:
    array = np.asarray(values)
    if array.ndim != len(family.over) + 1:
        axes = ", ".join(("row", *family.over))
        raise InputError(
            f"{family.name}: give an array with the axes [{axes}], not one of the shape {array.shape}"
        )
    for sort, length in zip(family.over, array.shape[1:]):
        inputs.note(sort, length, family.name)
    if family.kind == "function":
        return array
    if family.domain.boolean:
        return _flags(family, array)
    if array.dtype == object:
        array = np.frompyfunc(lambda number: exact(number, family.name), 1, 1)(array)
    elif array.dtype.kind not in "iuf":
        raise InputError(f"{family.name}: give an array of numbers, not of {array.dtype}")
    return _inside(family, standard(array))


def _flags(family: Family, array: Array) -> Array:
    if array.dtype != bool and not np.isin(array, (0, 1)).all():
        raise InputError(f"{family.name}: give an array of True and False")
    return array.astype(bool)


def _inside(family: Family, array: Array) -> Array:
    """The array, if all its numbers are finite and in the family's domain."""
    domain = family.domain
    if array.size == 0:
        return array
    low, high = array.min(), array.max()  # a NaN would be both
    outside = []
    if array.dtype.kind == "f":
        if not (np.isfinite(low) and np.isfinite(high)):
            raise _error(family, array, ~np.isfinite(array), "is not a finite number")
        if max(-low, high) > HUGE:
            raise _error(family, array, np.abs(array) > HUGE, "is too large for doubles; give Fractions")
    if domain.lower is not None and not (low > domain.lower if domain.strict else low >= domain.lower):
        outside.append(array <= domain.lower if domain.strict else array < domain.lower)
    if domain.upper is not None and high > domain.upper:
        outside.append(array > domain.upper)
    if domain.integer and array.dtype.kind not in "iu":
        outside.append(array % 1 != 0)
    for where in outside:
        if where.any():
            raise _error(family, array, where, f"is outside its domain ({domain})")
    return array


def _error(family: Family, array: Array, where: Array, what: str) -> InputError:
    row, *rest = (int(n) for n in np.argwhere(where)[0])
    place = [f"row {row}", *(f"{sort} {n}" for sort, n in zip(family.over, rest))]
    return InputError(f"{', '.join(place)}: {family.name}: {array[(row, *rest)]} {what}")


def _fast(table: Array) -> Array:
    """Fractions as int64 where they are whole, else as doubles; other tables as they are."""
    numbers = table.ravel().tolist()
    if not all(isinstance(n, Fraction) for n in numbers) or not numbers:
        return table
    small = all(n.denominator == 1 and abs(n) < 2**63 for n in numbers)
    return table.astype(np.int64 if small else np.float64)
