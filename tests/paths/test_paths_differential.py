"""Random small programs: no verdict of symbolic execution contradicts the exhaustive grid, nor the other way."""

import random

import pytest
from paths_rules import refuted_on_grid, rule_of, verdict, winner_pays

GRID = (0, 1, 2, 3)


def program(seed):
    """The source of a random auction: who is picked, what is paid, and a twist or none."""
    rng = random.Random(seed)
    constant = rng.choice(["1", "2", "0.5", "3"])
    pick = rng.choice(
        [
            "w = max(range(n), key=lambda i: b[i])",
            "w = sorted(range(n), key=lambda i: (-b[i], i))[0]",
            "w = sorted(range(n), key=lambda i: b[i])[-1]",
            "w = 0\n    for i in range(1, n):\n        if b[i] >= b[w]:\n            w = i",
            "w = b.index(max(b))",
            "w = max(range(n), key=lambda i: (2 if i == 0 else 1) * b[i])",
            f"w = next((i for i in range(n) if b[i] >= {constant}), n - 1)",
        ]
    )
    price = rng.choice(
        [
            "p = max(b[i] for i in range(n) if i != w)",
            "p = sorted(b)[-2]",
            "p = min(b)",
            "p = b[w]",
            f"p = {constant}",
            "p = sum(b[i] for i in range(n) if i != w) / (n - 1)",
            f"p = max([{constant}] + [b[i] for i in range(n) if i != w])",
            "p = max(b[i] for i in range(n) if i != w) / (2 if w == 0 else 1)",
            "s = b[0] + b[1] + 1\n    p = max(b[i] for i in range(n) if i != w) * s / s",
            "p = sorted(b)[-2] - abs(b[0] - b[1]) / 4",
        ]
    )
    twist = rng.choice(
        [
            "", "", "", "",
            f"if b[w] < {constant}:\n        return None, 0",
            "if b[0] == b[1]:\n        p = 0",
            f"if b[0] + b[1] == {constant}:\n        p = b[w]",
            "if p > b[w]:\n        return None, 0",
            f"if b[w] - p > {constant}:\n        p = p + 1",
            "if len({*b}) < n:\n        return w, b[w]",
            "if b[1] > 2 * b[0]:\n        w = 0",
            f"if p < {constant}:\n        raise ValueError('too low')",
        ]
    )  # fmt: skip
    return f"def auction(b):\n    n = len(b)\n    b = list(b)\n    {pick}\n    {price}\n    {twist or 'pass'}\n    return w, p\n"


def made(seed):
    names: dict = {}
    exec(program(seed), names)
    return names["auction"]


def agree(seeds):
    decided = 0
    for seed in seeds:
        rule = rule_of(crashless(winner_pays(made(seed))), (), f"program {seed}")
        for name in ("dsic", "ex-post-ir"):
            said, told = verdict(rule, name, 2)
            assert said in ("proved", "refuted"), (said, program(seed))
            decided += 1
            if said == "proved" and not told.soft:
                assert not refuted_on_grid(rule, name, 2, GRID), (name, program(seed))
    return decided


@pytest.mark.parametrize("block", range(4))
def test_random_programs(block):
    assert agree(range(block * 10, block * 10 + 10)) == 20


@pytest.mark.slow
@pytest.mark.parametrize("block", range(8))
def test_many_random_programs(block):
    assert agree(range(1000 + block * 50, 1050 + block * 50)) == 100


def crashless(call):
    """A program that raises sells nothing, so that the grid can be asked everywhere."""

    def safe(bids):
        try:
            return call(bids)
        except ValueError:
            return winner_pays(lambda b: (None, 0))(bids)

    return safe


def test_three_bidders_now_and_then():
    for seed in range(200, 208):
        rule = rule_of(crashless(winner_pays(made(seed))), (), f"program {seed}")
        said, told = verdict(rule, "dsic", 3)
        grid = refuted_on_grid(rule, "dsic", 3, (0, 1, 2))
        assert said in ("proved", "refuted"), (said, program(seed))
        assert told.soft or not (said == "proved" and grid), program(seed)
