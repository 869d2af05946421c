"""What tests/implementations/truth.toml says is true, by trying every profile of a small grid.

Nothing of the toolkit is used here: the verdicts of audits are compared with that file elsewhere.
"""

import inspect
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import chain, combinations, permutations, product
from typing import Any

import numpy as np
import pytest
from implementation_rows import FOLDER, Implementation, implementations, module

ROWS = [row for row in implementations() if row.python and not row.loose]
GRID = ("0", "1/2", "1", "2", "5", "12")
SMALL = ("0", "1", "2")  # where each agent reports several numbers
NAMES = ("ann", "bea", "cyd")
BUNDLES = [frozenset(b) for b in ((0,), (1,), (0, 1))]


@dataclass(frozen=True)
class Done:
    """For each agent what it pays and what it gets: a number, or what its value is looked up by."""

    gets: tuple
    pays: tuple


# --- results ---------------------------------------------------------------------------------------


def winner(result: Any, names: list) -> Done:
    who, price = result
    return Done(tuple(int(n == who) for n in names), tuple(price * (n == who) for n in names))


def winners(result: Any, names: list) -> Done:
    paid = dict(zip(*result, strict=True))
    return Done(tuple(int(n in paid) for n in names), tuple(paid.get(n, 0) for n in names))


def vectors(result: Any, names: list) -> Done:
    return Done(tuple(map(int, result[0])), tuple(result[1]))


READERS = {
    "winner": winner,
    "winners": winners,
    "vectors": vectors,
    "dict": lambda r, names: winner((r["winner"], r["price"]), names),
    "object": lambda r, names: winner((r.winner, r.price), names),
    "frame": lambda r, names: vectors((r["allocation"], r["payment"]), names),
    "vectors by name": lambda r, names: vectors(
        [[r[key][n] for n in names] for key in ("allocation", "payments")], names
    ),
    "slots": lambda r, names: Done(
        tuple({0: Fraction(1), 1: Fraction(1, 2), None: 0}[slot] for slot in r[0]), tuple(r[1])
    ),
    "goods": lambda r, names: Done(tuple(r[0]), tuple(r[1])),
    "bundles": lambda r, names: Done(tuple(r[0]), tuple(r[1])),
    "outcome": lambda r, names: Done((r[0],) * len(names), tuple(r[1])),
}


def traders(result: Any) -> Done:
    """Two buyers, then two sellers, who get -1 where they trade."""
    buyers, sellers, price, back = result.values() if isinstance(result, dict) else result
    gets = [*(int(i in buyers) for i in (0, 1)), *(-int(j in sellers) for j in (0, 1))]
    return Done(tuple(gets), tuple(price if x > 0 else -back if x < 0 else 0 for x in gets))


# --- calls -----------------------------------------------------------------------------------------


@cache
def outcome(row: Implementation, reports: tuple) -> Done | None:
    """What the function does with some reports; nothing where it divides by zero."""
    run = row.function()
    if row.form == "traders":
        return traders(run(list(reports[:2]), list(reports[2:])))
    parameters = list(inspect.signature(run).parameters.values())
    names: list = list(range(len(reports)))
    if row.target.startswith("bidders.py"):
        names = list(NAMES[: len(reports)])
        return READERS[row.form](run(dict(zip(names, reports, strict=True))), names)
    if parameters[0].kind is inspect.Parameter.KEYWORD_ONLY:
        names = [p.name for p in parameters]
        return READERS[row.form](run(**dict(zip(names, reports, strict=True))), names)
    if parameters[0].name == "first":
        return READERS[row.form](run(*reports), names)
    bids: Any = [dict(zip(BUNDLES, r)) if row.form == "bundles" else r for r in reports]
    if parameters[0].annotation is np.ndarray:
        bids = np.array(bids, dtype=object)
    try:
        return READERS[row.form](run(bids), names)
    except ZeroDivisionError:
        return None


def profiles(row: Implementation, holds: bool) -> Iterator[tuple]:
    """Every profile of the grid, for every number of agents; what fails has to show early."""
    numbers = [Fraction(n) for n in row.grid or GRID]
    most = max(row.agents) if holds else max(row.shows, min(row.agents))
    for n in [4] if row.form == "traders" else [n for n in row.agents if n <= most]:
        yield from product(types(row, n, numbers), repeat=n)


def types(row: Implementation, n: int, numbers: list[Fraction]) -> list:
    if row.form in ("goods", "outcome", "bundles"):
        small = (
            [Fraction(s) for s in SMALL]
            if n < 3 or row.form == "outcome"
            else [Fraction(0), Fraction(1)]
        )
        size = 3 if row.form == "bundles" else 2
        rows = product(small, repeat=size)
        return [r for r in rows if size == 2 or r[2] >= max(r[:2])]
    return numbers[:4] if row.form == "traders" else numbers


def worth(row: Implementation, value: Any, got: Any) -> Any:
    if row.form in ("goods", "outcome"):
        return 0 if got is None else value[got]
    if row.form == "bundles":
        return value[BUNDLES.index(got)] if got else 0
    return -value * got if row.setting == "procurement" else value * got


def utility(row: Implementation, values: tuple, i: int, done: Done) -> Any:
    pays = -done.pays[i] if row.setting == "procurement" else done.pays[i]
    return worth(row, values[i], done.gets[i]) - pays


# --- properties, as violations ---------------------------------------------------------------------


def supply(row: Implementation) -> int:
    return int(row.setting.partition(":")[2]) if row.setting.startswith("units") else 1


