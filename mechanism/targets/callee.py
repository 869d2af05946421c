"""Foreign code in this process: found, called with numbers of any kind, and read.

Workers use it behind their limits; symbolic execution calls it with numbers of its own.
"""

from __future__ import annotations

import inspect
import random
import sys
from collections.abc import Callable, Sequence
from functools import cached_property, wraps
from pathlib import Path
from types import ModuleType
from typing import Any

from mechanism.errors import InputError
from mechanism.outcome import Outcome
from mechanism.targets import classes
from mechanism.targets import place as places
from mechanism.targets.adapter import adapter
from mechanism.targets.arguments import NoBids, Unfit, arguments_of, call_with
from mechanism.targets.batches import single
from mechanism.targets.forms import Names
from mechanism.targets.reader import Reader
from mechanism.targets.target import Target
from mechanism.targets.values import plain

# Functions that were given as objects rather than by name; workers are forked with them.
OBJECTS: dict[str, Callable[..., Any]] = {}


class Callee:
    """The function, method or program of a target.

    Parameters
    ----------
    target : Target

    Raises
    ------
    InputError
        When it is not there, cannot be imported or cannot be called.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.module: ModuleType | None = None
        # The class in words, itself, and the method, of a target that is one.
        self.method: tuple[str, type | None, str] = ("", None, "")
        self._sources: tuple[int, tuple[str, ...]] = (0, ())
        self.function = self._found()

    def _found(self) -> Callable[..., Any]:
        where = self.target.place
        if where.startswith("exec:"):
            from mechanism.targets.program import Program

            return Program(where.removeprefix("exec:").strip(), self.target)
        if where in OBJECTS:
            function = _finished(OBJECTS[where])
            self.module = sys.modules.get(getattr(function, "__module__", ""))
            return function
        place, _, name = where.rpartition(":")
        self.module = places.module_at(place)
        found = places.named(self.module, place, name)
        if not callable(found):
            kind = type(found).__name__
            raise InputError(f"{where} is of type {kind}; give a function, a method or a Rule")
        self.method = classes.method_of(self.module, place, name)
        _, owner, method = self.method
        if owner is not None:
            return classes.called(owner, method, [n for n, _ in self.target.parameters])
        return _finished(found)

    @cached_property
    def arguments(self) -> tuple[tuple[str, str], ...]:
        """Which argument takes what."""
        name = self.target.place.rpartition(":")[2]
        given = [n for n, _ in self.target.parameters]
        if hasattr(self.function, "arguments"):
            return self.function.arguments
        try:
            return arguments_of(self.function, name, self.target.kind, given)
        except Unfit as error:
            if isinstance(error, NoBids) and self.method[1] is None:
                raise InputError(
                    f"{error}, so that an adapter could not hand them over; name a function that is given the bids"
                ) from None
            raise InputError(
                f"{error}; or {adapter(self)}"
                if "--param" in str(error)
                else f"{error}; {adapter(self)}"
            ) from None

    @property
    def agents(self) -> int | None:
        """The number of agents, where each is an argument of its own or has a parameter."""
        if self.target.listed is not None:
            return self.target.listed
        return sum(what.startswith("bid ") for _, what in self.arguments) or None

    def prepared(
        self, reports: Sequence[Any], style: str | None = None, numbers: str | None = None
    ) -> tuple[list[Any], dict[str, Any], Names]:
        """The arguments for some reports, and what agents and goods are called."""
        reading = self.target.reading
        arguments = self.arguments if reading is None else reading.arguments
        style = style or reading.style  # type: ignore[union-attr]
        numbers = numbers or reading.numbers  # type: ignore[union-attr]
        return call_with(self.target, arguments, style, numbers, reports)

    def reseed(self, seed: int | None = None) -> None:
        """The global random state before a call."""
        seed = self.target.seed if seed is None else seed
        random.seed(seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed)

    def call(self, reports: Sequence[Any], number: Callable[[Any], Any] = plain) -> Outcome:
        """Run the code on reports, numbers of any kind, and read what it returns.

        Parameters
        ----------
        reports : sequence
            One entry for each agent: a number, or a sequence of them.
        number : callable
            What becomes of a number in the result.
        """
        self.reseed()
        args, keywords, names = self.prepared(reports)
        assert self.target.reading is not None
        result = single(self.target.reading.style, self.function(*args, **keywords))
        return Reader(self.target.kind, names, number).read(result, self.target.reading.result)

    @property
    def sources(self) -> tuple[str, ...]:
        """The files of the audited project that are loaded: those beside or below the target's."""
        loaded = len(sys.modules)
        if self._sources[0] != loaded:  # looking them up takes milliseconds
            self._sources = (loaded, self._found_sources())
        return self._sources[1]

    def _found_sources(self) -> tuple[str, ...]:
        own = getattr(self.module, "__file__", None)
        if own is None:
            return ()
        root = Path(own).resolve().parent
        package = getattr(self.module, "__package__", "") or ""
        for _ in package.split(".")[:-1] if package else ():
            root = root.parent
        files = {str(Path(own).resolve())}
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if (
                file
                and file.endswith(".py")
                and root in Path(file).resolve().parents
                and _own(file)
            ):
                files.add(str(Path(file).resolve()))
        return tuple(sorted(files))


def _finished(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that returns what a generator yields, as a list, or a coroutine comes to."""
    if inspect.isgeneratorfunction(function):
        return wraps(function)(lambda *args, **keywords: list(function(*args, **keywords)))
    if inspect.iscoroutinefunction(function):
        import asyncio

        return wraps(function)(lambda *args, **keywords: asyncio.run(function(*args, **keywords)))
    return function


def _own(file: str) -> bool:
    return not {"site-packages", "dist-packages"} & set(Path(file).parts)
