"""A program in any language as a function: one JSON object to a line, in and out."""

from __future__ import annotations

import json
import math
import os
import select
import shlex
import subprocess
import tempfile
from fractions import Fraction
from typing import Any

from mechanism.errors import InputError
from mechanism.targets.apart import die_with_parent, ended
from mechanism.targets.kinds import Kind
from mechanism.targets.target import Target

STARTING = 2.5  # times the limit of a call has a program that has to start first
SHOWN = 200  # characters of what a program says
BLOCK = 1 << 16  # bytes that are read at once
LINE = 1 << 24  # bytes of a line at most
COMPLAINTS = 1 << 28  # bytes of a file that it writes at most, that of its complaints included
LINGER = 0.05  # seconds in which a second line, or the end, would follow the first answer


class ProgramError(Exception):
    """A program ends, or answers something that is not a line of JSON."""


class Refusal(ProgramError):
    """A program answers ``{"error": ...}``: it takes no such reports."""


class OutOfStep(ProgramError):
    """A program does not answer each line with one line: no answer of it can be told from another's."""


class Program:
    """A running program, started when first asked and again after it ends.

    Parameters
    ----------
    command : str
        As a shell would split it; no shell is involved.
    target : Target
    """

    def __init__(self, command: str, target: Target) -> None:
        self.command = shlex.split(command)
        if not self.command:
            raise InputError("exec: is to be followed by a command, like exec:'node auction.js'")
        self.numbers = target.numbers
        given = tuple((name, f"={name}") for name, _ in target.parameters)
        self.arguments = (
            *FIELDS.get(target.kind.id, (("bids", "bids"),)),
            *_told(target.kind),
            *given,
        )
        self.process: subprocess.Popen | None = None
        self.answers = 0  # since it was started
        self.start()

    def start(self) -> subprocess.Popen:
        """Start the program, with nowhere to write but its answers and a file for its complaints."""
        self.complaints = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the program)
        try:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.complaints,
                preexec_fn=_bounded if os.name == "posix" else None,
            )  # fmt: skip
        except OSError as error:
            raise InputError(
                f"{shlex.join(self.command)}: cannot be started: {error.strerror}"
            ) from error
        self.answers, self.pending = 0, b""
        return self.process

    def pid(self) -> int | None:
        """Of the program, while it runs."""
        return None if self.process is None else self.process.pid

    def __call__(self, **request: Any) -> Any:
        line = (json.dumps(_written(request, self.numbers)) + "\n").encode()
        before = self.answers
        answer = self._answer(line)
        if not answer:
            error, code = self._ended()
            # Whether it was this request that ended it, another process of the program tells.
            if before and code == 0 and self._answer(line):
                self.stop()
                raise OutOfStep(_exits(before))
            raise error
        text = answer.decode(errors="replace").strip()
        try:
            result = json.loads(text)
        except ValueError:
            self.stop()
            raise ProgramError(f"it answers {text[:SHOWN]!r}, which is not JSON") from None
        self._in_step(0 if before else LINGER)
        if isinstance(result, dict) and set(result) == {"error"}:
            raise Refusal(str(result["error"])[:SHOWN])
        return result

    def _answer(self, line: bytes) -> bytes:
        """The line that answers a line; none where the program ends instead."""
        if self.process is not None and self.answers:
            self._in_step(0)
        process = self.process or self.start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
            blocks = [self.pending]
            size = len(self.pending)
            while b"\n" not in blocks[-1] and (more := os.read(process.stdout.fileno(), BLOCK)):
                blocks.append(more)
                size += len(more)
                if size > LINE:
                    raise ProgramError(
                        f"it prints more than {LINE >> 20} MB without the end of a line"
                    )
            self.pending = b"".join(blocks)
        except BrokenPipeError:
            return b""
        except BaseException:  # out of time: the answer to come belongs to no later request
            self.stop()
            raise
        answer, end, self.pending = self.pending.partition(b"\n")
        self.answers += bool(answer + end)
        return answer + end

    def _in_step(self, seconds: float) -> None:
        """Nothing more comes before the next request, within some seconds.

        Raises
        ------
        OutOfStep
            Saying what comes.
        """
        assert self.process is not None
        assert self.process.stdout is not None
        if not self.pending:
            if not select.select([self.process.stdout], [], [], seconds)[0]:
                return
            self.pending = os.read(self.process.stdout.fileno(), BLOCK)
        said = self.pending.decode(errors="replace").partition("\n")[0].strip()[:SHOWN]
        second = bool(self.pending)
        self.stop()
        if second:
            raise OutOfStep(f"it printed a second line: {said!r}")
        raise OutOfStep(_exits(self.answers) + self._complaint())

    def stop(self) -> None:
        """End the program; it is started again when asked."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _ended(self) -> tuple[ProgramError, int]:
        assert self.process is not None
        code = self.process.wait()
        self.process = None
        told = f"it ends with {ended(code)} instead of answering{self._complaint()}"
        return ProgramError(told), code

    def _complaint(self) -> str:
        size = self.complaints.seek(0, os.SEEK_END)
        if size >= COMPLAINTS:
            return f": it wrote {COMPLAINTS >> 20} MB to its standard error"
        self.complaints.seek(max(0, size - 10_000))
        said = self.complaints.read().decode(errors="replace").strip()
        return f": {said.splitlines()[-1][:SHOWN]}" if said else ""


def _bounded() -> None:
    """In the program's process, before it begins: no life after this one's, and no file that fills the disk."""
    import resource

    die_with_parent()
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    most = COMPLAINTS if hard == resource.RLIM_INFINITY else min(COMPLAINTS, hard)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))


def _exits(answers: int) -> str:
    return f"it exits after {'one answer' if answers == 1 else f'{answers} answers'}"


FIELDS = {
    "double": (("bids", "bids"), ("asks", "asks")),
    "matching": (("proposers", "proposers"), ("receivers", "receivers")),
}


def _told(kind: Kind) -> tuple[tuple[str, str], ...]:
    if kind.rates:
        return (("rates", "rates"),)
    return (
        (("goods" if kind.by_good else "units", "supply"),)
        if kind.count and kind.id != "public"
        else ()
    )


def _written(value: Any, numbers: str) -> Any:
    """JSON; a fraction as a string if asked for, else as the nearest double."""
    if isinstance(value, dict):
        return {name: _written(v, numbers) for name, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_written(v, numbers) for v in value]
    if isinstance(value, Fraction):
        if numbers == "rational":
            return str(value)
        return int(value) if value.denominator == 1 else float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
