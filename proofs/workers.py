"""Worker processes that can be killed, some at a time.

Z3 does not always stop when it is told to; a process does.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any


class Worker:
    """A process that does tasks one after the other, and the one it has now."""

    def __init__(self, tasks: Sequence[Callable[[], Any]]) -> None:
        context = multiprocessing.get_context("fork")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(tasks, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.place, self.deadline, self.began = -1, float("inf"), 0.0

    def give(self, place: int, deadline: float) -> None:
        """Let it do a task, until then at most."""
        self.place, self.deadline, self.began = place, deadline, time.monotonic()
        self.pipe.send(place)

    def result(self) -> Any:
        """What came of the task, or the exception that ended it."""
        try:
            return self.pipe.recv() if self.pipe.poll(0) else Killed("the hard deadline passed")
        except EOFError:
            return Died("the worker process died")

    def end(self) -> None:
        """Kill the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class Killed(Exception):
    """The worker passed its deadline, after so many seconds."""

    seconds = 0.0


class Died(Killed):
    """The worker ended by itself, without an answer."""


def available() -> bool:
    """Whether processes can be forked, so that they inherit the rules they work on."""
    return "fork" in multiprocessing.get_all_start_methods()


def run(
    tasks: Sequence[Callable[[], Any]],
    jobs: int,
    seconds: float,
    deadline: float,
    apart: bool = False,
) -> Iterator[tuple[int, Any]]:
    """Run every task in a process that can be killed, `jobs` at a time.

    Parameters
    ----------
    tasks : sequence of callable
    jobs : int
    seconds : float
        After which a task is killed.
    deadline : float
        On the monotonic clock: after it, everything is killed.
    apart : bool
        A process of its own for each task. Otherwise one does several, and what one task has worked out
        and cached serves the next.

    Yields
    ------
    tuple of (int, object)
        The place of the task, and its result, or the exception that ended it.
    """
    waiting = list(range(len(tasks)))[::-1]
    idle: list[Worker] = []
    running: list[Worker] = []
    try:
        while waiting or running:
            while waiting and time.monotonic() > deadline:
                yield waiting.pop(), Killed("the budget was spent before this was begun")
            while waiting and len(running) < jobs:
                worker = idle.pop() if idle else Worker(tasks)
                running.append(worker)
                worker.give(waiting.pop(), min(time.monotonic() + seconds, deadline))
            if not running:
                break
            next_end = min(w.deadline for w in running)
            ready = wait([w.pipe for w in running], timeout=max(next_end - time.monotonic(), 0.01))
            for worker in list(running):
                if worker.pipe in ready or time.monotonic() > worker.deadline:
                    running.remove(worker)
                    result = worker.result()
                    if isinstance(result, Killed):
                        result.seconds = time.monotonic() - worker.began
                    if apart or isinstance(result, Killed):
                        worker.end()
                    else:
                        idle.append(worker)
                    yield worker.place, result
    finally:
        for worker in (*running, *idle):
            worker.end()


def _work(tasks: Sequence[Callable[[], Any]], pipe: Connection) -> None:
    try:
        while True:
            task = tasks[pipe.recv()]
            try:
                pipe.send(task())
            except Exception as error:  # noqa: BLE001  (handed to the parent, which reports it)
                pipe.send(error)
    except (KeyboardInterrupt, EOFError):  # the parent has ended, or is about to
        pass
    finally:
        pipe.close()
