"""FMMRA on many draws: the symbolic step rule, run market by market, against a plain Python loop.

Run it as ``python tests/benchmarks/bench_fmmra.py [large]``. Both sides get the same draws in one run,
take turns, and must return the same deals; times are CPU times. The loop is the auction written out for
one draw on Python's floats, as one would write it by hand. With ``large``, also one run with 100,000
agents and 1,000 tasks, in single precision, with its peak memory; nothing is compared there, for the
loop would take hours.
"""

import resource
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from mechanism.fmmra.costs import Costs
from mechanism.fmmra.fitness import fitness
from mechanism.fmmra.generate import draw_scenarios
from mechanism.fmmra.large import draw_large
from mechanism.fmmra.rounds import fmmra
from mechanism.fmmra.simulate import simulate

TASKS, AGENTS, DRAWS = 4, 64, 10_000
COMPARED, TURNS = ((TASKS, AGENTS, 5000), (32, 256, 200)), 3
SECONDS = 3  # for DRAWS
LARGE_AGENTS, LARGE_TASKS, LARGE_SECONDS, LARGE_BYTES = 10**5, 10**3, 60, 2e9


def by_hand(profit, fits):
    """One draw, on lists: for each task its agent and its price."""
    agents, tasks = range(len(profit)), range(len(profit[0]))
    bid = [[x / 2 for x in row] for row in profit]
    free, left, deals = set(agents), set(tasks), {}
    while True:
        offers = {}
        for i in sorted(free):
            mine, most, best = profit[i], 0.0, None
            for t in tasks:
                if t in left and mine[t] > 0 and (best is None or mine[t] - bid[i][t] > most):
                    most, best = mine[t] - bid[i][t], t
            if best is not None:
                offers.setdefault(best, []).append(i)
        if not offers:
            return deals
        for t, bidders in offers.items():
            winner = max(bidders, key=lambda i: 0.3 * bid[i][t] + 0.7 * fits[i][t])
            own = bid[winner][t]
            lower = [bid[i][t] for i in bidders if i != winner and bid[i][t] <= own]
            deals[t] = winner, max(lower, default=own)
            free.discard(winner)
            left.discard(t)
        for bidders in offers.values():
            for i in bidders:
                if i in free:
                    bid[i] = [b + 0.1 * (e - b) for b, e in zip(bid[i], profit[i])]


def timed(function, *arguments):
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


def draws(number, tasks=TASKS, agents=AGENTS):
    scene = draw_scenarios(np.random.default_rng(0), agents, tasks, number)
    return Costs().expected_profit(scene), fitness(scene.importance, scene.suitability)


def compare(tasks, agents, number):
    rule = fmmra()
    profit, fits = draws(number, tasks, agents)
    lists = profit.tolist(), fits.tolist()
    simulate(rule, profit, fits)  # takes the rule apart, once
    ours, theirs = [], []
    for _ in range(TURNS):
        seconds, loop = timed(lambda: [by_hand(p, f) for p, f in zip(*lists)])
        theirs.append(seconds)
        seconds, deals = timed(simulate, rule, profit, fits)
        ours.append(seconds)
    found = [{} for _ in range(number)]
    for d, t, i, price in zip(deals.draw, deals.task, deals.agent, deals.price):
        found[d][t] = i, price
    for one, other in zip(found, loop):
        assert one.keys() == other.keys()
        assert all(one[t][0] == other[t][0] and np.isclose(one[t][1], other[t][1]) for t in one)
    ratio = median(theirs) / median(ours)
    print(f"{number:,} draws of {agents} agents and {tasks} tasks, median of {TURNS} turns")
    print(f"  plain loop {median(theirs) * 1e3:8.0f} ms")
    print(f"  simulate   {median(ours) * 1e3:8.0f} ms   {ratio:.1f} times as fast")


def many():
    drawing, (profit, fits) = timed(draws, DRAWS)
    running, deals = timed(simulate, fmmra(), profit, fits)
    assert (deals.number == TASKS).all()
    print(f"{DRAWS:,} draws: drawing {drawing:.2f} s, running {running:.2f} s, target {SECONDS} s")
    return drawing + running <= SECONDS


def large():
    rng = np.random.default_rng(0)
    drawing, (profit, fits) = timed(draw_large, rng, LARGE_AGENTS, LARGE_TASKS)
    running, deals = timed(simulate, fmmra(), profit, fits)
    assert sorted(deals.task.tolist()) == list(range(LARGE_TASKS))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"{LARGE_AGENTS:,} agents, {LARGE_TASKS:,} tasks: drawing {drawing:.1f} s, running {running:.1f} s "
        f"({deals.rounds[0]} rounds), target {LARGE_SECONDS} s; peak {peak / 1e9:.2f} GB, "
        f"target {LARGE_BYTES / 1e9:.0f} GB"
    )
    return drawing + running <= LARGE_SECONDS and peak <= LARGE_BYTES


def main():
    for size in COMPARED:
        compare(*size)
    reached = many()
    if sys.argv[1:] == ["large"]:
        reached &= large()
    print("targets reached" if reached else "a target was MISSED")
    return not reached


if __name__ == "__main__":
    sys.exit(main())