def infeasible(row: Implementation, values: tuple, done: Done) -> bool:
    if row.form == "goods":
        given = [g for g in done.gets if g is not None]
        return len(set(given)) < len(given)
    if row.form == "bundles":
        given = list(chain.from_iterable(done.gets))
        return len(set(given)) < len(given)
    if row.form in ("traders", "slots"):
        slots = [g for g in done.gets if g]
        return sum(done.gets) > 0 if row.form == "traders" else len(set(slots)) < len(slots)
    return row.form != "outcome" and sum(done.gets) > supply(row)


def inefficient(row: Implementation, values: tuple, done: Done) -> bool:
    total = sum(worth(row, v, got) for v, got in zip(values, done.gets, strict=True))
    return total < sum(sorted(values, reverse=True)[: supply(row)])


def gains(row: Implementation, values: tuple, done: Done) -> bool:
    for i, honest in enumerate(values):
        before = utility(row, values, i, done)
        for lie in types(row, len(values), [Fraction(n) for n in row.grid or GRID]):
            after = outcome(row, (*values[:i], lie, *values[i + 1 :])) if lie != honest else done
            if after is not None and utility(row, values, i, after) > before:
                return True
    return False


VIOLATED = {
    "feasibility": infeasible,
    "efficiency": inefficient,
    "dsic": gains,
    "ex-post-ir": lambda row, values, done: any(
        utility(row, values, i, done) < 0 for i in range(len(values))
    ),
    "no-deficit": lambda row, values, done: sum(done.pays) < 0,
    "losers-pay-nothing": lambda row, values, done: any(
        not got and paid for got, paid in zip(done.gets, done.pays, strict=True)
    ),
}
CASES = [
    (row, name, name in row.holds)
    for row in ROWS
    if row.setting != "matching"
    for name in (*row.holds, *row.fails)
]


@pytest.mark.parametrize(
    ("row", "name", "holds"), CASES, ids=lambda c: getattr(c, "target", str(c))
)
def test_the_grid_agrees(row: Implementation, name: str, holds: bool) -> None:
    broken = any(
        VIOLATED[name](row, values, done)
        for values in profiles(row, holds)
        if (done := outcome(row, values)) is not None
    )
    assert broken != holds, row.why


# --- matchings -------------------------------------------------------------------------------------

ORDERS = list(permutations(range(3)))


def stable(match: dict, proposers: tuple, receivers: tuple) -> bool:
    holder = {r: p for p, r in match.items()}
    return not any(
        proposers[p].index(r) < proposers[p].index(match[p])
        and receivers[r].index(p) < receivers[r].index(holder[r])
        for p in range(3)
        for r in range(3)
    )


def truthful(run: Any, proposers: tuple, receivers: tuple) -> bool:
    got = run(proposers, receivers)[0]
    return all(
        proposers[0].index(run((lie, *proposers[1:]), receivers)[0]) >= proposers[0].index(got)
        for lie in ORDERS
    )


@pytest.mark.parametrize(
    "row", [r for r in ROWS if r.setting == "matching"], ids=lambda r: r.target
)
def test_matchings_agree(row: Implementation) -> None:
    run = lambda p, r: dict(row.function()(p, r))  # noqa: E731
    # Every preference of the proposers; of the receivers as many as show what there is to see.
    cases = list(product(product(ORDERS, repeat=3), combinations(ORDERS[:4], 3)))
    found = {
        "stability": all(stable(run(p, r), p, r) for p, r in cases),
        "strategyproofness": all(truthful(run, p, r) for p, r in cases),
    }
    told = {name: name in row.holds for name in found if name in (*row.holds, *row.fails)}
    assert {name: found[name] for name in told} == told, row.why


# --- other programs --------------------------------------------------------------------------------

PROFILES = [[1], [9, 10], [10, 9], [2, 2], [1.25, 1.75], [3, 7.5, 5], [0, 0, 0], [100, 20, 3]]
# The profiles on which a program is not a second-price auction.
WRONG = {"node sorts_as_text.js": {1, 2, 7}, "{c}/truncates": {4}}


@pytest.mark.parametrize(
    "row", [r for r in implementations() if not r.python], ids=lambda r: r.target
)
def test_programs_agree(row: Implementation, programs: dict[str, str]) -> None:
    command = row.target.removeprefix("exec:")
    done = subprocess.run(
        command.format_map(programs).split(),
        input="".join(json.dumps({"bids": bids}) + "\n" for bids in PROFILES),
        capture_output=True,
        check=True,
        cwd=FOLDER,
        text=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(PROFILES)
    right = [
        {"winner": bids.index(max(bids)), "price": sorted([0, *bids])[-2] if len(bids) > 1 else 0}
        for bids in PROFILES
    ]
    wrong = {n for n, (answer, want) in enumerate(zip(answers, right)) if answer != want}
    assert wrong == WRONG.get(command, set())


# --- conduct ---------------------------------------------------------------------------------------


def test_conduct() -> None:
    lists, house, desk = (module(FOLDER / f"{name}.py") for name in ("lists", "house", "desk"))
    bids = [1, 3]
    lists.sorts_in_place(bids)
    assert bids == [3, 1]
    assert {house.takes_turns([1, 1])[0] for _ in "ab"} == {0, 1}
    assert house.ledger([1]) != house.ledger([1])
    with pytest.raises(SystemExit):
        desk.leaves([1])
    with pytest.raises(ZeroDivisionError):
        desk.divides([0, 0])


def test_every_fault_of_conduct_has_an_example() -> None:
    assert {fault for row in implementations() for fault in row.conduct} == {
        "mutation", "state", "random", "timeout", "exit", "crash"
    }  # fmt: skip
