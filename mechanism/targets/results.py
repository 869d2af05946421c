"""Which form results have: one reading has to fit them all, and what is ambiguous is not settled silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.forms import SAYS, WHO, Names
from mechanism.targets.kinds import Kind
from mechanism.targets.naming import NAMES, PER_CLICK, found, in_all, per_click
from mechanism.targets.reader import Reader, Unreadable
from mechanism.targets.reading import Parts, described
from mechanism.targets.roles import Scheme, schemes
from mechanism.targets.target import TOLERANCE
from mechanism.targets.values import columns, mapping_of, sequence_of

# What is assumed where several orders fit: that of the arguments.
ORDER = {
    "double": "taken to be in this order",
    "matching": "taken to be (proposer, receiver)",
}
EITHER = "these could be payments in all or prices per click"
TOLD = {"who": "who wins", "money": "the price"}


class Unrecognised(Exception):
    """No form, or more than one, fits; the message shows what was returned, and an adapter."""


@dataclass(frozen=True)
class Probe:
    """One call: what was reported, what came back, and what the agents were called."""

    reports: tuple[Any, ...]
    result: Any
    names: Names


def result_parts(kind: Kind, seen: list[Probe]) -> tuple[Parts, str]:
    """The one reading that fits all results, and what it assumes.

    Raises
    ------
    Unrecognised
        When none does, or two that differ.
    """
    told = next(p for p in seen if p.result is not None)
    if all(isinstance(p.result, Outcome) or p.result is None for p in seen):
        return _an_outcome(kind, seen), ""
    candidates = list(_candidates(kind, told.result))
    for numbered in (False, True):  # from 1 only where counting from 0 does not fit
        some = [c for c in candidates if any("from 1" in form for _, _, form in c) is numbered]
        fitting, assumed = _fitting(kind, some, seen), ""
        if len(fitting) > 1 and kind.id in ORDER:
            ordered = [c for c in some if _in_order(c, told.result)]
            fitting, assumed = _fitting(kind, ordered, seen) or fitting, ORDER[kind.id]
            if len(fitting) == 1 and _in_deficit(kind, fitting[0], seen):
                raise Unrecognised(
                    f"in the order of {described(fitting[0])}, sellers would get more than buyers pay"
                )
        if len(fitting) > 1:
            fitting = [f for f in fitting if _plausible(kind, f, seen)] or fitting
        if len(fitting) == 1:
            if _unnamed(fitting[0]) and _counts(kind, fitting[0], seen):
                break
            _settled(kind, fitting[0], seen)
            return fitting[0], assumed
        if fitting:
            one, other = fitting[:2]
            raise Unrecognised(f"it could be {described(one)} or {described(other)}, which differ")
    raise Unrecognised(_missing(kind, told.result) or "no reading fits")


def _missing(kind: Kind, result: Any) -> str:
    """Which part has none of its known names, where another part has one."""
    fields = mapping_of(result)
    if fields is None:
        return ""
    known = [{role: found(role, fields) for role, _ in s} for s in schemes(kind)]
    if any(all(named.values()) for named in known):
        return ""  # the names are there; what is under them does not fit
    for named in known:
        if read := [f"'{names[0]}'" for names in named.values() if names]:
            missing = next(role for role, names in named.items() if not names)
            usual = [n for n in NAMES[missing] if kind.rates or n not in PER_CLICK]
            what = TOLD.get(missing, f"the part '{missing}'")
            told = f"{' and '.join(read)} {'is' if len(read) == 1 else 'are'} read"
            return f"{told}, but {what} has none of the known names {', '.join(usual)}"
    return ""


def _an_outcome(kind: Kind, seen: list[Probe]) -> Parts:
    parts = (("outcome", "", ""),)
    for probe in seen:
        try:
            Reader(kind, probe.names).read(probe.result, parts)
        except (Unreadable, ValueError, TypeError) as error:
            raise Unrecognised(str(error)) from None
    return parts


def _in_order(parts: Parts, result: Any) -> bool:
    """Whether the parts stand in the order of the arguments, the first side first, and leave nothing out."""
    if len(parts) == 1:
        return parts[0][2] in ("pairs", "trades")
    places = [place for _, place, _ in parts]
    return places == [f"[{k}]" for k in range(len(sequence_of(result) or ()))]


def _in_deficit(kind: Kind, parts: Parts, seen: list[Probe]) -> bool:
    """Whether sellers get more than buyers pay, as where the two are taken for each other."""
    outcomes = (Reader(kind, p.names).read(p.result, parts) for p in seen)
    return kind.id == "double" and any(sum(map(Fraction, o.payments)) < 0 for o in outcomes)


def _settled(kind: Kind, parts: Parts, seen: list[Probe]) -> None:
    """Of slots, whether amounts are paid in all or for each click is told by a name, or by what was reported."""
    (where,) = (place for role, place, _ in parts if role == "money") if kind.rates else ("",)
    if not kind.rates or per_click(where) or in_all(where):
        return
    over_bid = over_worth = differ = False
    for probe in seen:
        outcome = Reader(kind, probe.names).read(probe.result, parts)
        for bid, gets, pays in zip(probe.reports, outcome.allocation, outcome.payments):
            worth, most = Fraction(bid) * Fraction(gets), Fraction(pays) * (1 - TOLERANCE)
            over_bid = over_bid or most > bid  # for each click, nobody would pay it
            over_worth = over_worth or most > worth > 0  # nor that in all
            differ = differ or (gets != 1 and pays != 0)
    if over_worth:
        raise Unrecognised(
            f"{EITHER}: some are more than the clicks are worth to who pays, if paid in all"
        )
    # Of rates up to 1, prices per click come to more than the clicks are worth where bids are close.
    if differ and not over_bid and max(kind.rates) > 1:
        raise Unrecognised(f"{EITHER}: none is more than the bid of who pays")


def _fitting(kind: Kind, candidates: list[Parts], seen: list[Probe]) -> list[Parts]:
    """The readings that fit all results, one of those that always agree."""
    found: dict[tuple, Parts] = {}
    for parts in candidates:
        try:
            outcomes = tuple(Reader(kind, p.names, strict=True).read(p.result, parts) for p in seen)
        except (Unreadable, ValueError, TypeError, OverflowError):
            continue
        if kind.id != "public" and not any(any(flat(o.allocation)) for o in outcomes):
            continue
        key = tuple((tuple(flat(o.allocation)), tuple(flat(o.payments))) for o in outcomes)
        found.setdefault(key, parts)
    return list(found.values())


def decides(kind: Kind, seen: list[Probe], parts: Parts) -> bool:
    """Whether bids decide who gets what: other bids of as many agents come to something else."""
    told: dict[int, set[Any]] = {}
    for probe in seen:
        outcome = Reader(kind, probe.names).read(probe.result, parts)
        told.setdefault(len(probe.reports), set()).add(outcome.allocation)
    return any(len(others) > 1 for others in told.values())


def _plausible(kind: Kind, parts: Parts, seen: list[Probe]) -> bool:
    """Whether bids decide who gets what, and what is paid is no number of units, slots or goods."""
    return decides(kind, seen, parts) and not _counts(kind, parts, seen)


def _counts(kind: Kind, parts: Parts, seen: list[Probe]) -> bool:
    """Whether what is paid could be numbers of units, slots or goods."""
    outcomes = [Reader(kind, p.names).read(p.result, parts) for p in seen]
    paid = {abs(Fraction(amount)) for outcome in outcomes for amount in outcome.payments}
    return paid != {0} and paid <= set(map(Fraction, range(max(kind.count, 1) + 1)))


def _unnamed(parts: Parts) -> bool:
    return any(role == "sales" or place.startswith("*[") for role, place, _ in parts)


def _candidates(kind: Kind, result: Any) -> Iterator[Parts]:
    for scheme in schemes(kind):
        options = [
            [(role, place, form) for place in _places(result, role, scheme) for form in forms]
            for role, forms in scheme
        ]
        for parts in product(*options):
            by_click = all(
                per_click(place) is (form == "per click")
                for role, place, form in parts
                if role == "money"
            )
            ids = any(role != "who" and place == "*" for role, place, _ in parts)  # no amounts
            if len({place for _, place, _ in parts}) == len(parts) and by_click and not ids:
                yield parts


def _places(result: Any, role: str, scheme: Scheme) -> list[str]:
    """Where a part could be: by name if there are names, else by position; in the columns of records."""
    fields = mapping_of(result)
    named = [] if fields is None else _named(role, fields)
    if role == "sales":
        return [*named, ""]
    if len(scheme) == 1:
        several = sequence_of(result)
        first = isinstance(result, tuple) and several is not None and 2 <= len(several) <= 3
        return [*named, "", *(f"[{k}]" for k in range(len(several or ())) if first)]
    if named:
        return named
    if fields is not None and any(_named(other, fields) for other, _ in scheme):
        return []
    entries = sequence_of(result)
    places: list[str] = []
    if entries is not None and isinstance(result, (tuple, list)) and 2 <= len(entries) <= 4:
        places = [f"[{k}]" for k in range(len(entries))]
        if not _alike(entries):
            return places
    told = columns(result)
    if told is not None:
        columned = [f"*{n}" for n in _named(role, told)]
        columned = columned or [f"*{n}" for n in told if n == "" or n.startswith("[")]
        # A pair of dicts by id is no list of two records.
        return columned + (places if isinstance(result, tuple) else [])
    return []


def _named(role: str, fields: Mapping[Any, Any]) -> list[str]:
    """The fields called like a part; of a bid that is passed on as a whole, those that are new before its own."""
    whole = all(name in fields for name in (*WHO, *SAYS))
    new = [n for n in fields if not (whole and n in SAYS and fields[n] == fields[SAYS[0]])]
    return found(role, new) or found(role, fields)


def _alike(entries: list[Any]) -> bool:
    """Whether entries are records of one form, so that the whole is a list of them."""
    rows = [mapping_of(e) for e in entries]
    if all(r is not None for r in rows):
        return len({tuple(r) for r in rows if r is not None}) == 1
    pairs = all(isinstance(e, tuple) and len(e) == len(entries[0]) for e in entries)
    return pairs and isinstance(entries[0], tuple)


def flat(value: Any) -> Iterator[Any]:
    """The numbers in nested tuples."""
    if isinstance(value, tuple):
        for part in value:
            yield from flat(part)
    else:
        yield Fraction(value)
