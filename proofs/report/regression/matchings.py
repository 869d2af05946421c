"""What properties of matchings ask, as the lines of a test, and the plain functions that these lines call.

In tests, agents are numbers from 0 on their side; `likes` are the lists of the proposers, best first, and `hosts` those
of the receivers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mechanism.targets.target import Target
from proofs.report.regression.literals import literal

if TYPE_CHECKING:
    from proofs.report.regression.claims import Seen

_SEVERAL = "who if isinstance(who, (list, tuple, set, frozenset)) else [who]"
_EACH = "entries = value.items() if isinstance(value, dict) else zip({side}, value)"
# For each form of a result: lines that turn `value` into `found`, pairs of a proposer and a receiver.
FORMS = {
    "receiver of each proposer": (
        _EACH.format(side="proposers"),
        f"found = [(one, other) for one, who in entries for other in ({_SEVERAL})]",
    ),
    "proposer of each receiver": (
        _EACH.format(side="receivers"),
        f"found = [(other, one) for one, who in entries for other in ({_SEVERAL})]",
    ),
    "pairs": ("found = list(value)",),
    "pairs, receiver first": ("found = [(proposer, receiver) for receiver, proposer in value]",),
}
PAIRS = '''\
def pairs(result, proposers, receivers):
    """Who is with whom, as numbers (proposer, receiver); names of nobody are left out."""
{body}
    first, second = list(map(str, proposers)), list(map(str, receivers))
    named = [(str(p), str(r)) for p, r in found]
    return [(first.index(p), second.index(r)) for p, r in named if p in first and r in second]'''
FITS = '''\
def fits(found, seats):
    """Whether no proposer has two partners, and no receiver more than seats."""
    proposers, receivers = [p for p, _ in found], [r for _, r in found]
    return len(set(proposers)) == len(proposers) and all(
        receivers.count(r) <= seats[r] for r in receivers
    )'''
JOY = '''\
def joy(wishes, partners):
    """How high somebody places its partners: 1 for the last on its list, -1 for who is not on it."""
    return sum(len(wishes) - wishes.index(x) if x in wishes else -1 for x in partners)'''
JOYS = '''\
def joys(found, likes, hosts):
    """The same for every proposer and every receiver."""
    first = [joy(wishes, [r for p, r in found if p == i]) for i, wishes in enumerate(likes)]
    return first + [joy(wishes, [p for p, r in found if r == k]) for k, wishes in enumerate(hosts)]'''
BLOCKING = '''\
def blocking(found, likes, hosts, seats):
    """Pairs that would rather be together, and pairs of which one would rather not be."""

    def would(wishes, held, free, other):
        return other in wishes and (free or any(joy(wishes, [x]) < joy(wishes, [other]) for x in held))

    odd = [(p, r) for p, r in found if r not in likes[p] or p not in hosts[r]]
    for p, r in product(range(len(likes)), range(len(hosts))):
        held, guests = [x for q, x in found if q == p], [q for q, x in found if x == r]
        if (p, r) not in found and would(likes[p], held, not held, r):
            odd += [(p, r)] * would(hosts[r], guests, len(guests) < seats[r], p)
    return odd'''
BETTER = '''\
def better(found, likes, hosts, seats):
    """A matching that is better for somebody and worse for nobody, or None."""
    now = joys(found, likes, hosts)
    for partners in product([None, *range(len(hosts))], repeat=len(likes)):
        other = [(p, r) for p, r in enumerate(partners) if r is not None]
        then = joys(other, likes, hosts)
        if fits(other, seats) and then != now and all(a >= b for a, b in zip(then, now)):
            return other
    return None'''
# Each may call those before it.
HELPERS = {"fits": FITS, "joy": JOY, "joys": JOYS, "blocking": BLOCKING, "better": BETTER}


def helpers(target: Target, tests: str) -> list[str]:
    """The functions that tests of matchings call, and those that these call."""
    made: list[str] = []
    for name, piece in reversed(HELPERS.items()):
        if f"{name}(" in "".join([tests, *made]):
            made.insert(0, piece)
    return [_pairs(target), *made] if "pairs(" in tests else made


def readable(target: Target) -> bool:
    """Whether a plain function can read the result."""
    assert target.reading is not None
    ((role, _, form),) = target.reading.result
    return role == "partner" and form in FORMS


def _pairs(target: Target) -> str:
    from proofs.report.regression.reading import part

    assert target.reading is not None
    ((_, place, form),) = target.reading.result
    lines = [f"value = {part(place)}", *FORMS[form]]
    return PAIRS.format(body="\n".join(f"    {line}" for line in lines))


def _found(seen: Seen, world: int = 0) -> str:
    call = seen.calls[world]
    sides = call.agents[: seen.split], call.agents[seen.split :]
    return f"pairs({call.text(seen.target)}, {literal(sides[0])}, {literal(sides[1])})"


def _wishes(seen: Seen, agent: int) -> list[int]:
    """Whom an agent lists, best first, as numbers on the other side."""
    there = seen.values[agent]
    other = there[seen.split :] if agent < seen.split else there[: seen.split]
    return sorted((k for k, place in enumerate(other) if place), key=lambda k: other[k])


def _sides(seen: Seen, *, wishes: bool = True) -> list[str]:
    """What is true of both sides."""
    everybody = [_wishes(seen, a) for a in range(len(seen.values))]
    seats = [int(s) for s in seen.target.seats or [1] * (len(seen.values) - seen.split)]
    if not wishes:
        return [f"seats = {literal(seats)}"]
    likes, hosts = everybody[: seen.split], everybody[seen.split :]
    return [f"likes, hosts = {literal(likes)}, {literal(hosts)}", f"seats = {literal(seats)}"]


def _fits(seen: Seen) -> list[str]:
    found = f"found = {_found(seen)}"
    return [*_sides(seen, wishes=False), found, "assert fits(found, seats)"]


def _stable(seen: Seen) -> list[str]:
    return [
        *_sides(seen),
        f"found = {_found(seen)}",
        "assert fits(found, seats)",
        "assert not blocking(found, likes, hosts, seats)",
    ]


def _efficient(seen: Seen) -> list[str]:
    found = f"found = {_found(seen)}"
    return [*_sides(seen), found, "assert better(found, likes, hosts, seats) is None"]


def _no_better_partner(seen: Seen) -> list[str]:
    agent = seen.roles["i"]
    own = agent if agent < seen.split else agent - seen.split
    mine = f"[r for p, r in found if p == {own}]"
    if agent >= seen.split:
        mine = f"[p for p, r in found if r == {own}]"
    return [
        f"wishes = {literal(_wishes(seen, agent))}",
        f"found = {_found(seen)}",
        f"truthful = joy(wishes, {mine})",
        f"found = {_found(seen, 1)}",
        f"lying = joy(wishes, {mine})",
        "assert lying <= truthful",
    ]


ASSERTIONS: dict[str, Callable[[Any], list[str]]] = {
    "matching-feasibility": _fits,
    "stability": _stable,
    "pareto-efficiency": _efficient,
    "matching-strategyproofness": _no_better_partner,
}
