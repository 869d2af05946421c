"""A foreign target at work: a worker process that is started when needed, asked, killed and replaced.

Answers are remembered, so that each profile is computed once in a process.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

from mechanism.errors import InputError, NoOutcome, RuleError
from mechanism.outcome import Outcome
from mechanism.targets.answer import DIED, LATE, UNASKED, Answer, died, differ, late, light
from mechanism.targets.apart import GRACE, possible
from mechanism.targets.callee import Callee
from mechanism.targets.place import importing_as_served
from mechanism.targets.target import TOLERANCE, Reading, Target, target_of
from mechanism.targets.worker import SPENT, START, Worker

CAREFUL = 64  # calls that are made apart after one that ended the process
HURRY, PATIENCE = 2, 5  # hangs after which calls have less time, and after which a search gives up
DEATHS = 500  # calls that end their process, likewise
MUTE = 12  # reports without an outcome, of which a program is asked no more from as many agents


class GaveUp(RuleError):
    """Too many calls hung or took their process down."""


class Session:
    """Asks one target.

    Parameters
    ----------
    target : Target
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._worker: tuple[int, Worker] | None = None
        self._answers: dict[tuple, Answer] = {}
        self.losses = self.deaths = 0
        self.silent: dict[tuple, float] = {}  # by numbers of agents: how often there was no outcome
        self.calls, self.seconds = 0, 0.0
        self.hurries = True
        self.until = float("inf")  # of `time.monotonic`, when it is no use any more
        self.hash_seed = "0"

    @property
    def worker(self) -> Worker:
        """The worker of the current process; it is started when first asked for."""
        if self._worker is None or self._worker[0] != os.getpid():
            self._worker = os.getpid(), Worker(self.target, self.hash_seed, self.until)
        return self._worker[1]

    def close(self, by_itself: bool = False) -> str:
        """End the worker, if there is one; how it ended."""
        told = ""
        if self._worker is not None and self._worker[0] == os.getpid():
            told = self._worker[1].end(by_itself)
        self._worker = None
        return told

    def recognised(self) -> tuple[Reading, int | None]:
        """How the code is read, and how many agents it takes where each is an argument.

        Raises
        ------
        InputError
            When that cannot be told.
        """
        for careful in (False, True) if possible() else (False,):
            try:
                self.worker.pipe.send(("recognise", careful))
                limit = max(START, 10 * self.target.seconds)
                status, told = self.worker.receive(limit, self.until)
            except TimeoutError:
                self.close()
                self.in_time()
                raise InputError(
                    f"{self.target.place}: its form is not known after {limit:g} s of calls; it is too slow, or "
                    "write an adapter: a function of the bids that returns mechanism.Outcome, which needs few calls"
                ) from None
            except (EOFError, OSError):
                how = self.close(True)
                continue
            if status == "failed":
                raise InputError(f"{self.target.place}: {told}")
            return told
        raise InputError(f"{self.target.place}: calling it ends the process ({how})")

    def in_time(self) -> None:
        """Fail where the budget is spent before anything is audited.

        Raises
        ------
        InputError
        """
        if time.monotonic() >= self.until:
            raise InputError(f"{self.target.place}: trying what form it has {SPENT}")

    def answers(self, requests: Sequence[tuple]) -> list[Answer]:
        """One answer for each profile of reports."""
        new = [r for r in dict.fromkeys(requests) if r not in self._answers]
        while new:
            reading = self.target.reading
            rounds = reading is not None and reading.numbers == "float"
            now = self._worthwhile(new)
            for reports, answer in zip(now, self.fresh(now)):
                self._answers[reports] = _exactly(answer, rounds)
                if answer.outcome is not None:
                    self.silent[_numbers(reports)] = -math.inf
                else:
                    self.silent[_numbers(reports)] = self.silent.get(_numbers(reports), 0) + 1
            new = [r for r in new if r not in self._answers]
        return [self._answers[r] for r in requests]

    def _worthwhile(self, new: list[tuple]) -> list[tuple]:
        """Those to ask now: a program that takes only some numbers of agents may have to start again each time."""
        if not self.target.place.startswith("exec:"):
            return new
        asked: list[tuple] = []
        left: dict[tuple, float] = {}
        for reports in new:
            agents = _numbers(reports)
            left.setdefault(agents, MUTE - self.silent.get(agents, 0))
            if left[agents] > 0:
                left[agents] -= 1
                asked.append(reports)
            elif self.silent.get(agents, 0) >= MUTE:
                why = f"not asked, since {MUTE} others from as many agents had no outcome"
                self._answers[reports] = Answer(None, UNASKED, why)
        return asked

    def replayed(self, requests: Sequence[tuple]) -> dict[tuple, Answer] | None:
        """What a process says that was never asked before, and is remembered; None where the order of calls matters."""
        distinct = list(dict.fromkeys(requests))
        self.forget()
        found = self.first(distinct)
        if len(distinct) > 1 and any(map(differ, found, self.first(distinct[::-1])[::-1])):
            return None
        reading = self.target.reading
        rounds = reading is not None and reading.numbers == "float"
        answers = {r: _exactly(a, rounds) for r, a in zip(distinct, found)}
        self.remember(answers)
        return answers

    def remember(self, answers: Mapping[tuple, Answer]) -> None:
        """Take these for what the code answers."""
        self._answers.update(answers)

    def fresh(self, requests: Sequence[tuple], seed: int | None = -1) -> Iterable[Answer]:
        """The same without remembering anything; `seed` None leaves the random state alone."""
        seed = self.target.seed if seed == -1 else seed
        rest, careful = list(requests), False
        while rest:
            now, done = rest[:CAREFUL] if careful else rest, 0
            target = replace(self.target, seconds=self.limit)
            self.worker.pipe.send(("calls", target, list(map(light, now)), seed, careful))
            for answer in self._told(len(now), careful):
                self.losses += answer.trouble == LATE
                self.deaths += answer.trouble == DIED
                done += 1
                yield answer
                if self.losses >= PATIENCE or self.deaths >= DEATHS:
                    self.close()
                    times = f"hung {self.losses} and ended its process {self.deaths} times"
                    raise GaveUp(f"{self.target.place} {times}")
            rest = rest[done:]
            careful = self._worker is None  # the next ones are asked one by one

    @property
    def limit(self) -> float:
        """Seconds for a call; fewer after some have hung, since what is found is seen again by a fresh process."""
        usual = self.target.seconds
        if self.losses < HURRY or not self.hurries:
            return usual
        return min(usual, max(usual / 8, 100 * self.seconds / max(self.calls, 1)))

    def _told(self, count: int, careful: bool) -> Iterator[Answer]:
        """What the worker answers; when it is lost, it is closed, and the call that did it told if that is known."""
        done, began = 0, time.monotonic()
        # What waits for a child or a program looks at the time itself.
        waits = careful or self.target.place.startswith("exec:")
        limit = max(START, 5 * self.target.seconds) if waits else self.limit + GRACE
        try:
            while done < count:
                _, answers = self.worker.receive(limit)
                done += len(answers)
                if not any(a.trouble == LATE for a in answers):
                    self.calls += len(answers)
                    self.seconds += time.monotonic() - began
                yield from answers
                began = time.monotonic()
        except TimeoutError:
            self.close()
            if careful or count == 1:
                yield late(self.limit)
        except (EOFError, ConnectionError):
            how = self.close(True)
            if careful or count == 1:
                yield died(how)

    def first(
        self, requests: Sequence[tuple], hash_seed: str = "0", seed: int | None = -1
    ) -> list[Answer]:
        """Answers of a process that was never asked before."""
        asked = Session(self.target)
        asked.hash_seed, asked.hurries = hash_seed, False
        try:
            return list(asked.fresh(requests, seed))
        finally:
            self.calls, self.seconds = self.calls + asked.calls, self.seconds + asked.seconds
            asked.close()

    def affordable(self, seconds: float) -> int:
        """How many calls fit into a time, by what they took so far."""
        return int(seconds * max(self.calls, 1) / max(self.seconds, 1e-6))

    def forget(self) -> None:
        """Start afresh, with a new process and no answers."""
        self.close()
        self._answers.clear()
        self.silent.clear()
        self.losses = 0

    def outcome(self, reports: tuple) -> Outcome:
        """The exact outcome on a profile.

        Raises
        ------
        NoOutcome
            Telling why there is none.
        """
        (answer,) = self.answers([reports])
        if answer.outcome is None:
            raise NoOutcome(f"{self.target.place}: {answer.told}")
        return answer.outcome

    @cached_property
    def callee(self) -> Callee:
        """The code in this process, without any limit."""
        with importing_as_served(self.target.place):
            return Callee(self.target)


