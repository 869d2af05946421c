"""The exploration: run the code again and again, each time down one more of the ways left open.

The state of a path is its own oracle. A run under the state of a fork decides everything up to that fork
as before, without a list of decisions; a running hash of the decisions tells where it does not.
"""

from __future__ import annotations

import linecache
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from mechanism.language.family import Domain
from mechanism.outcome import Outcome
from proofs.engines.paths.alarm import alarm
from proofs.engines.paths.atoms import AT_MOST, LESS, Atom, atom
from proofs.engines.paths.closure import State
from proofs.engines.paths.control import Control, enter, place_of
from proofs.engines.paths.forms import whole
from proofs.engines.paths.guard import Guard
from proofs.engines.paths.injection import injected
from proofs.engines.paths.leaves import Crash, Exploration, Leaf, Stop, forms
from proofs.engines.paths.memory import Memory
from proofs.engines.paths.oracle import Oracle
from proofs.engines.paths.path import USUAL, Bounds, Fork, Path
from proofs.engines.paths.proxy import Proxy
from proofs.engines.paths.validate import Validation

Call = Callable[[list[Any]], Outcome]


def explore(
    call: Call,
    agents: int,
    domain: Domain,
    bounds: Bounds = USUAL,
    *,
    over: tuple[int, ...] = (),
    files: Iterable[str] = (),
    validated: bool = True,
) -> Exploration:
    """Every way through a function for a number of agents.

    Parameters
    ----------
    call : callable
        Takes a list with the report of each agent (nested lists, where `over` has sizes) and returns an
        `Outcome`; it must keep whatever numbers it is given.
    domain : Domain
        Of every number that is reported.
    over : tuple of int
        The sizes of the other indices of a report, for example the number of goods.
    files : iterable of str
        The source files of the code under audit, in which names such as ``sorted`` are replaced while it
        runs on symbols, and to which places are given.
    validated : bool
        Whether the leaves are compared with the function itself, see `Validation`.
    """
    return Explorer(call, agents, domain, bounds, over, frozenset(files)).run(validated)


class Explorer:
    """One exploration."""

    def __init__(
        self,
        call: Call,
        agents: int,
        domain: Domain,
        bounds: Bounds,
        over: tuple[int, ...],
        files: frozenset[str],
    ) -> None:
        self.agents, self.domain, self.bounds = agents, domain, bounds
        self.over, self.files = over, files
        self.call = Guard(call, files)
        self.variables = agents
        for size in over:
            self.variables *= size
        self.oracle = Oracle()
        self.memory = Memory(files)
        self.base = State(self.variables, self.oracle)
        for one in self._inside():
            self.base.assume(one)
        self.todo: list[Fork] = []
        self.leaves: list[Leaf] = []
        self.stops: list[Stop] = []
        self.notes: dict[str, str] = {}
        self.decisions = 0

    def _inside(self) -> Iterator[Atom]:
        for variable in range(self.variables):
            if self.domain.lower is not None:
                sign = LESS if self.domain.strict else AT_MOST
                yield atom(sign, {(variable,): -1}, whole(self.domain.lower))
            if self.domain.upper is not None:
                yield atom(AT_MOST, {(variable,): 1}, -whole(self.domain.upper))

    def run(self, validated: bool) -> Exploration:
        with self.call:
            return self._run(validated)

    def _run(self, validated: bool) -> Exploration:
        start = time.monotonic()
        self.deadline = start + self.bounds.seconds
        self.todo = [Fork(self.base)]
        self.memory.enter()
        with injected(self.files):
            while self.todo and not self.stops:
                if len(self.leaves) >= self.bounds.leaves:
                    self._stop("bound", f"more than {self.bounds.leaves} paths")
                elif time.monotonic() > self.deadline:
                    self._stop("bound", "time ran out")
                else:
                    self._explore(self.todo.pop())
        explored = time.monotonic() - start
        checks: dict[str, int] = {}
        if validated and not self.stops:
            validation = Validation(self)
            self.stops += validation.run()
            checks = validation.agreed
        self.memory.leave()
        counters = {
            "leaves": len(self.leaves), "open": len(self.todo), "comparisons": self.decisions,
            "solver checks": self.oracle.checks, "unknown": self.oracle.unknown,
            "exploring": explored, "validating": time.monotonic() - start - explored,
        }  # fmt: skip
        return Exploration(
            self.agents, self.over, self.domain, self.bounds, tuple(self.leaves),
            tuple(self.stops), dict(self.notes), checks, counters,
        )  # fmt: skip

    def _stop(self, kind: str, reason: str, place: str = "") -> None:
        self.stops.append(Stop(kind, reason, place))

    def _explore(self, fork: Fork) -> None:
        path, leaf = self.follow(fork, self.todo.append)
        self.decisions += path.decisions
        for kind, where in path.notes.items():
            self.notes.setdefault(kind, where)
        if path.stopped is not None and path.stopped.kind != "infeasible":
            # A path that contradicts itself was possible only because a solver did not know.
            self._stop(path.stopped.kind, path.stopped.reason, path.stopped.place)
        elif leaf is not None:
            self.leaves.append(leaf)

    def follow(
        self, fork: Fork, push: Callable[[Fork], None] | None, alphabet: int = 0
    ) -> tuple[Path, Leaf | None]:
        """Run the code once under the state of a fork."""
        path = Path(
            fork, self.variables, self.bounds, self.deadline, self.files, push, alphabet=alphabet
        )
        reports = self.nest([Proxy({(v,): 1}, 0) for v in range(self.variables)])
        outcome, crash = None, None
        self.memory.restore()
        enter(path)
        try:
            with alarm(self.bounds.stuck, path):
                outcome = self.call(reports)
            allocation, payments = forms(outcome.allocation), forms(outcome.payments)
        except Control:
            pass
        except RecursionError:
            path.stop("bound", "the recursion does not end")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the code raises is its answer there
            crash = crash_of(error, self.files)
        finally:
            enter(None)
            self.memory.note_traces(path)
        if path.stopped is None and path.decisions < fork.decisions:
            path.stop("random", "the same reports take another way through the code")
        if path.stopped is not None:
            return path, None
        condition = tuple(path.state.atoms[len(self.base.atoms) :])
        if crash is not None:
            allocation, payments = (), ()
        leaf = Leaf(
            condition, allocation, payments, crash, tuple(path.auxiliaries), path.state,
            path.decisions, path.trace,
        )  # fmt: skip
        return path, leaf

    def nest(self, flat: list[Any]) -> list[Any]:
        """The reports of all agents in the form in which the function takes them."""
        rows = flat
        for size in reversed(self.over):
            rows = [rows[k : k + size] for k in range(0, len(rows), size)]
        return rows


def crash_of(error: BaseException, files: frozenset[str]) -> Crash:
    """What an exception says, and whether the code raised it on purpose."""
    where = place_of(error, files)
    file, _, line = where.rpartition(":")
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    own = last is not None and f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" == where
    text = linecache.getline(file, int(line)).strip() if own else ""
    refused = text.startswith(("raise", "assert")) or ": raise" in text
    return Crash(type(error).__name__, str(error), where, refused)


__all__ = ["Call", "Explorer", "explore"]
