"""One path: the state it has reached, the decisions on the way, and what it noticed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from proofs.engines.paths.atoms import Atom, atom
from proofs.engines.paths.closure import State
from proofs.engines.paths.control import Control, place
from proofs.engines.paths.forms import Form, Terms


@dataclass(frozen=True)
class Bounds:
    """How far an exploration goes.

    Parameters
    ----------
    leaves : int
        Paths in all.
    decisions : int
        Comparisons on one path.
    seconds : float
        Wall clock, for all paths.
    stuck : float
        Seconds that one path may take, a loop without a comparison included.
    """

    leaves: int = 2_000
    decisions: int = 3_000
    seconds: float = 10.0
    stuck: float = 2.0


USUAL = Bounds()


@dataclass(frozen=True)
class Fork:
    """A path yet to be run: the state below a decision, and how to recognise that decision."""

    state: State
    decisions: int = 0
    trace: int = 0


@dataclass(frozen=True)
class Auxiliary:
    """A number that a path defined: a quotient, a root, a whole part.

    Parameters
    ----------
    kind : str
        ``quotient`` (of two forms), ``root``, ``floor``; a function of what it is of, wherever it is met.
    integer : bool
        Whether it is a whole number.
    """

    variable: int
    kind: str
    of: tuple[Form, ...]
    integer: bool = False


@dataclass
class Path:
    """What runs. Its methods are called by the proxies.

    Parameters
    ----------
    variables : int
        Those of the reports; auxiliary ones are numbered from there.
    push : callable
        Takes the forks met on the way; None replays a leaf, where no fork may be met.
    """

    fork: Fork
    variables: int
    bounds: Bounds
    deadline: float
    files: frozenset[str]
    push: Callable[[Fork], None] | None
    alphabet: int = 0
    decisions: int = 0
    trace: int = 0
    stopped: Control | None = None
    notes: dict[str, str] = field(default_factory=dict)
    auxiliaries: list[Auxiliary] = field(default_factory=list)
    tokens: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self.fork.state.copy()
        self.base = self.fork.state
        self._memo: dict[Any, int] = {}

    # --- decisions -----------------------------------------------------------------------------

    def branch(self, test: Atom) -> bool:
        """Decide an atom; where both sides are possible, the other one is left for another path."""
        self._step(hash(test.key))
        decided = self.state.implied(test)
        if decided is not None:
            return decided
        self._new_decision()
        yes, no = self.state.feasible((test,)), self.state.feasible((test.negation,))
        if yes is None and no is None:
            raise self.stop("infeasible", "the path contradicts itself")
        if yes is not None and no is not None:
            self._leave(no)
            self.state = yes
            return True
        self.state.learn(test, yes is not None)
        return yes is not None

    def choose(self, cases: Sequence[tuple[Atom | bool, ...]]) -> int:
        """Decide between cases of which exactly one holds, each a conjunction of atoms."""
        self._step(hash(tuple(t if isinstance(t, bool) else t.key for c in cases for t in c)))
        still: list[tuple[int, list[Atom]]] = []
        for number, case in enumerate(cases):
            told = [t if isinstance(t, bool) else self.state.implied(t) for t in case]
            if False in told:
                continue
            left = [t for t, known in zip(case, told) if known is None and isinstance(t, Atom)]
            if not left:
                return number
            still.append((number, left))
        self._new_decision()
        found = [(n, s) for n, left in still if (s := self.state.feasible(left)) is not None]
        if not found:
            raise self.stop("infeasible", "the path contradicts itself")
        for _, state in reversed(found[1:]):
            self._leave(state)
        number, self.state = found[0]
        return number

    def _step(self, mark: int) -> None:
        self.decisions += 1
        self.trace = hash((self.trace, mark))
        fork = self.fork
        if self.decisions == fork.decisions and self.trace != fork.trace:
            raise self.stop("random", "the same reports take another way through the code")
        if self.decisions > self.bounds.decisions:
            raise self.stop("bound", f"more than {self.bounds.decisions} comparisons on one path")
        if not self.decisions & 15 and time.monotonic() > self.deadline:
            raise self.stop("bound", "time ran out")

    def _new_decision(self) -> None:
        if self.push is None or self.decisions <= self.fork.decisions:
            raise self.stop("random", "the same reports take another way through the code")

    def _leave(self, state: State) -> None:
        assert self.push is not None
        self.push(Fork(state, self.decisions, self.trace))

    # --- auxiliary numbers ---------------------------------------------------------------------

    def auxiliary(self, kind: str, *of: Form, integer: bool = False) -> tuple[int, bool]:
        """The variable of an auxiliary number, and whether it is new: the same expression has one."""
        key = (kind, of)
        if key in self._memo:
            return self._memo[key], False
        variable = self._memo[key] = self.variables + len(self.auxiliaries)
        self.auxiliaries.append(Auxiliary(variable, kind, of, integer))
        self.state.declare(variable, integer)
        return variable, True

    def define(self, sign: str, terms: Terms, const: Any) -> None:
        """Assume what defines an auxiliary number."""
        if not terms:
            return
        if not self.state.assume(atom(sign, terms, const)):
            raise self.stop("infeasible", "the path contradicts itself")

    # --- what is noticed -----------------------------------------------------------------------

    def stop(self, kind: str, reason: str) -> Control:
        """The exception that ends the path; the first one is kept."""
        control = Control(kind, reason, place(self.files))
        self.stopped = self.stopped or control
        return control

    def note(self, kind: str, where: str | None = None) -> None:
        """Something the proof leans on, with the place where it happened first."""
        if kind not in self.notes:
            self.notes[kind] = place(self.files) if where is None else where
