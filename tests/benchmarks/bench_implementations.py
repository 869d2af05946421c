"""How much of ordinary code is decided, and in what time: the table of tests/implementations.

Run with ``python tests/benchmarks/bench_implementations.py [part of a target]...``: without any part, those with one
number for each bidder, in Python, which is what the figure is about (a minute of processor time); with ``:``, all of them
(three minutes). As a test it holds the figure to what the project promises: of the former at least 85 % decided for up
to three bidders, in under 2 seconds of processor time for each property, and no wrong verdict among all.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

from implementation_rows import FOLDER, compiled, findings, implementations, wrong


def seconds() -> float:
    """Processor time of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def measured(only: list[str]) -> list[dict]:
    programs = compiled(Path(tempfile.mkdtemp()))
    rows = []
    for row in implementations():
        if not (any(part in row.target for part in only) if only else row.single):
            continue
        began, clock = seconds(), time.perf_counter()
        found = {name: str(f.verdict) for name, f in findings(row, programs).items()}
        rows.append(
            {
                "row": row,
                "found": found,
                "each": (seconds() - began) / len(found),
                "wall": time.perf_counter() - clock,
                "wrong": wrong(row, found),
                "decided": all(v in ("proved", "refuted") for v in found.values()),
            }
        )
        told = ", ".join(f"{name} {verdict}" for name, verdict in found.items())
        print(
            f"{row.target:36} {row.setting:14} {rows[-1]['each']:5.1f} s each, {rows[-1]['wall']:5.1f} s; "
            f"{told}{'  WRONG' if rows[-1]['wrong'] else ''}",
            flush=True,
        )
    return rows


def summary(rows: list[dict]) -> tuple[int, int, int, int]:
    """Of the ordinary ones: how many there are, are decided, in time; and how many verdicts are wrong."""
    single = [r for r in rows if r["row"].single]
    decided = [r for r in single if r["decided"]]
    in_time = [r for r in decided if r["each"] < 2]
    return len(single), len(decided), len(in_time), sum(len(r["wrong"]) for r in rows)


def test_most_is_decided_in_time_and_nothing_wrongly() -> None:
    os.chdir(FOLDER)
    number, _, in_time, errors = summary(measured([":"]))
    assert errors == 0
    assert in_time / number >= 0.85


if __name__ == "__main__":
    os.chdir(FOLDER)
    number, decided, in_time, errors = summary(measured(sys.argv[1:]))
    print(
        f"single-parameter in Python: {number}; all their properties decided: {decided} ({decided / max(1, number):.0%}), "
        f"of these in under 2 s each: {in_time}; wrong verdicts: {errors}"
    )
