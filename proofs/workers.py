"""Worker processes that can be killed: one for each question, some at a time.

Z3 does not always stop when it is told to; a process does.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any


@dataclass
class Worker:
    """One running question."""

    place: int
    process: Any
    pipe: Connection
    deadline: float


class Killed(Exception):
    """The worker passed its deadline, or died."""


def available() -> bool:
    """Whether processes can be forked, so that they inherit the rules they work on."""
    return "fork" in multiprocessing.get_all_start_methods()


def run(
    tasks: Sequence[Callable[[], Any]], jobs: int, seconds: float, deadline: float
) -> Iterator[tuple[int, Any]]:
    """Run every task in a process of its own, `jobs` at a time.

    Parameters
    ----------
    tasks : sequence of callable
    jobs : int
    seconds : float
        After which a task is killed.
    deadline : float
        On the monotonic clock: after it, everything is killed.

    Yields
    ------
    tuple of (int, object)
        The place of the task, and its result, or the exception that ended it.
    """
    context = multiprocessing.get_context("fork")
    waiting = list(enumerate(tasks))[::-1]
    running: list[Worker] = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                place, task = waiting.pop()
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(task, theirs), daemon=True)
                process.start()
                theirs.close()
                until = min(time.monotonic() + seconds, deadline)
                running.append(Worker(place, process, ours, until))
            next_end = min(w.deadline for w in running)
            ready = wait([w.pipe for w in running], timeout=max(next_end - time.monotonic(), 0.01))
            for worker in list(running):
                late = time.monotonic() > worker.deadline
                if worker.pipe in ready or late:
                    running.remove(worker)
                    yield worker.place, _collect(worker)
    finally:
        for worker in running:
            worker.process.kill()
            worker.process.join()


def _work(task: Callable[[], Any], pipe: Connection) -> None:
    try:
        pipe.send(task())
    except KeyboardInterrupt:
        pass
    except Exception as error:  # noqa: BLE001  (handed to the parent, which reports it)
        pipe.send(error)
    finally:
        pipe.close()


def _collect(worker: Worker) -> Any:
    try:
        if worker.pipe.poll(0):
            return worker.pipe.recv()
        return Killed("the hard deadline passed")
    except EOFError:
        return Killed("the worker process died")
    finally:
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()
