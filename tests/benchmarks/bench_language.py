"""Building and lowering a rule for 40 bidders, against writing it out with sympy's own `Max`.

Run it as ``python tests/benchmarks/bench_language.py [BIDDERS]``. Ours: the rule from its formulas, the
question whether it is strategyproof, and the quantifier-free lowering of that for 40 bidders. The
other side: one price for each bidder with sympy's `Max`, which compares every pair of its arguments, and
its lowering to Z3 is not even begun. Then the solver, on ours.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import sympy as sp

from mechanism.language import ArgMax, Cases, Highest, Max, agents, parameter, report
from mechanism.rule import Rule
from proofs.lowering.obligation import lower, role_choices
from proofs.solver import solve
from properties.registry import property_of

TARGET = 0.5


def second_price():
    i, j = agents("i j")
    b = report("b")
    wins = sp.Eq(i, ArgMax(b[j], j))
    price = Highest(b[j], j, where=sp.Ne(j, i))
    return Rule(id="second-price-again", agent=i, reports=b,
                allocation=Cases((1, wins), (0, True)), payment=Cases((price, wins), (0, True)))  # fmt: skip


def score_auction():
    i, j = agents("i j")
    b, score = report("b"), parameter("score", over="agent", at_least=0)
    w1, w2 = parameter("w1", above=0), parameter("w2", at_least=0)
    wins = sp.Eq(i, ArgMax(w1 * b[j] + w2 * score[j], j))
    rival = Highest(w1 * b[j] + w2 * score[j], j, where=sp.Ne(j, i))
    price = Max(0, (rival - w2 * score[i]) / w1)
    return Rule(id="score-auction-again", agent=i, reports=b,
                allocation=Cases((1, wins), (0, True)), payment=Cases((price, wins), (0, True)))  # fmt: skip


def written_out(scores):
    """The price of each bidder by sympy's `Max`, and when it wins."""
    rows = []
    for i, own in enumerate(scores):
        others = scores[:i] + scores[i + 1 :]
        wins = sp.And(*(own >= other for other in others))
        rows.append(sp.Piecewise((sp.Max(*others), wins), (0, True)))
    return rows


def sympy_second_price(n):
    return written_out(list(sp.symbols(f"b:{n}", real=True)))


def sympy_score_auction(n):
    w1, w2 = sp.symbols("w1 w2", real=True)
    bids, scores = sp.symbols(f"b:{n}", real=True), sp.symbols(f"s:{n}", real=True)
    return written_out([w1 * x + w2 * y for x, y in zip(bids, scores)])


def timed(function, *arguments):
    start = time.process_time()
    result = function(*arguments)
    return result, time.process_time() - start


def lowered(rule, bidders):
    obligation = property_of("dsic").on(rule)
    roles = next(iter(role_choices(obligation, bidders, canonical=True)))
    return lower(obligation, {"agent": bidders}, roles, "free")


def main():
    bidders = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    lowered(second_price(), 2)  # what is loaded on first use
    print(f"{bidders} bidders; seconds of CPU; target: build and lower in under {TARGET} s\n")
    columns = ("build", "lower", "both", "sympy's Max", "ratio", "solve")
    print(f"{'rule':16}" + "".join(f"{c:>13}" for c in columns))
    worst = 0.0
    for name, ours, theirs in (
        ("second price", second_price, sympy_second_price),
        ("score auction", score_auction, sympy_score_auction),
    ):
        rule, building = timed(ours)
        question, lowering = timed(lowered, rule, bidders)
        answer, solving = timed(solve, question.assertions)
        assert answer.status == "unsat"
        _, other = timed(theirs, bidders)
        both = building + lowering
        worst = max(worst, both)
        print(
            f"{name:16}{building:13.3f}{lowering:13.3f}{both:13.3f}{other:13.2f}{other / both:12.0f}x{solving:13.3f}"
        )
    print(f"slowest: {worst:.3f} s ({'reached' if worst < TARGET else 'MISSED'})")


if __name__ == "__main__":
    main()
