"""Calls in one form after another, until the results of one are read."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mechanism.outcome import Outcome
from mechanism.targets.adapter import adapter
from mechanism.targets.arguments import annotations_of, several_numbers
from mechanism.targets.batches import batches, single, stacked
from mechanism.targets.callee import Callee
from mechanism.targets.calling import deliberate
from mechanism.targets.forms import MANY_ROWS, ONE_ROW, PLAIN
from mechanism.targets.kinds import Kind
from mechanism.targets.probes import Reports, preferences, probes, spans
from mechanism.targets.program import OutOfStep, Program
from mechanism.targets.reader import Reader, Unreadable
from mechanism.targets.reading import Parts, form_told
from mechanism.targets.results import Probe, Unrecognised, flat, result_parts
from mechanism.targets.target import TOLERANCE, Reading
from mechanism.targets.values import plain, shown

LONG = 10**5  # characters by which results are compared
ENOUGH = 3  # answers from which a form is read, where others are refused

Found = tuple[Reading, list[Probe]]


class Tries:
    """What came of calling code in some forms.

    Parameters
    ----------
    callee : Callee
    call : callable
        Runs the function on arguments, within a time limit.
    alone : int, optional
        Only numbers of this one of the `spans` are tried.
    """

    def __init__(self, callee: Callee, call: Callable[..., Any], alone: int | None = None) -> None:
        self.callee, self.call, self.alone = callee, call, alone
        self.kind = callee.target.kind
        self.failed: list[str] = []
        self.shown: Any = None
        self.plainly = False  # plain bids were taken, so that none that carry an id are handed over
        self.program = isinstance(callee.function, Program)
        # Rows and preferences are no numbers, and code for pairs may take them.
        numeric = not self.kind.row and self.kind.id != "matching" and not self.program
        self.untold = numeric and all(
            map(several_numbers, annotations_of(callee.function, callee.arguments))
        )
        self.rows = probes(self.kind, callee.agents)
        self.others = list(spans(callee.target, self.rows))

    def readings(self, styles: Sequence[str]) -> Iterator[Found]:
        """The readings that fit, with the calls that they were read from.

        Form by form: under another form such code may miss what it refuses, as where it compares keys.
        """
        for style in styles:
            if self.plainly and style not in PLAIN:
                continue
            for lenient in (False, True) if self.alone is None else (True,):
                for numbers in ("fraction",) if self.program else ("fraction", "float", "int"):
                    try:
                        seen = self._seen(style, numbers, lenient)
                    except ImportError:
                        break
                    if seen and (found := self._read(style, numbers, lenient, seen)):
                        yield found, seen

    def _seen(self, style: str, numbers: str, lenient: bool) -> list[Probe]:
        """The calls in a form; none where it is refused."""
        every = [self.rows, *self.others]
        asked = every if self.alone is None else self.others[self.alone : self.alone + 1]
        try:
            if lenient:
                seen = list(self._answered(style, numbers, asked))
            else:
                seen = [self._probe(style, numbers, r) for r in self.rows]
            seen += list(self._extra(style, numbers))
        except ImportError:
            raise
        except OutOfStep as error:
            told = adapter(self.callee)
            raise Unrecognised(f"{error}; {told}") from None
        except (Exception, SystemExit) as error:  # noqa: BLE001  (the code does not take this form; told if none fits)
            self.failed.append(f"{form_told(style)}: {type(error).__name__}: {error}")
            return []
        if lenient and sum(p.result is not None for p in seen) < ENOUGH:
            return []
        if all(p.result is None for p in seen):
            self.shown = self.shown or (style, seen[0], "nothing is ever sold")
            return []
        return seen

    def _read(self, style: str, numbers: str, lenient: bool, seen: list[Probe]) -> Reading | None:
        """How these calls are read; nothing where they are not."""
        try:
            result, assumed = result_parts(self.kind, seen)
        except Unrecognised as error:
            self.shown = self.shown or (style, seen[0], error)
            if self.untold and style == "list":
                self.plainly = self.plainly or self._depends(style, numbers, seen)
            return None
        except Exception as error:  # noqa: BLE001  (somebody else's objects may raise whenever they are looked at)
            told = f"looking at it raises {type(error).__name__}"
            self.shown = self.shown or (style, seen[0], told)
            return None
        if lenient:
            told = f"read from {len(seen)} calls, since others were refused or ended badly"
            assumed = "; ".join(filter(None, (told, assumed)))
        arguments = self.callee.arguments
        if self.program:
            exact = self.callee.target.numbers == "rational" and _exact(self.kind, seen, result)
            return Reading(numbers, arguments, style, result, exact, assumed)
        if numbers == "fraction" and not self._same_in_floats(style, seen, result):
            return None
        if style == MANY_ROWS:
            try:
                alike = self._alike(seen, numbers)
            except Exception as error:  # noqa: BLE001  (it takes no rows)
                self.failed.append(f"{form_told(style)}: {type(error).__name__}: {error}")
                return None
            if not alike:
                style = ONE_ROW
                told = (
                    "one at a time, since rows that are called together change each other's results"
                )
                assumed = "; ".join(filter(None, (told, assumed)))
        return Reading(numbers, arguments, style, result, _exact(self.kind, seen, result), assumed)

    def _probe(self, style: str, numbers: str, reports: tuple) -> Probe:
        args, keywords, names = self.callee.prepared(reports, style, numbers)
        self.callee.reseed()
        return Probe(
            reports, single(style, self.call(self.callee.function, *args, **keywords)), names
        )

    def _alike(self, seen: list[Probe], numbers: str) -> bool:
        """Whether profiles that are called together have the results that each has alone.

        Raises
        ------
        Exception
            Whatever the code does that does not take many rows, or `Unreadable` where the results are not by row.
        """
        alone = {p.reports: repr(p.result) for p in seen}
        if len(set(alone.values())) < 3:
            raise Unreadable("the results do not depend on the rows")
        alike = True
        for batch in batches(sorted(alone, key=len)):
            results = stacked(self.callee, self.call, batch, MANY_ROWS, numbers)
            alike = alike and [alone[reports] for reports in batch] == list(map(repr, results))
        return alike

    def _answered(self, style: str, numbers: str, asked: list[list[Reports]]) -> Iterator[Probe]:
        """What is answered at all; numbers of a size are given up when the first two of them have no answer.

        Where that is the code's own decision, and no sign of a form that does not fit, only that number of agents
        is given up: some code takes only some.
        """
        refused: set[int] = set()
        for rows in asked:
            answers = dict.fromkeys(len(r) for r in rows if len(r) not in refused)
            for agents in answers:
                silent, decided = 0, True
                for n, reports in enumerate(r for r in rows if len(r) == agents):
                    if silent == n == 2:
                        break
                    try:
                        probe = self._probe(style, numbers, reports)
                    except (ImportError, OutOfStep):
                        raise
                    except (Exception, SystemExit) as error:  # noqa: BLE001  (which totality is asked about)
                        silent += 1
                        # A program has one form, which it knows.
                        decided = decided and (self.program or deliberate(error, self.callee))
                        continue
                    silent += probe.result is None
                    answers[agents] = True
                    yield probe
                if not answers[agents] and not decided:
                    break
            if any(answers.values()):
                refused |= {agents for agents, answered in answers.items() if not answered}

    def _depends(self, style: str, numbers: str, seen: list[Probe]) -> bool:
        """Whether results change with the bids: code that passes over what it does not take gives always the same."""
        results: dict[int, set[str]] = {}
        for probe in (*seen, *self._answered(style, numbers, self.others[:1])):
            results.setdefault(len(probe.reports), set()).add(shown(probe.result, LONG))
        return any(len(told) > 1 for told in results.values())

    def _extra(self, style: str, numbers: str) -> Iterator[Probe]:
        """What only some code takes: sides of different sizes, which tell the two apart."""
        if self.kind.id == "matching":
            n, m = self.kind.sides
            for reports in (
                preferences((n + 1, m), (n, m + 1)) if n else preferences((2, 3), (3, 2))
            ):
                with contextlib.suppress(Exception, SystemExit):
                    yield self._probe(style, numbers, reports)

    def _same_in_floats(self, style: str, seen: list[Probe], result: Parts) -> bool:
        """Whether the code treats floats as it treats Fractions; some check the type of a bid."""
        for probe in seen:
            try:
                other = self._probe(style, "float", probe.reports)
                reader = Reader(self.kind, other.names)
                one, two = reader.read(probe.result, result), reader.read(other.result, result)
            except (Exception, SystemExit):  # noqa: BLE001  (only exact numbers are taken, which is no difference)
                continue
            if not close(one, two):
                return False
        return True


def close(one: Outcome, two: Outcome) -> bool:
    """Whether two outcomes are the same up to rounding."""
    pairs = zip(
        (*flat(one.allocation), *flat(one.payments)), (*flat(two.allocation), *flat(two.payments))
    )
    return all(abs(a - b) <= TOLERANCE * max(1, abs(a)) for a, b in pairs)


def _exact(kind: Kind, seen: list[Probe], result: Parts) -> bool:
    floats = []

    def noted(value: Any) -> Any:
        number = plain(value)
        floats.append(isinstance(number, float))
        return number

    for probe in seen:
        Reader(kind, probe.names, noted).read(probe.result, result)
    return not any(floats)
