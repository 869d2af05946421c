"""The same questions as a Z3 script somebody would write for a fixed number of bidders."""

import z3


def highest(numbers):
    best = numbers[0]
    for number in numbers[1:]:
        best = z3.If(number > best, number, best)
    return best


def descending(numbers):
    """Sorted by a network of comparisons."""
    row = list(numbers)
    for end in range(len(row) - 1, 0, -1):
        for n in range(end):
            high = z3.If(row[n] >= row[n + 1], row[n], row[n + 1])
            low = z3.If(row[n] >= row[n + 1], row[n + 1], row[n])
            row[n], row[n + 1] = high, low
    return row


def ahead(numbers, me):
    """How many come before, highest first."""
    before = [z3.Or(x > numbers[me], x == numbers[me]) if n < me else x > numbers[me]
              for n, x in enumerate(numbers) if n != me]  # fmt: skip
    return z3.Sum([z3.If(c, 1, 0) for c in before])


def second_price(bids, value, who, discount=False):
    rival = highest(bids[:who] + bids[who + 1 :])
    price = z3.If(3 * rival == bids[who] + 170001, rival - 1, rival) if discount else rival
    return z3.If(ahead(bids, who) == 0, value - price, 0)


def mcafee(said, value, who, buyers):
    bids, asks = said[:buyers], [-a for a in said[buyers:]]
    high, low = descending(bids), [-a for a in descending(asks)]
    pairs = min(len(high), len(low))
    k = z3.Sum([z3.If(high[q] >= low[q], 1, 0) for q in range(pairs)])

    def at(row, place):
        found = row[-1]
        for n in range(len(row) - 1):
            found = z3.If(place == n + 1, row[n], found)
        return found

    price = (at(high, k + 1) + at(low, k + 1)) / 2
    clears = z3.And(k < len(bids), k < len(asks), price <= at(high, k), price >= at(low, k))
    number = z3.If(clears, k, k - 1)
    if who < buyers:
        return z3.If(ahead(bids, who) < number, value - z3.If(clears, price, at(high, k)), 0)
    return z3.If(ahead(asks, who - buyers) < number, z3.If(clears, price, at(low, k)) - value, 0)


def decide(utility, agents):
    """Whether some agent has something to gain by a misreport: one question for each agent."""
    values = z3.Reals(" ".join(f"v{n}" for n in range(agents)))
    lie = z3.Real("lie")
    for who in range(agents):
        said = [*values[:who], lie, *values[who + 1 :]]
        solver = z3.Solver()
        solver.add(*(x >= 0 for x in (*values, lie)))
        solver.add(utility(said, values[who], who) > utility(values, values[who], who))
        if (answer := solver.check()) != z3.unsat:
            return "violated" if answer == z3.sat else "unknown"
    return f"proved for {agents}"
