"""What code remembers between two calls, put back before each run: module globals, caches, random state.

State that lives elsewhere (in closures, on instances kept by other modules) is not found; it shows when a
path is run twice.
"""

from __future__ import annotations

import copy
import random
import sys
from collections import deque
from fractions import Fraction
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from proofs.engines.paths.path import Path

_PLAIN = (bool, int, float, str, bytes, type(None))
_OWN = ("mechanism", "properties", "proofs")
_LARGEST = 2_000  # entries of a global that is copied
_FRESH = 624  # where a Mersenne twister stands after it was seeded
_FILLED = (list, dict, set, deque, bytearray)


class Memory:
    """The memory of the modules whose source is in `files`."""

    def __init__(self, files: frozenset[str]) -> None:
        self.modules = audited(files)
        self.kept: list[tuple[dict[str, Any], str, Any, Any]] = []
        self.caches: list[Any] = []
        for module in self.modules:
            self._keep(vars(module))
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == module.__name__:
                    self._keep(value)
        self.before: tuple[Any, Any] = (random.getstate(), np.random.get_state())
        self.seeded = (random.Random(0).getstate(), np.random.RandomState(0).get_state())

    def _keep(self, owner: Any) -> None:
        for name, value in list((owner if isinstance(owner, dict) else vars(owner)).items()):
            if hasattr(value, "cache_clear"):
                self.caches.append(value)
            if name.startswith("__"):
                continue
            if isinstance(value, _PLAIN):
                self.kept.append((owner, name, value, value))
            elif isinstance(value, _FILLED) and _small(value):
                self.kept.append((owner, name, value, copy.deepcopy(value)))

    def restore(self) -> None:
        """Put everything back as it was."""
        for owner, name, value, saved in self.kept:
            if isinstance(value, _FILLED):
                _refill(value, copy.deepcopy(saved))
            if isinstance(owner, dict):
                owner[name] = value
            elif vars(owner).get(name) is not value:
                setattr(owner, name, value)
        for cache in self.caches:
            cache.cache_clear()
        if self.drawn():
            random.setstate(self.seeded[0])
            np.random.set_state(self.seeded[1])

    def drawn(self) -> bool:
        """Whether a global generator has left the first place of its sequence, where seeding puts it."""
        numpys: Any = np.random.get_state()
        return bool(random.getstate()[1][-1] != _FRESH or numpys[2] != _FRESH)

    def enter(self) -> None:
        """Seed the global generators."""
        random.setstate(self.seeded[0])
        np.random.set_state(self.seeded[1])

    def leave(self) -> None:
        """Put everything back for whoever comes after, the random state included."""
        self.restore()
        random.setstate(self.before[0])
        np.random.set_state(self.before[1])

    def note_traces(self, path: Path) -> None:
        """Note what the path has left behind: draws from a global random generator, changed memory."""
        if self.drawn():
            path.note("random", "")
        if (name := self.changed()) is not None:
            path.note("state", name)

    def changed(self) -> str | None:
        """The name of something that is remembered and no longer as it was."""
        for owner, name, value, saved in self.kept:
            now = (owner if isinstance(owner, dict) else vars(owner)).get(name)
            if now is not value or not _alike(now, saved):
                return name
        return None


def audited(files: frozenset[str]) -> list[ModuleType]:
    """The loaded modules whose source is in `files`, without those of this toolkit."""
    return [
        module
        for module in list(sys.modules.values())
        if isinstance(module, ModuleType)
        and getattr(module, "__file__", None) in files
        and module.__name__.partition(".")[0] not in _OWN
    ]


def _alike(one: Any, other: Any) -> bool:
    """Whether two remembered values are the same. Symbols are never compared: that would fork."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        same = one.keys() == other.keys() if all(isinstance(k, _PLAIN) for k in one) else False
        return same and all(_alike(v, other[k]) for k, v in one.items())
    if isinstance(one, (list, tuple, deque)):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, (set, frozenset)):
        return all(isinstance(v, _PLAIN) for v in one) and one == other
    return isinstance(one, (*_PLAIN, bytearray, Fraction)) and one == other


def _small(value: Any) -> bool:
    """Whether it is made of plain values in containers, and not many."""
    left, todo = _LARGEST, [value]
    while todo and left:
        one = todo.pop()
        left -= 1
        if isinstance(one, dict):
            todo += [*one.keys(), *one.values()]
        elif isinstance(one, (list, tuple, set, frozenset, deque)):
            todo += one
        elif not isinstance(one, (*_PLAIN, bytearray, Fraction)):
            return False
    return not todo


def _refill(value: Any, saved: Any) -> None:
    if isinstance(value, (list, bytearray)):
        value[:] = saved
    else:
        value.clear()
        (value.extend if isinstance(value, deque) else value.update)(saved)