def _numbers(reports: tuple) -> tuple[int, ...]:
    """How many agents there are, and how many numbers from each or on each side."""
    return len(reports), *(len(r) for r in reports if isinstance(r, tuple))


def _exactly(answer: Answer, rounds: bool) -> Answer:
    found = answer.outcome
    return replace(answer, outcome=None if found is None else exact_outcome(found, rounds))


def exact_outcome(outcome: Outcome, rounds: bool = False) -> Outcome:
    """The same with Fractions: floats are read to within the tolerance.

    Parameters
    ----------
    rounds : bool
        Fractions and decimals are, too: bids went in as floats.
    """
    return Outcome(_exact(outcome.allocation, rounds), _exact(outcome.payments, rounds))


def _exact(value: Any, rounds: bool) -> Any:
    if isinstance(value, tuple):
        if all(type(v) is int for v in value):
            return _whole(value)
        return tuple(_exact(v, rounds) for v in value)
    return read_float(value) if rounds or isinstance(value, (int, float)) else value


@lru_cache(maxsize=4096)
def _whole(row: tuple[int, ...]) -> tuple[Fraction, ...]:
    """A row of whole numbers; equal ones are one object, for most are 0 and 1."""
    return tuple(map(Fraction, row))


def read_float(value: float | Fraction) -> Fraction:
    """The simplest nearby fraction, within `TOLERANCE`; else the number's own value.

    Examples
    --------
    >>> read_float(0.1 + 0.2)
    Fraction(3, 10)
    """
    own = Fraction(value)
    near = own.limit_denominator(10**4)
    return near if abs(near - own) <= TOLERANCE * max(Fraction(1), abs(own)) else own


@lru_cache(maxsize=64)
def session(text: str) -> Session:
    """The session of a target's text; one for each process and target."""
    return Session(target_of(text))
