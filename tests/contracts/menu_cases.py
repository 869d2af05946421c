"""A menu to change, and the finding about one property of it."""

from proofs import audit

NOTES = {
    "id": "static-is-not-enough", "types": ["1/2", 1], "prior": ["1/2", "1/2"],
    "payoff": {"family": "reward-minus-cost-over-type", "cost": "q"},
    "items": [{"q": 1, "r": 2}, {"q": 2, "r": 3}],
    "transition": [[1, 0], [0, 1]],
    "second": [[{"q": 1, "r": 3}, {"q": 2, "r": 4}], [{"q": 1, "r": 2}, {"q": 2, "r": 3}]],
}  # fmt: skip


def changed(**parts: object) -> dict:
    return {**NOTES, **parts}


def finding(rule, name):
    (found,) = audit(rule, properties=[name], cache=False)
    return found.findings[0]
