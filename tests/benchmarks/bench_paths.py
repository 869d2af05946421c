"""Symbolic execution of ordinary Python: time to prove it, beside CrossHair on the same functions.

Run it as ``python tests/benchmarks/bench_paths.py [SECONDS]``, with the extra ``bench`` installed; SECONDS is
CrossHair's limit for each question (60); 0 leaves CrossHair out. This toolkit is asked whether *any* bidder
gains by a misreport or loses by telling the truth, over the reals, exploration and its validation included;
CrossHair only whether the *first* bidder gains, over whole numbers. The best of three, in one process; targets
are compared with CPU, since other programs run beside it.
"""

import sys
import time
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "paths"), str(HERE.parents[1])]

import paths_code
from bench_alternatives import apart
from paths_rules import WHO, Outcome, rule_of, winner_pays

from mechanism.language import bundles, goods, parameter, report
from mechanism.setting import double
from mechanism.setting_goods import combinatorial
from proofs.engines import fixed
from proofs.engines.engine import Budget
from proofs.engines.paths.summary import summary
from properties.registry import property_of

FILES = [paths_code.__file__]
BUYER = parameter("buyer", over="agent", boolean=True)
XOR = report("b", over=("agent", "bundle"))
MCAFEE = rule_of(
    lambda reports: Outcome(*map(tuple, paths_code.mcafee(reports))), FILES, "mcafee",
    setting_of=lambda rule: double(rule, BUYER),
).with_parameters(buyer=[True] * 3 + [False] * 3)  # fmt: skip
VCG = rule_of(
    lambda reports: Outcome(*map(tuple, paths_code.vcg(reports))), FILES, "vcg",
    setting_of=combinatorial, reports=XOR, entry=XOR[WHO, bundles("T")], good=goods("g"), sizes={"good": (2, 2)},
)  # fmt: skip
# The title, the rule, the number of agents, the target in seconds, and CrossHair's contract.
QUESTIONS = (
    ("second price by sorting, 3", winner_pays(paths_code.by_sorting), 3, 0.1, "sorted_gain_of_3"),
    ("second price by sorting, 5", winner_pays(paths_code.by_sorting), 5, 0.3, "sorted_gain_of_5"),
    ("second price by sorting, 6", winner_pays(paths_code.by_sorting), 6, 2.0, "sorted_gain_of_6"),
    ("second price by max, 8", winner_pays(paths_code.by_max), 8, 2.0, "max_gain_of_8"),
    ("second price by loops, 6", winner_pays(paths_code.by_loops), 6, 2.0, None),
    ("McAfee, 3 buyers and 3 sellers", MCAFEE, 6, 3.0, "mcafee_gain"),
    ("VCG, 2 goods and 2 bidders", VCG, 2, 3.0, "vcg_gain"),
    ("a knife edge, 2", winner_pays(paths_code.knife_edge), 2, 2.0, "knife_gain_of_2"),
)


def decided(rule, agents):
    """Explore, validate, and decide both properties for every agent."""
    summary.cache_clear()
    found = []
    for name in ("dsic", "ex-post-ir"):
        found.append(fixed.decide(property_of(name).on(rule), agents, Budget()).status)
        if found[-1] != "proved":
            return {"sat": "violated"}.get(found[-1], found[-1])
    return "proved"


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
    (message, *_) = run_checkables(analyze_function(getattr(paths_code, contract), options))
    state = message.state.value
    return {"confirmed": "proved", "post_fail": "violated"}.get(state, state)


def main():
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    print(
        f"{'':34}{'verdict':>10}{'seconds':>9}{'CPU':>7}{'target':>8}   {'CrossHair, one bidder':>24}{'ratio':>9}"
    )
    missed = []
    decided(rule_of(winner_pays(paths_code.by_max), FILES, "warm"), 2)
    for title, code, agents, target, contract in QUESTIONS:
        rule = rule_of(code, FILES, title) if callable(code) else code
        times, used = [], []
        for _ in range(3):
            start, cpu = time.perf_counter(), time.process_time()
            verdict = decided(rule, agents)
            times.append(time.perf_counter() - start)
            used.append(time.process_time() - cpu)
        mine = min(times)
        if min(used) > target or verdict in ("unknown",):
            missed.append(title)
        line = f"{title:34}{verdict:>10}{mine:9.2f}{min(used):7.2f}{target:8.1f}"
        if limit and contract:
            said, seconds = apart(partial(crosshair, contract, limit), limit)
            line += f"   {f'{said}, {seconds:.1f} s':>24}{seconds / mine:8.0f}x"
        print(line, flush=True)
    print("\nevery target reached" if not missed else "\nMISSED: " + "; ".join(missed))


if __name__ == "__main__":
    main()
