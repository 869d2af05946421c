"""Adapter to matching's stable marriage; players are told apart by name, so the two sides have different ones."""

from matching.games import StableMarriage


def stable_marriage(proposers, receivers):
    suitors = {f"s{p}": [f"r{r}" for r in prefs] for p, prefs in enumerate(proposers)}
    reviewers = {f"r{r}": [f"s{p}" for p in prefs] for r, prefs in enumerate(receivers)}
    solution = StableMarriage.create_from_dictionaries(suitors, reviewers).solve()
    return {(int(s.name[1:]), int(r.name[1:])) for s, r in solution.items()}
