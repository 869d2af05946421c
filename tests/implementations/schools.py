"""Stable matching: preferences are lists of the other side's numbers, best first."""


def deferred_acceptance(proposers, receivers):
    """Gale and Shapley (1962). Returns the receiver of each proposer."""
    rank = [{p: r for r, p in enumerate(prefs)} for prefs in receivers]
    free = list(range(len(proposers)))
    upcoming = [0] * len(proposers)
    holds = {}
    while free:
        p = free.pop()
        if upcoming[p] == len(proposers[p]):
            continue
        r = proposers[p][upcoming[p]]
        upcoming[p] += 1
        if r not in holds:
            holds[r] = p
        elif rank[r][p] < rank[r][holds[r]]:
            free.append(holds[r])
            holds[r] = p
        else:
            free.append(p)
    return {p: r for r, p in holds.items()}


def immediate_acceptance(proposers, receivers):
    """Each round's acceptances are final ("Boston")."""
    rank = [{p: r for r, p in enumerate(prefs)} for prefs in receivers]
    match, taken = {}, set()
    for turn in range(len(receivers)):
        wishes = {}
        for p, prefs in enumerate(proposers):
            if p not in match and prefs[turn] not in taken:
                wishes.setdefault(prefs[turn], []).append(p)
        for r, applicants in wishes.items():
            match[min(applicants, key=rank[r].__getitem__)] = r
            taken.add(r)
    return match
