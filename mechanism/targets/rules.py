"""A rule for foreign code: the setting of `--as`, with the outcome that the code computes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.language import Computed, agents, exact, report
from mechanism.rule import Claim, Rule
from mechanism.setting import single_item, units
from mechanism.targets.callee import OBJECTS
from mechanism.targets.foreign import WHO, Foreign
from mechanism.targets.kinds import kind
from mechanism.targets.reading import told
from mechanism.targets.session import recognised
from mechanism.targets.target import MEGABYTES, SECONDS, Target

I = agents("i")


def foreign_rule(
    code: str | Callable[..., Any],
    as_: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    claims: Mapping[str, str] | None = None,
    side: str = "",
    numbers: str = "json",
    seconds: float = SECONDS,
    megabytes: int = MEGABYTES,
    seed: int = 0,
) -> Rule:
    """The rule that stands for somebody else's code, after a few calls have told its form.

    Parameters
    ----------
    code : str or callable
        ``package.module:function``, ``path/file.py:function``, ``...:Class.method``, ``exec:COMMAND``, or
        a function.
    as_ : str
        The setting: ``single-item``, ``units:3`` and so on, see `mechanism.targets.kinds`.
    parameters : mapping, optional
        Further arguments of the code, by name.
    claims : mapping of str to str, optional
        For a property, ``holds`` or ``fails``.
    side : str
        Of a matching, the side whose strategyproofness is asked about.
    numbers : str
        Of programs, how numbers go out: ``json`` or ``rational``.
    seconds, megabytes : number
        The limits of a call and of a worker.
    seed : int
        The global random state before each call.

    Raises
    ------
    InputError
        When the code is not there, cannot be imported, or has no form that is known.

    Examples
    --------
    >>> def auction(bids):
    ...     order = sorted(range(len(bids)), key=lambda i: -bids[i])
    ...     return order[0], bids[order[1]]
    >>> foreign_rule(auction, "single-item").run([3, 7, 5]).payments
    (Fraction(0, 1), Fraction(5, 1), Fraction(0, 1))
    """
    place = code if isinstance(code, str) else named_object(code)
    given = tuple((n, parameter_value(v, n)) for n, v in (parameters or {}).items())
    target = Target(
        place,
        kind(as_),
        given,
        numbers=numbers,
        side=side,
        seconds=seconds,
        megabytes=megabytes,
        seed=seed,
    )
    rule = rule_of(recognised(target))
    return replace(rule, claims=tuple(_claim(p, word) for p, word in (claims or {}).items()))


def named_object(function: Callable[..., Any]) -> str:
    """A name for a function that was given as an object; workers are forked with it."""
    name = getattr(function, "__qualname__", type(function).__name__)
    file = getattr(inspect.getmodule(function), "__file__", None)
    place = f"{file or getattr(function, '__module__', 'python')}:{name}"
    OBJECTS[place] = function
    return place


def parameter_value(value: Any, name: str) -> Any:
    """An argument as it is kept: exact numbers, flags, names, or tuples of them."""
    if isinstance(value, (list, tuple)):
        return tuple(parameter_value(v, name) for v in value)
    if isinstance(value, str):
        if value.lower() in ("true", "yes", "false", "no"):
            return value.lower() in ("true", "yes")
        try:
            return Fraction(value)
        except ValueError:
            return value
    return value if isinstance(value, bool) else exact(value, name)


def _claim(name: str, word: str) -> Claim:
    if word not in ("holds", "fails"):
        raise InputError(f"--claim: write {name}=holds or {name}=fails, not '{name}={word}'")
    return Claim(name, word == "holds", reference="the caller")


def rule_of(target: Target) -> Rule:
    """The rule that stands for a target whose reading is known."""
    return MAKERS[target.kind.id](target)


def _amounts(target: Target, setting_of: Callable[[Rule], Any]) -> Rule:
    b = report("b")
    return _rule(target, b, Foreign(target, b[WHO]), setting_of)


def _rule(target: Target, reports: Any, foreign: Foreign, setting_of: Any, **parts: Any) -> Rule:
    good = parts.get("good")
    where = (I,) if good is None else (I, good)
    return Rule(
        id=target.place,
        title=told(target),
        reports=reports,
        agent=I,
        setting_of=setting_of,
        allocation=Computed(foreign, "allocation", *where),
        payment=Computed(foreign, "payment", I),
        min_agents=target.min_agents,
        **parts,
    )


def _single_item(target: Target) -> Rule:
    return _amounts(target, single_item)


def _units(target: Target) -> Rule:
    return _amounts(target, lambda rule: units(rule, sp.Integer(target.kind.count)))


MAKERS: dict[str, Callable[[Target], Rule]] = {
    "single-item": _single_item,
    "units": _units,
}
