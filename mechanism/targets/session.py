"""A foreign target at work: a worker process that is started when needed, asked, killed and replaced.

Answers are remembered, so that each profile is computed once in a process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property, lru_cache
from multiprocessing.connection import Connection, Pipe
from typing import Any

from mechanism.errors import InputError, NoOutcome, RuleError
from mechanism.outcome import Outcome
from mechanism.targets.answer import DIED, LATE, Answer, light
from mechanism.targets.callee import OBJECTS, Callee
from mechanism.targets.target import TOLERANCE, Reading, Target, target_of

START = 30.0  # seconds to import the code; on a busy machine that takes long
GRACE = 1.0  # what a call may take over its limit before the worker is killed
TOGETHER = 64  # answers in one message
PATIENCE = 8  # hangs and deaths after which a search gives up


class GaveUp(RuleError):
    """Too many calls hung or took their process down."""


class Worker:
    """One process.

    Parameters
    ----------
    target : Target
    hash_seed : str
        ``PYTHONHASHSEED`` of the process.
    """

    def __init__(self, target: Target, hash_seed: str = "0") -> None:
        ours, theirs = Pipe()
        self.pipe: Connection = ours
        self.process: subprocess.Popen | None = None
        if target.place in OBJECTS:
            self.pid = _forked(target, theirs, ours)
        else:
            environment = {
                **os.environ,
                "PYTHONHASHSEED": hash_seed,
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            command = [sys.executable, "-m", "mechanism.targets.serve", str(theirs.fileno())]
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()], env=environment, start_new_session=True,
            )  # fmt: skip
            self.pid = self.process.pid
            self.pipe.send(target.text())
        theirs.close()
        limit = max(START, target.seconds)
        try:
            if not self.pipe.poll(limit):
                raise InputError(f"{target.place}: importing it takes more than {limit:g} s")
            status, told = self.pipe.recv()
        except EOFError:
            raise InputError(
                f"{target.place}: importing it ended the process ({self.end(True)})"
            ) from None
        except InputError:
            self.end()
            raise
        if status == "failed":
            self.end()
            raise InputError(told)

    def receive(self, seconds: float) -> Any:
        """The next message; TimeoutError when there is none in time, EOFError when the process is gone."""
        if not self.pipe.poll(seconds):
            raise TimeoutError
        return self.pipe.recv()

    def end(self, by_itself: bool = False) -> str:
        """Kill the process and all it started; how it ended, if that was by itself."""
        if by_itself and self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(START)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if self.process is not None and self.process.poll() is not None:
                return _ended(self.process.returncode)
            os.killpg(self.pid, signal.SIGKILL)
        self.pipe.close()
        if self.process is not None:
            return _ended(self.process.wait())
        with contextlib.suppress(ChildProcessError):
            return _ended(os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]))
        return "it is gone"


def _ended(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _forked(target: Target, theirs: Connection, ours: Connection) -> int:
    """A child that has the functions given as objects."""
    pid = os.fork()
    if pid:
        return pid
    from mechanism.targets import serve

    try:
        os.setsid()
        ours.close()
        serve.detach()
        serve.serve(theirs, target)
    finally:
        os._exit(0)


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
        self.calls, self.seconds = 0, 0.0
        self.hash_seed = "0"

    @property
    def worker(self) -> Worker:
        """The worker of the current process; it is started when first asked for."""
        if self._worker is None or self._worker[0] != os.getpid():
            self._worker = os.getpid(), Worker(self.target, self.hash_seed)
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
        ended = ""
        for alone in (
            None,
            *range(PATIENCE),
        ):  # where numbers end the process, others are tried alone
            try:
                self.worker.pipe.send(("recognise", alone))
                status, told = self.worker.receive(max(START, 10 * self.target.seconds))
            except TimeoutError:
                self.close()
                raise InputError(
                    f"{self.target.place}: it does not answer, so that its form is not known"
                ) from None
            except (EOFError, OSError):
                ended = self.close(True)
                continue
            if status != "failed":
                return told
            if not ended:
                raise InputError(f"{self.target.place}: {told}")
        raise InputError(f"{self.target.place}: calling it ends the process ({ended})")

    def answers(self, requests: Sequence[tuple]) -> list[Answer]:
        """One answer for each profile of reports."""
        new = [r for r in dict.fromkeys(requests) if r not in self._answers]
        if new:
            for reports, answer in zip(new, self.fresh(new)):
                exact = None if answer.outcome is None else exact_outcome(answer.outcome)
                self._answers[reports] = replace(answer, outcome=exact)
        return [self._answers[r] for r in requests]

    def fresh(self, requests: Sequence[tuple], seed: int | None = -1) -> Iterable[Answer]:
        """The same without remembering anything; `seed` None leaves the random state alone."""
        seed = self.target.seed if seed == -1 else seed
        rest, careful = list(requests), 0
        while rest:
            if self.losses >= PATIENCE:
                raise GaveUp(
                    f"{self.target.place} hung or took its process down {self.losses} times"
                )
            worker, began = self.worker, time.monotonic()
            # After a loss, one answer at a time, to see on which reports it happens.
            together, now = (1, rest[:careful]) if careful else (TOGETHER, rest)
            worker.pipe.send(("calls", self.target, list(map(light, now)), seed, together))
            told = 0
            try:
                while told < len(now):
                    _, answers = worker.receive(self.target.seconds + GRACE)
                    told += len(answers)
                    self.losses += sum(a.trouble == LATE for a in answers)
                    self.calls += len(answers)
                    self.seconds += time.monotonic() - began
                    yield from answers
                    began = time.monotonic()
                careful = 0
            except (TimeoutError, EOFError, ConnectionError) as error:
                late = isinstance(error, TimeoutError)
                ended = self.close(by_itself=not late)
                if careful:
                    self.losses += 1
                    self.deaths += not late
                    yield self._lost(late, ended)
                    told, careful = told + 1, 0
                else:
                    careful = TOGETHER
            rest = rest[told:]

    def _lost(self, late: bool, ended: str) -> Answer:
        if late:
            return Answer(None, LATE, f"no answer within {self.target.seconds:g} s")
        return Answer(None, DIED, f"the call ended its process ({ended})")

    def first(
        self, requests: Sequence[tuple], hash_seed: str = "0", seed: int | None = -1
    ) -> list[Answer]:
        """Answers of a process that was never asked before."""
        asked = Session(self.target)
        asked.hash_seed = hash_seed
        try:
            return list(asked.fresh(requests, seed))
        finally:
            asked.close()

    def affordable(self, seconds: float) -> int:
        """How many calls fit into a time, by what they took so far."""
        return int(seconds * max(self.calls, 1) / max(self.seconds, 1e-6))

    def forget(self) -> None:
        """Start afresh, with a new process and no answers."""
        self.close()
        self._answers.clear()

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
        return Callee(self.target)


def exact_outcome(outcome: Outcome) -> Outcome:
    """The same with Fractions: floats are read to within the tolerance."""
    return Outcome(_exact(outcome.allocation), _exact(outcome.payments))


def _exact(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_exact(v) for v in value)
    if type(value) is int:
        return _whole(value)
    return read_float(value) if isinstance(value, float) else value


@lru_cache(maxsize=1024)
def _whole(value: int) -> Fraction:
    return Fraction(value)


def read_float(value: float) -> Fraction:
    """The simplest nearby fraction, within `TOLERANCE`; else the double's own value.

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
