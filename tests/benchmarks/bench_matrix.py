"""The whole catalogue times all properties: cold, and again with every result in the proof cache.

Run it as ``python tests/benchmarks/bench_matrix.py [JOBS]`` (2). Each of the two runs is a fresh process
that audits rule after rule, and both share a cache of their own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
TARGETS = {"cold": 600, "cached": 60}
SLOW = 5.0


def measure(jobs):
    """Audit everything; one line of JSON for each rule."""
    sys.path.insert(0, str(ROOT))
    from mechanism.registry import RULES
    from proofs.audit import audit_iter
    from properties.registry import OF_AUCTIONS

    for name in RULES:
        start = time.perf_counter()
        cells = list(audit_iter(name, properties=list(OF_AUCTIONS), jobs=jobs))
        seconds = time.perf_counter() - start
        slow = [(c.property, c.seconds) for c in cells if c.seconds > SLOW]
        open_ = [c.property for c in cells if c.verdict in ("undecided", "unrefuted", "error")]
        print(json.dumps([name, len(cells), seconds, slow, open_]), flush=True)


def run(jobs, cache):
    start = time.perf_counter()
    environment = {**os.environ, "STRATEGYPROOF_CACHE": cache}
    command = [sys.executable, __file__, str(jobs), "--measure"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()], time.perf_counter() - start


def main():
    jobs = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    if "--measure" in sys.argv:
        return measure(jobs)
    with tempfile.TemporaryDirectory() as cache:
        cold, cold_seconds = run(jobs, cache)
        cached, cached_seconds = run(jobs, cache)
    print(f"{'rule':32}{'findings':>9}{'cold, s':>10}{'cached, s':>11}{'ratio':>9}  slow cells")
    for (name, cells, first, slow, _), (_, _, second, _, _) in zip(cold, cached):
        named = ", ".join(f"{p} {s:.0f} s" for p, s in slow)
        print(f"{name:32}{cells:9}{first:10.1f}{second:11.2f}{first / second:8.0f}x  {named}")
    print(f"{'all, with imports':32}{sum(c[1] for c in cold):9}{cold_seconds:10.1f}{cached_seconds:11.2f}"
          f"{cold_seconds / cached_seconds:8.0f}x")  # fmt: skip
    for label, seconds in (("cold", cold_seconds), ("cached", cached_seconds)):
        word = "reached" if seconds < TARGETS[label] else "MISSED"
        print(f"{label}: target {TARGETS[label]} s, {word}")
    undecided = [f"{name} {p}" for name, _, _, _, left in cold for p in left]
    print("not decided: " + ("; ".join(undecided) if undecided else "none"))
    return None


if __name__ == "__main__":
    main()
