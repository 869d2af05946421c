"""The same questions put to this toolkit and to what else one could use. One table.

Run it as ``python tests/benchmarks/bench_alternatives.py [SECONDS]``, with the extra ``bench`` installed;
SECONDS is the limit for each question (60). All get the same questions: does somebody gain by a
misreport under second price, under McAfee, and under second price with a mistake on a knife edge, a
discount to a winner who meets one linear equation? This toolkit is asked about every number of bidders
and proves or refutes; CrossHair and Hypothesis get ordinary Python with contracts (`ordinary_python.py`)
and Z3 a script for a fixed number (`naive_z3.py`), both written for one number of bidders at a time.
"""

import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import naive_z3
import ordinary_python
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import And, Eq

from mechanism.language import Cases
from mechanism.registry import rule
from mechanism.rules.second_price import b, i, price, winner
from proofs.audit import audit_iter
from proofs.workers import run

EXAMPLES = 20_000
discounted = And(Eq(i, winner), Eq(3 * price, b[i] + 170001))
KNIFE_EDGE = replace(
    rule("second-price"),
    id="second-price-with-a-knife-edge",
    payment=Cases((price - 1, discounted), (price, Eq(i, winner)), (0, True)),
    claims=(),
)
SECOND_PRICE, MCAFEE = rule("second-price"), rule("mcafee")
# What is asked, of whom (the number of agents), the contract, and the utility in Z3.
QUESTIONS = (
    ("second price, 3 bidders", SECOND_PRICE, 3, "second_price_of_3", naive_z3.second_price),
    ("second price, 4 bidders", SECOND_PRICE, 4, "second_price_of_4", naive_z3.second_price),
    ("second price, 5 bidders", SECOND_PRICE, 5, "second_price_of_5", naive_z3.second_price),
    ("McAfee, 3 buyers and 3 sellers", MCAFEE, 6, "mcafee_of_3_and_3", partial(naive_z3.mcafee, buyers=3)),
    ("second price with a knife edge, 3", KNIFE_EDGE, 3, "knife_edge_of_3",
     partial(naive_z3.second_price, discount=True)),
)  # fmt: skip


def ours(auction, limit):
    (finding,) = audit_iter(auction, properties=["dsic"], cache=False, budget_seconds=limit)
    if finding.verdict == "proved":
        return f"proved, {finding.scope}"
    return f"{finding.verdict}, {finding.scope}"


def crosshair(contract, limit):
    from crosshair.core_and_libs import analyze_function, run_checkables
    from crosshair.options import AnalysisKind, AnalysisOptionSet

    options = AnalysisOptionSet(
        analysis_kind=[AnalysisKind.PEP316],
        per_condition_timeout=limit,
        per_path_timeout=limit,
        max_uninteresting_iterations=sys.maxsize,
        report_all=True,
    )
    (message, *_) = run_checkables(analyze_function(getattr(ordinary_python, contract), options))
    return {"confirmed": "proved", "post_fail": "violated"}.get(message.state.value, "undecided")


def hypothesis(contract, agents):
    function = getattr(ordinary_python, contract)
    bid = st.integers(0, 1_000_000)

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.lists(bid, min_size=agents, max_size=agents), st.integers(0, agents - 1), bid)
    def nobody_gains(values, who, lie):
        assert function(*values, who, lie) <= 0

    try:
        nobody_gains()
    except AssertionError:
        return "violated"
    return "nothing found"


def timed(task):
    start = time.perf_counter()
    return task(), time.perf_counter() - start


def apart(task, limit):
    """In a process of its own, killed a little after the limit."""
    start = time.perf_counter()
    ((_, result),) = run([task], 1, limit + 5, float("inf"))
    if isinstance(result, Exception):
        result = "undecided" if "deadline" in str(result) else f"{type(result).__name__}: {result}"
    return result, time.perf_counter() - start


def main():
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    if limit <= 0:
        sys.exit(f"the limit must be positive, not {limit}")
    print(f"Does somebody gain by a misreport? {limit:.0f} s for each question; times / ours\n")
    print(f"{'':36}{'verdict':>32}{'seconds':>9}{'ratio':>9}")
    for title, auction, agents, contract, utility in QUESTIONS:
        found, mine = timed(partial(ours, auction, limit))
        print(title)
        print(f"  {'strategyproof':34}{found:>32}{mine:9.2f}")
        others = (
            ("CrossHair", partial(crosshair, contract, limit)),
            (f"Hypothesis, {EXAMPLES:,} examples", partial(hypothesis, contract, agents)),
            ("Z3 script, fixed number", partial(naive_z3.decide, utility, agents)),
        )
        for name, task in others:
            verdict, seconds = apart(task, limit)
            verdict += f", {agents} agents" if verdict == "proved" else ""
            print(f"  {name:34}{verdict:>32}{seconds:9.2f}{seconds / mine:8.1f}x", flush=True)


if __name__ == "__main__":
    main()
