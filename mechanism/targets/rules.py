"""A rule for foreign code: the setting of `--as`, with the outcome that the code computes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from mechanism.errors import InputError
from mechanism.language import (
    Computed,
    Family,
    Index,
    agents,
    exact,
    goods,
    outcomes,
    parameter,
    report,
)
from mechanism.matching import PLACES, PROPOSER, SEATS, matching, strict_preferences
from mechanism.rule import Claim, Rule
from mechanism.setting import (
    OWNER,
    Setting,
    double,
    positions,
    procurement,
    single_item,
    units,
)
from mechanism.setting_goods import assignment, combinatorial, public
from mechanism.targets.callee import OBJECTS
from mechanism.targets.foreign import WHO, Foreign
from mechanism.targets.kinds import kind
from mechanism.targets.known import recognised
from mechanism.targets.reading import told
from mechanism.targets.target import MEGABYTES, SECONDS, Target

I, K = agents("i k")
G, O = goods("g"), outcomes("o")
BUYER = parameter("buyer", over="agent", boolean=True)


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
    until: float = float("inf"),
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
    until : float
        When `time.monotonic` is there, the form has to be known.

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
    rule = rule_of(recognised(target, until))
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


def _rule(target: Target, b: Family, setting_of: Callable[[Rule], Setting], **parts: Any) -> Rule:
    index = tuple(Index(f"{sort[0]}'", sort) for sort in b.over[1:])
    foreign = Foreign(target, b[(WHO, *index)], *parts.pop("flags", ()))
    good = parts.get("good")
    where = parts.pop("where", (I,) if good is None else (I, good))
    most = target.most_agents
    return Rule(
        id=target.place,
        title=told(target),
        summary="; ".join(target.edges),
        reports=b,
        agent=I,
        setting_of=setting_of,
        allocation=Computed(foreign, "allocation", *where),
        payment=parts.pop("payment", Computed(foreign, "payment", I)),
        min_agents=target.min_agents if target.kind.id != "matching" else target.kind.agents or 2,
        max_agents=most,
        **parts,
    )


def _number(target: Target) -> Family:
    """One number from each agent; whole where the code takes no others."""
    whole = target.reading is not None and target.reading.numbers == "int"
    return _whole(report("b")) if whole else report("b")


def _whole(b: Family) -> Family:
    return Family(b.name, b.kind, b.over, replace(b.domain, integer=True))


def _amounts(setting_of: Callable[[Rule], Setting]) -> Callable[[Target], Rule]:
    return lambda target: _rule(target, _number(target), setting_of)


def _units(target: Target) -> Rule:
    return _rule(target, _number(target), lambda rule: units(rule, sp.Integer(target.kind.count)))


def _slots(target: Target) -> Rule:
    rate = parameter("rate", over="slot", at_least=0)
    rates = target.kind.rates
    return _rule(
        target,
        _number(target),
        lambda rule: positions(rule, rate),
        sizes={"slot": (len(rates), len(rates))},
        given={"rate": rates},
    )


def _double(target: Target) -> Rule:
    buyers, sellers = target.kind.sides
    return _rule(
        target,
        _number(target),
        lambda rule: double(rule, BUYER),
        flags=(BUYER[WHO],),
        carried=(BUYER,),
        given={"buyer": (True,) * buyers + (False,) * sellers},
    )


def _by_good(setting_of: Callable[[Rule], Setting], sort: str) -> Callable[[Target], Rule]:
    def make(target: Target) -> Rule:
        count = target.kind.count
        b = report("b", over=("agent", sort))
        return _rule(target, b, setting_of, good=G, sizes={"good": (count, count)})

    return make


def _public(target: Target) -> Rule:
    count = target.kind.count
    b = report("b", over=("agent", "outcome"))
    return _rule(
        target, b, lambda rule: public(rule, O), where=(), sizes={"outcome": (count, count)}
    )


def _matching(target: Target) -> Rule:
    side = PROPOSER[OWNER] if target.side != "receivers" else ~PROPOSER[OWNER]
    (n, m), seats = target.kind.sides, target.seats
    given: dict[str, Any] = {"proposer": (True,) * n + (False,) * m} if n else {}
    if seats:
        given["seats"] = tuple(map(Fraction, (*(1,) * n, *seats)))
    return _rule(
        target,
        PLACES,
        lambda rule: matching(rule, side, SEATS[OWNER] if seats else sp.S.One),
        flags=(PROPOSER[WHO],),
        good=K,
        payment=sp.S.Zero,
        admissible=strict_preferences(I, not target.kind.incomplete),
        given=given,
    )


MAKERS: dict[str, Callable[[Target], Rule]] = {
    "single-item": _amounts(single_item),
    "units": _units,
    "slots": _slots,
    "double": _double,
    "assignment": _by_good(assignment, "good"),
    "combinatorial": _by_good(combinatorial, "bundle"),
    "procurement": _amounts(procurement),
    "public": _public,
    "matching": _matching,
}
