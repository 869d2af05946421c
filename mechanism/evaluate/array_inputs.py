"""Arrays of reports, and the parameters, as a user gives them, checked."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from mechanism.errors import InputError
from mechanism.evaluate.arrays import Array
from mechanism.evaluate.inputs import Inputs, expected, nested
from mechanism.evaluate.profiles import standard
from mechanism.language import Family, exact

if TYPE_CHECKING:
    from mechanism.rule import Rule

HUGE = 1e100  # products of three such numbers are still doubles


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
    expected(rule, reports)
    if not rule.reports:
        raise InputError(
            f"{rule.id}: nobody reports anything, so there are no rows of reports to run"
        )
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
            array = np.array(nested(inputs, family, value, 0, rule.id))
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
            raise _error(
                family, array, np.abs(array) > HUGE, "is too large for doubles; give Fractions"
            )
    if domain.lower is not None and not (
        low > domain.lower if domain.strict else low >= domain.lower
    ):
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
