"""Numbers in place of sequences: to show that premises can be met, and to compare with concrete runs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from typing import Any

import z3

from mechanism.language.family import Domain
from proofs.lowering.ranked import ByRank
from proofs.lowering.ranked_sequences import Others, Table
from proofs.lowering.ranked_terms import inside

SPREAD = 64


def concrete(low: ByRank, assertions: Sequence[Any]) -> list[Any]:
    """The assertions with the others' reports, and the numbers of the slots, evenly spaced."""
    swaps = []
    for sequence in dict.fromkeys(chain(*low.theory.owners.values())):
        if isinstance(sequence, Others):
            swaps += [
                (sequence.report, _evenly(sequence)),
                (sequence.place, z3.ToReal(z3.Var(0, z3.IntSort()))),
            ]
        elif isinstance(sequence, Table) and not sequence.given:
            top, step = _top(sequence.domain)
            swaps.append(
                (sequence.key, _clip(top - step * z3.Var(0, z3.IntSort()), sequence.count))
            )
    return [z3.substitute_funs(a, *swaps) for a in assertions]


def _evenly(others: Others) -> Any:
    top, step = _top(others.domain)
    place = z3.Var(0, z3.IntSort())
    report = top - step * place if others.sign > 0 else top - step * (SPREAD - place)
    return _clip(report, others.count)


def _top(domain: Domain) -> tuple[Any, Any]:
    low = domain.lower if domain.lower is not None else Fraction(0)
    high = domain.upper if domain.upper is not None else low + SPREAD
    return z3.RealVal(high), z3.RealVal((high - low) / SPREAD)


def _clip(value: Any, count: Any) -> Any:
    return z3.If(inside(1, z3.Var(0, z3.IntSort()), count), value, z3.RealVal(0))
