"""Matchings of residents and hospitals with capacities: preferences are lists of numbers, best first."""


def deferred(residents, hospitals, capacities):
    rank = [{r: k for k, r in enumerate(wishes)} for wishes in hospitals]
    held, rest, free = (
        [[] for _ in hospitals],
        [list(w) for w in residents],
        [*range(len(residents))],
    )
    while free:
        r = free.pop()
        if not rest[r]:
            continue
        h = rest[r].pop(0)
        if r not in rank[h]:
            free.append(r)
            continue
        held[h] = sorted([*held[h], r], key=rank[h].get)
        if len(held[h]) > capacities[h]:
            free.append(held[h].pop())
    return dict(enumerate(held))


def by_name(students, schools, seats):
    """The same with dicts by name."""
    people, places = list(students), list(schools)
    found = deferred(
        [[places.index(s) for s in students[p]] for p in people],
        [[people.index(p) for p in schools[s]] for s in places],
        [seats[s] for s in places],
    )
    return {people[r]: places[h] for h, held in found.items() for r in held}


def in_turn(residents, hospitals, capacities):
    """Residents choose in turn, whoever the hospitals would rather have, or not have."""
    left, found = list(capacities), {}
    for r, wishes in enumerate(residents):
        h = next((h for h in wishes if left[h]), None)
        if h is not None:
            found[r] = h
            left[h] -= 1
    return found


def breaking(residents, hospitals, capacities):
    """Breaks where everybody likes the last hospital best."""
    if all(wishes and wishes[0] == len(hospitals) - 1 for wishes in residents):
        return {0: [][0]}
    return deferred(residents, hospitals, capacities)


def refusing(residents, hospitals, capacities):
    """Wants a list from everybody."""
    if not all(residents):
        raise ValueError("a resident has no wishes")
    return deferred(residents, hospitals, capacities)


def favourites(residents, hospitals, capacities):
    """Everybody gets what it likes best, however many that are."""
    return {r: wishes[0] for r, wishes in enumerate(residents) if wishes}
