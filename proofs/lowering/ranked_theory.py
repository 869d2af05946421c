"""The sequences of one obligation, and their axioms at the places that occur.

References
----------
A. Bradley, Z. Manna, H. Sipma, What's Decidable About Arrays?, VMCAI 2006.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import z3

from proofs.lowering.ranked_sequences import Order, Others, Sequence
from proofs.lowering.ranked_terms import condition, of_kind


@dataclass
class Theory:
    """The sequences of one obligation, and what holds of them at the places that occur.

    `facts` are about the sequences themselves, `definitions` about numbers defined through them.
    """

    facts: list[Any] = field(default_factory=list)
    definitions: list[Any] = field(default_factory=list)
    owners: dict[str, list[Sequence]] = field(default_factory=dict)

    def enter(self, sequence: Any) -> None:
        """Add a sequence, and what holds of it in general."""
        for function in sequence.functions:
            self.owners.setdefault(function.name(), []).append(sequence)
        if hasattr(sequence, "facts"):
            self.facts += sequence.facts()

    def places(self, *formulas: Any) -> dict[Sequence, list[Any]]:
        """The places at which each sequence is read."""
        found: dict[Sequence, dict[int, Any]] = {}
        for node in of_kind(z3.Z3_OP_UNINTERPRETED, *formulas):
            if node.num_args() == 1:
                for sequence in self.owners.get(node.decl().name(), ()):
                    place = z3.simplify(node.arg(0))
                    found.setdefault(sequence, {})[place.get_id()] = place
        return {sequence: list(places.values()) for sequence, places in found.items()}

    def close(self, formulas: Iterable[Any]) -> list[Any]:
        """The formulas, the facts, and the axioms at every place that occurs."""
        result = [*map(condition, formulas), *self.facts]
        seen: dict[Sequence, dict[int, Any]] = {}
        fresh, generation = result, 0
        while fresh:
            axioms: list[Any] = []
            for sequence, places in self.places(*fresh).items():
                known = seen.setdefault(sequence, {})
                for place in places:
                    if place.get_id() not in known and generation <= sequence.reach:
                        axioms += sequence.at(place)
                        for other in known.values():
                            axioms += sequence.pair(other, place)
                        known[place.get_id()] = place
            result += axioms
            fresh, generation = axioms, generation + 1
        return result

    def sorted(self, formulas: Iterable[Any]) -> list[Any]:
        """The formulas, and that sequences are sorted at the places that occur."""
        result = [*map(condition, formulas)]
        for sequence, places in self.places(*result).items():
            if isinstance(sequence, (Others, Order)):
                for one, other in combinations(places, 2):
                    result += sequence.sorted(one, other)
        return result
