"""The time of every proof of incentive compatibility and individual rationality for any number of agents.

Run it as ``python tests/benchmarks/bench_any_size.py``. Each proof is made in a fresh process, without the
cache: the whole process with its imports, and the audit alone, in seconds of wall clock and of CPU.
Each is set against the same question for 4 agents, as solvers are used otherwise (goods, slots and
outcomes in the sizes the rule declares): this too in a fresh process, and only the decision counts.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
TARGET = 2.0
FIXED = 4
LIMIT = 120
RULES = (
    "second-price", "second-price-reserve", "posted-price", "posted-price-unlimited", "score-auction",
    "vcg-public", "affine-maximizer", "vcg-assignment", "vcg-combinatorial", "uniform-price", "myerson",
    "greedy-single-minded", "vcg-slots", "mcafee", "trade-reduction", "vcg-double-auction",
)  # fmt: skip
PROPERTIES = ("dsic", "ex-post-ir")

ANY = """
import resource, sys, time
sys.path.insert(0, {root!r})
from mechanism.registry import rule
from proofs.audit import audit_iter
auction = rule({rule!r})
start = time.perf_counter()
finding = next(audit_iter(auction, properties=[{property!r}], cache=False))
seconds = time.perf_counter() - start
tops = [finding.scope.agents[1], *(top for _, top in finding.scope.sizes.values())]
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(finding.verdict, "any" if set(tops) == {{None}} else tops[0], finding.evidence and finding.evidence.kind == "proof" and finding.evidence.argument,
      seconds, sum(u.ru_utime + u.ru_stime for u in used), sep=";")
"""
ONE_SIZE = """
import sys, time
sys.path.insert(0, {root!r})
from mechanism.registry import rule
from proofs.engines import fixed
from proofs.engines.engine import Budget
from properties.registry import property_of
obligation = property_of({property!r}).on(rule({rule!r}))
start = time.perf_counter()
decided = fixed.decide(obligation, {agents}, Budget())
print(decided.status, time.perf_counter() - start, sep=";")
"""


def fresh(script, **values):
    """What a script prints in a process of its own, and the seconds from start to end."""
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-c", script.format(root=str(ROOT), **values)],
            capture_output=True, text=True, timeout=LIMIT, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, LIMIT
    return done.stdout.strip().split(";"), time.perf_counter() - start


def main():
    print(
        f"Each in a fresh process. Target: under {TARGET:.0f} s. 4 agents: decided by size, limit {LIMIT} s\n"
    )
    columns = ("audit, s", "CPU, s", "process, s", f"{FIXED} agents, s", "ratio")
    print(
        f"{'rule':24}{'property':12}{'agents':>8} {'argument':12}"
        + "".join(f"{c:>12}" for c in columns)
    )
    missed = []
    for rule in RULES:
        for name in PROPERTIES:
            found, whole = fresh(ANY, rule=rule, property=name)
            verdict, agents, argument, seconds, cpu = found or ("undecided", "-", "-", LIMIT, LIMIT)
            if agents != "any" or verdict != "proved" or float(seconds) > TARGET:
                missed.append(f"{rule} {name}")
            sized, _ = fresh(ONE_SIZE, rule=rule, property=name, agents=FIXED)
            status, other = sized or ("unknown", LIMIT)
            mark = "" if status == "proved" else " ?"
            ratio = f"{float(other) / float(seconds):.1f}x"
            print(f"{rule:24}{name:12}{agents if verdict == 'proved' else verdict:>8} {argument:12}"
                  f"{float(seconds):12.2f}{float(cpu):12.2f}{whole:12.2f}{f'{float(other):.2f}{mark}':>12}{ratio:>12}",
                  flush=True)  # fmt: skip
    print("\nevery one reached" if not missed else "\nMISSED: " + "; ".join(missed))


if __name__ == "__main__":
    main()
