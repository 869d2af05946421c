"""Outcomes that no closed formula tells: they are found by running a procedure on the reports.

A procedure is foreign code, or an auction of several rounds. A rule names parts of its outcome with
`Computed`, so that settings, properties and evidence are the same as for any other rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import sympy as sp
from sympy.core.symbol import Str
from sympy.logic.boolalg import Boolean

from mechanism.errors import RuleError

if TYPE_CHECKING:
    from mechanism.language.world import World
    from mechanism.outcome import Outcome

ALLOCATION, PAYMENT, ROUNDS = "allocation", "payment", "rounds"


class Outcomes(NamedTuple):
    """The outcomes of many rows, as arrays with the rows last, and on which rows there is one at all;
    where there are rounds, how many.
    """

    allocation: Any
    payment: Any
    answered: Any = np.ones(1, dtype=bool)
    rounds: Any = None


class Procedure(sp.Basic):
    """How an outcome comes about.

    A subclass keeps the expressions of the rule language that it is made of in ``args``, so that
    parameters are found and fixed in them as in any formula; anything else it depends on belongs in
    ``_hashable_content``. One that is not written in the language runs itself: it asks the evaluator,
    for one instance or for a block of rows, what the agents report, and says what comes of it.
    """

    @property
    def called(self) -> str:
        """How the procedure is spoken of."""
        return "the procedure"

    def outcome(self, read: Any, world: World) -> Outcome:
        """The outcome among the agents that take part in `world`, in their order; exact.

        Raises
        ------
        NoOutcome
            Where there is none.
        """
        raise NotImplementedError(f"{type(self).__name__}.outcome")

    def outcomes(self, block: Any, world: World) -> Outcomes:
        """What everybody gets and pays on each row of a block."""
        raise RuleError(f"{type(self).__name__} is run profile by profile, not on many at once")

    def defined(self) -> Any:
        """The condition, to be read in a world, that there is an outcome."""
        return Answered(self)

    def observed(self, what: str, read: Any, world: World) -> bool:
        """What is seen of a run and no formula tells, see `Observed`."""
        raise RuleError(f"{type(self).__name__}: nothing is known of '{what}'")

    def observed_rows(self, what: str, block: Any, world: World) -> Any:
        """The same for each row of a block, as an array of flags."""
        raise RuleError(f"{type(self).__name__}: '{what}' is looked at profile by profile")

    def untied(self, rule: Any) -> Any:
        """The condition, to be read in a world, under which no tie is broken."""
        raise NotImplementedError(f"{type(self).__name__}.untied")


class Computed(sp.Expr):
    """A part of a procedure's outcome: what an agent is allocated (of a good), or what it pays; of one
    that has them, the number of rounds.
    """

    is_real = True
    is_commutative = True

    def __new__(cls, procedure: Procedure, part: Any, *index: Any) -> Computed:
        name = part if isinstance(part, Str) else Str(part)
        return sp.Basic.__new__(cls, procedure, name, *index)

    @property
    def procedure(self) -> Procedure:
        return self.args[0]

    @property
    def part(self) -> str:
        return self.args[1].name

    @property
    def index(self) -> tuple[Any, ...]:
        return self.args[2:]

    def _in_words(self, printer: Any) -> str:
        parts = {ALLOCATION: "allocated", PAYMENT: "to be paid"}
        who = f" by {printer.doprint(self.index[0])}" if self.part == PAYMENT else ""
        return f"what is {parts[self.part]}{who} according to {self.procedure.called}"

    def _in_latex(self, printer: Any) -> str:
        index = ",".join(printer.doprint(i) for i in self.index)
        name = self.procedure.called.replace("_", r"\_")
        return rf"\mathrm{{{self.part}}}_{{{index}}}(\text{{{name}}})"

    @property
    def free_symbols(self) -> set:
        # The procedure's own indices are bound in it.
        return set().union(*(i.free_symbols for i in self.index))


class Answered(Boolean):
    """Whether a procedure has an outcome."""

    def __new__(cls, procedure: Procedure) -> Answered:
        return sp.Basic.__new__(cls, procedure)

    procedure = Computed.procedure

    @property
    def free_symbols(self) -> set:
        return set()


class Observed(Boolean):
    """A flag that is seen of a procedure when it runs, for example that it ``crashes``."""

    def __new__(cls, procedure: Procedure, what: Any) -> Observed:
        name = what if isinstance(what, Str) else Str(what)
        return sp.Basic.__new__(cls, procedure, name)

    procedure = Computed.procedure

    @property
    def what(self) -> str:
        return self.args[1].name

    @property
    def free_symbols(self) -> set:
        return set()
