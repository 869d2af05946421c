"""Adapters to matching's games; players are told apart by name, so the two sides have different ones."""

from matching.games import HospitalResident, StableMarriage


def named(proposers, receivers):
    suitors = {f"s{p}": [f"r{r}" for r in prefs] for p, prefs in enumerate(proposers)}
    reviewers = {f"r{r}": [f"s{p}" for p in prefs] for r, prefs in enumerate(receivers)}
    return suitors, reviewers


def stable_marriage(proposers, receivers):
    solution = StableMarriage.create_from_dictionaries(*named(proposers, receivers)).solve()
    return {(int(s.name[1:]), int(r.name[1:])) for s, r in solution.items()}


def hospital_resident(residents, hospitals, capacities):
    seats = {f"r{r}": int(c) for r, c in enumerate(capacities)}
    game = HospitalResident.create_from_dictionaries(*named(residents, hospitals), seats)
    return {(int(s.name[1:]), int(h.name[1:])) for h, some in game.solve().items() for s in some}
