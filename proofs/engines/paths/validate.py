"""An exploration compared with the function itself, before anything is said on its ground.

The leaves are a claim about the code. It is checked on an interior point of every leaf, on random profiles
of a lattice with ties and round numbers, of which each must lie in exactly one leaf, by running every leaf
again in reverse order (no fork may be met, and nothing may change when numbers are written in another way),
and, where it is affordable, by a proof that the leaves cover the domain.
"""

from __future__ import annotations

import random
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from mechanism.targets.conduct import MANY
from proofs.engines.paths.forms import whole
from proofs.engines.paths.leaves import Leaf, Stop
from proofs.engines.paths.original import agrees, run_original, spelled
from proofs.engines.paths.path import Fork
from proofs.engines.paths.tokens import ALPHABETS

if TYPE_CHECKING:
    from proofs.engines.paths.explorer import Explorer

PROFILES = 48
COVER = 200  # leaves; the cover of more is left to the lattice
ROUND = (0, 1, 2, 3, 5, 7, 10, 12, 20, 100)
LONG = (0, 9, 10, 999, 1_000, 99_999, 10**6, 2**24, 2**24 + 1)
BETWEEN = (Fraction(1, 2), Fraction(3, 4), Fraction(13, 4), Fraction(21, 2))


class Validation:
    """The checks of one exploration; `agreed` counts what agreed."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.agreed = {"interior": 0, "lattice": 0, "replayed": 0, "covered": 0}
        self.deadline = time.monotonic() + 2 * explorer.bounds.seconds

    def run(self) -> list[Stop]:
        """Why the exploration cannot be believed; empty if every check agreed."""
        for step in (self._replay, self._interior, self._lattice, self._remembering, self._cover):
            stop = step()
            if stop is not None:
                return [stop]
            if time.monotonic() > self.deadline:
                return [Stop("bound", "time ran out while the paths were checked")]
        return []

    # --- the leaves again ----------------------------------------------------------------------

    def _replay(self) -> Stop | None:
        from proofs.engines.paths.injection import injected

        explorer = self.explorer
        alphabets = range(1, ALPHABETS) if "text" in explorer.notes else (0,)
        with injected(explorer.files):
            for alphabet in alphabets:
                for leaf in reversed(explorer.leaves):
                    fork = Fork(leaf.state, leaf.decisions, leaf.trace)
                    explorer.deadline = self.deadline
                    path, again = explorer.follow(fork, None, alphabet)
                    if path.stopped is not None:
                        stopped = path.stopped
                        kind, why = stopped.kind, stopped.reason
                        if alphabet and kind == "random":
                            why = "what is decided depends on how a number is written"
                        return Stop(kind, why, stopped.place)
                    if again is None or not _same(leaf, again):
                        why = "the same reports give another outcome when they are run again"
                        return Stop("random", why)
                    self.agreed["replayed"] += 1
        return None

    # --- points --------------------------------------------------------------------------------

    def _interior(self) -> Stop | None:
        for leaf in self.explorer.leaves:
            point = leaf.state.point(self.explorer.variables)
            if point is None:
                continue
            stop = self._compare(leaf, point)
            if stop is not None:
                return stop
            self.agreed["interior"] += 1
            if time.monotonic() > self.deadline:
                return None
        return None

    def _lattice(self) -> Stop | None:
        explorer = self.explorer
        rng = random.Random(f"{explorer.agents} {explorer.over}")
        atoms = {a.key: a for leaf in explorer.leaves for a in leaf.condition}
        plain = not any(leaf.auxiliaries for leaf in explorer.leaves)
        for number in range(PROFILES):
            profile = self._profile(rng, number)
            truth = {key: a.holds(profile) for key, a in atoms.items()} if plain else {}
            inside = []
            for leaf in explorer.leaves:
                if plain:
                    if all(truth[a.key] for a in leaf.condition):
                        inside.append(leaf)
                    continue
                values = leaf.assignment(profile)
                if values is not None and all(a.holds(values) for a in leaf.condition):
                    inside.append(leaf)
            if any(a.kind == "root" for leaf in explorer.leaves for a in leaf.auxiliaries):
                # A root is known only as a double, which may miss a leaf or meet two.
                if len(inside) != 1:
                    continue
            elif len(inside) != 1:
                return Stop("mismatch", f"{_written(profile)} lies on {len(inside)} paths")
            stop = self._compare(inside[0], profile)
            if stop is not None:
                return stop
            self.agreed["lattice"] += 1
        return None

    def _profile(self, rng: random.Random, number: int) -> dict[int, Any]:
        domain = self.explorer.domain
        usual = ROUND if number % 2 else (*ROUND[:5], *BETWEEN)
        choices: list[Any] = list(LONG if number % 6 == 5 else usual)
        if domain.lower is None or domain.lower < 0:
            choices += [-c for c in choices]
        choices = [c for c in choices if domain.holds(Fraction(c))]
        if domain.upper is not None and domain.lower is not None:
            gap = domain.upper - domain.lower
            choices += [
                c for k in range(5) if domain.holds(c := domain.lower + gap * Fraction(k, 4))
            ]
        if not choices:
            choices = [(domain.lower or 0) + Fraction(k, 2) for k in range(1, 5)]
        if number % 3 == 0:  # few values, so that there are ties
            choices = rng.sample(choices, min(2, len(choices)))
        return {v: whole(Fraction(rng.choice(choices))) for v in range(self.explorer.variables)}

    def _compare(self, leaf: Leaf, point: dict[int, Any], afresh: bool = True) -> Stop | None:
        explorer = self.explorer
        values = leaf.assignment(point)
        if values is None:
            return None
        expected = None if leaf.crash else leaf.outcome(values)
        loose = "rounding" in explorer.notes or "decimal" in explorer.notes
        answers = []
        for kind in spelled(point):
            if afresh:
                explorer.memory.restore()
            answers.append(run_original(explorer.call, explorer.nest(kind)))
        if agrees(answers, expected, leaf.crash, loose):
            return None
        got = " or ".join(dict.fromkeys(_shown(a) for a in answers))
        said = str(leaf.crash) if leaf.crash else _shown(expected)
        place = leaf.crash.place if leaf.crash else ""
        why = f"on {_written(point)} the code gives {got}, and on symbols {said}"
        return Stop("mismatch", why, place)

    def _remembering(self) -> Stop | None:
        """Where calls leave something behind: whether later calls answer as if they had not."""
        explorer = self.explorer
        if "state" not in explorer.notes:
            return None
        points = [(x, x.state.point(explorer.variables)) for x in explorer.leaves[:PROFILES]]
        rounds = max(1, MANY // max(1, 2 * len(points)))
        for leaf, point in (*points, *reversed(points)) * rounds:
            if time.monotonic() > self.deadline:
                return None
            if point is not None and self._compare(leaf, point, afresh=False) is not None:
                return None
        explorer.notes["fresh"] = ""
        del explorer.notes["state"]
        return None

    # --- all of the domain ---------------------------------------------------------------------

    def _cover(self) -> Stop | None:
        explorer = self.explorer
        if len(explorer.leaves) > COVER or any(leaf.auxiliaries for leaf in explorer.leaves):
            return None
        told = explorer.oracle.covers(explorer.base.atoms, [x.condition for x in explorer.leaves])
        if told is False:
            return Stop("mismatch", "the paths do not cover all reports")
        self.agreed["covered"] = int(told is True)
        return None


def _same(one: Leaf, other: Leaf) -> bool:
    if one.crash is not None or other.crash is not None:
        crashes = [x.crash and (x.crash.kind, x.crash.place) for x in (one, other)]
        return crashes[0] == crashes[1]
    return (one.allocation, one.payments) == (other.allocation, other.payments)


def _shown(answer: Any) -> str:
    if isinstance(answer, BaseException):
        return f"{type(answer).__name__}: {answer}"
    return f"allocation {_text(answer.allocation)}, payments {_text(answer.payments)}"


def _text(value: Any) -> str:
    return f"({', '.join(map(_text, value))})" if isinstance(value, (list, tuple)) else str(value)


def _written(point: dict[int, Any]) -> str:
    return "(" + ", ".join(str(v) for v in point.values()) + ")"
