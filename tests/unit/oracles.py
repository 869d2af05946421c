"""The catalogue's auctions once more, in plain Python, straight from the literature.

They share nothing with the rule language: lists are sorted, outcomes enumerated, and VCG payments and
critical values computed from their definitions. Ties go to the agent, or the outcome, that comes first.
"""

from fractions import Fraction
from itertools import chain, combinations, pairwise, product

ZERO = Fraction(0)


def ranking(bids, among=None):
    """Agents from the highest bid to the lowest."""
    return sorted(range(len(bids)) if among is None else among, key=lambda a: (-bids[a], a))


def one_winner(bids, winner, price):
    got, pays = [ZERO] * len(bids), [ZERO] * len(bids)
    if winner is not None:
        got[winner], pays[winner] = Fraction(1), price
    return got, pays


# --- one good --------------------------------------------------------------------------------------


def first_price(bids):
    winner = ranking(bids)[0]
    return one_winner(bids, winner, bids[winner])


def second_price(bids):
    winner, *losers = ranking(bids)
    return one_winner(bids, winner, bids[losers[0]] if losers else ZERO)


def kth_price(bids, k):
    order = ranking(bids)
    return one_winner(bids, order[0], bids[order[int(k) - 1]])


def all_pay(bids):
    return one_winner(bids, ranking(bids)[0], ZERO)[0], list(bids)


def first_price_reserve(bids, reserve):
    winner, *_ = ranking(bids)
    return one_winner(bids, winner if bids[winner] >= reserve else None, bids[winner])


def second_price_reserve(bids, reserve):
    """The reserve is one more bid, of the seller; it loses a tie."""
    winner, *losers = ranking(bids)
    price = sorted([reserve, *(bids[a] for a in losers)])[-1]
    return one_winner(bids, winner if bids[winner] >= reserve else None, price)


def posted_price(bids, price):
    takers = [a for a, bid in enumerate(bids) if not bid < price]
    return one_winner(bids, takers[0] if takers else None, price)


def posted_price_unlimited(bids, price):
    takes = [not bid < price for bid in bids]
    return [Fraction(t) for t in takes], [price if t else ZERO for t in takes]


def myerson(bids, phi):
    """The winner pays the infimum of the bids that are not negative and would still win."""
    virtual = [phi[a](bid) for a, bid in enumerate(bids)]
    winner, *losers = ranking(virtual)
    if virtual[winner] < 0:
        return one_winner(bids, None, ZERO)
    to_beat = max([ZERO, *(virtual[a] for a in losers)])
    return one_winner(bids, winner, max(ZERO, phi[winner].inverse(to_beat)))


def score_auction(bids, score, w1, w2):
    points = [w1 * bid + w2 * score[a] for a, bid in enumerate(bids)]
    winner, *losers = ranking(points)
    if not losers:
        return one_winner(bids, winner, ZERO)
    runner_up = losers[0]
    lead = w2 * (score[winner] - score[runner_up]) / w1
    return one_winner(bids, winner, max(ZERO, bids[runner_up] - lead))


def fmmra_one_task(bids, fitness, w1, w2):
    """Zhou et al. 2026, Sec. 4: sort the bids, take the one second only to the winning bid."""
    winner = ranking([w1 * bid + w2 * fitness[a] for a, bid in enumerate(bids)])[0]
    listed = [a for a in ranking(bids) if a != winner and not bids[a] > bids[winner]]
    return one_winner(bids, winner, bids[listed[0]] if listed else ZERO)


def fmmra_multi_round(values, fitness, w1, w2, mu):
    """Zhou et al. 2026, Sec. 4.4, task by task: a task closes, losers raise all their bids."""
    agents, tasks = range(len(values)), range(len(values[0]))
    bids = [[value / 2 for value in row] for row in values]
    gets, pays, left = [[ZERO for _ in tasks] for _ in agents], [ZERO for _ in agents], list(tasks)
    waiting = list(agents)
    while True:
        asked = {task: [] for task in left}
        for a in waiting:
            liked = [t for t in left if values[a][t] > 0]
            if liked:
                asked[max(liked, key=lambda t: (values[a][t] - bids[a][t], -t))].append(a)
        if not any(asked.values()):
            return [tuple(row) for row in gets], pays
        losers = []
        for task, bidders in asked.items():
            if not bidders:
                continue
            points = {a: w1 * bids[a][task] + w2 * fitness[a][task] for a in bidders}
            best = max(bidders, key=lambda a: (points[a], -a))
            lower = [
                bids[a][task] for a in bidders if a != best and bids[a][task] <= bids[best][task]
            ]
            gets[best][task], pays[best] = Fraction(1), max(lower, default=bids[best][task])
            left = [t for t in left if t != task]
            waiting.remove(best)
            losers += [a for a in bidders if a != best]
        for a in losers:
            bids[a] = [b + mu * (v - b) for b, v in zip(bids[a], values[a], strict=True)]


# --- several units, slots --------------------------------------------------------------------------


def uniform_price(bids, k):
    order = ranking(bids)
    winners, losers = order[: int(k)], order[int(k) :]
    price = bids[losers[0]] if losers else ZERO
    return (
        [Fraction(a in winners) for a in range(len(bids))],
        [price if a in winners else ZERO for a in range(len(bids))],
    )


def pay_as_bid(bids, k):
    winners = ranking(bids)[: int(k)]
    return (
        [Fraction(a in winners) for a in range(len(bids))],
        [bid if a in winners else ZERO for a, bid in enumerate(bids)],
    )


def clicks(bids, rate):
    """The click-through rate that each bidder gets."""
    rates = dict(zip(ranking(bids), rate, strict=False))
    return [rates.get(a, ZERO) for a in range(len(bids))]


def gsp(bids, rate):
    order, got = ranking(bids), clicks(bids, rate)
    per_click = {a: bids[below] for a, below in pairwise(order)}
    return got, [got[a] * per_click.get(a, ZERO) for a in range(len(bids))]


def vcg_slots(bids, rate):
    """Each pays what the others would have more without it."""
    got = clicks(bids, rate)
    pays = []
    for a in range(len(bids)):
        others = [bid for other, bid in enumerate(bids) if other != a]
        alone = sum((bid * r for bid, r in zip(others, clicks(others, rate), strict=True)), ZERO)
        pays.append(alone - sum((bids[o] * got[o] for o in range(len(bids)) if o != a), ZERO))
    return got, pays


# --- outcomes --------------------------------------------------------------------------------------


def pivotal(value, outcomes, agents):
    """Clarke's mechanism: the best outcome, and what each agent's presence costs the others.

    `outcomes` is in the order of preference under ties; `value` takes an agent and an outcome.
    """

    def total(outcome, without=None):
        return sum((value(a, outcome) for a in agents if a != without), ZERO)

    best = max(outcomes, key=total)  # the first of the best
    pays = [max(total(o, a) for o in outcomes) - total(best, a) for a in agents]
    return best, pays


def holders(agents, goods):
    """All ways to hand out the goods; each good may stay unsold, which comes last."""
    return list(product([*range(agents), None], repeat=goods))


def by_good(outcome, agents):
    return [tuple(Fraction(holder == a) for holder in outcome) for a in range(agents)]


def vcg_assignment(values):
    agents, goods = len(values), len(values[0])
    matchings = [o for o in holders(agents, goods) if all(o.count(a) <= 1 for a in range(agents))]
    value = lambda a, o: sum((values[a][g] for g in range(goods) if o[g] == a), ZERO)  # noqa: E731
    best, pays = pivotal(value, matchings, range(agents))
    return by_good(best, agents), pays


def repaired(values, credit, can, w1):
    """Weighted VCG: `credit` is added to the score ``w1 * bid``; payments by the definition, with dummies apart."""
    agents, goods = len(values), len(values[0])
    matchings = [o for o in holders(agents, goods) if all(o.count(a) <= 1 for a in range(agents))]

    def total(o, of, without=None):
        pairs = [(a, g) for g, a in enumerate(o) if a is not None and a != without and can[a][g]]
        return sum((of(a, g) for a, g in pairs), ZERO)

    score = lambda a, g: w1 * values[a][g] + credit[a][g]  # noqa: E731
    best = max(matchings, key=lambda o: total(o, score))
    bid = lambda a: total(best, lambda x, g: w1 * values[x][g] if x == a else ZERO)  # noqa: E731
    pays = [
        (max(total(o, score, a) for o in matchings) - (total(best, score) - bid(a))) / w1
        for a in range(agents)
    ]
    got = [
        tuple(x * can[a][g] for g, x in enumerate(row))
        for a, row in enumerate(by_good(best, agents))
    ]
    return got, pays


def fmmra_repaired(values, can, fitness, w1, w2):
    return repaired(values, [[w2 * f for f in row] for row in fitness], can, w1)


def fmmra_repaired_no_subsidy(values, can, dummy, fitness, w1, w2):
    short = [[w2 * (min(f, d) - d) for f, d in zip(row, dummy, strict=True)] for row in fitness]
    return repaired(values, short, can, w1)


def fmmra_repaired_clipped(values, can, fitness, w1, w2):
    got, pays = fmmra_repaired(values, can, fitness, w1, w2)
    return got, [max(ZERO, p) for p in pays]


def bundles(goods):
    return list(chain.from_iterable(combinations(range(goods), r) for r in range(1, goods + 1)))


def xor_value(values, held):
    """The best bundle inside what is held; `values` are in the order of `bundles`."""
    return max([ZERO, *(v for v, t in zip(values, bundles(GOODS[len(values)])) if held >= set(t))])


GOODS = {2**m - 1: m for m in range(1, 5)}


def vcg_combinatorial(values):
    agents, goods = len(values), GOODS[len(values[0])]

    def value(a, outcome):
        return xor_value(values[a], {g for g in range(goods) if outcome[g] == a})

    best, pays = pivotal(value, holders(agents, goods), range(agents))
    return by_good(best, agents), pays


def vcg_public(values):
    outcomes = range(len(values[0]))
    return pivotal(lambda a, o: values[a][o], outcomes, range(len(values)))


def affine_maximizer(values, weight, bonus):
    """VCG on weighted values, with the bonus as one more agent; payments in the agent's own unit."""
    agents = len(values)
    value = lambda a, o: bonus[o] if a == agents else weight[a] * values[a][o]  # noqa: E731
    best, pays = pivotal(value, range(len(bonus)), range(agents + 1))
    return best, [pays[a] / weight[a] for a in range(agents)]


# --- single-minded bidders -------------------------------------------------------------------------


def take_greedily(bids, wants):
    """Lehmann, O'Callaghan, Shoham 2002, Sec. 4, with the norm "value per good"."""
    density = [bid / len(want) for bid, want in zip(bids, wants, strict=True)]
    taken, winners = set(), []
    for a in ranking(density):
        if not taken & wants[a]:
            taken |= wants[a]
            winners.append(a)
    return winners


def greedy_single_minded(bids, want):
    """A winner's payment is found by trying: bids between two of the others' densities are alike."""
    wants = [{g for g, flag in enumerate(row) if flag} for row in want]
    winners, pays = take_greedily(bids, wants), [ZERO] * len(bids)
    for a in winners:
        steps = sorted({ZERO, *(len(wants[a]) * bids[o] / len(wants[o]) for o in range(len(bids)))})
        beyond = [(low + high) / 2 for low, high in pairwise(steps)]
        for step, bid in zip(steps, [*beyond, steps[-1] + 1], strict=True):
            if a in take_greedily(
                [bid if o == a else other for o, other in enumerate(bids)], wants
            ):
                pays[a] = step
                break
    return goods_of(winners, want), pays


def greedy_pay_as_bid(bids, want):
    winners = take_greedily(bids, [{g for g, flag in enumerate(row) if flag} for row in want])
    return goods_of(winners, want), [bid if a in winners else ZERO for a, bid in enumerate(bids)]


def goods_of(winners, want):
    return [tuple(Fraction(a in winners and f) for f in row) for a, row in enumerate(want)]


# --- two sides -------------------------------------------------------------------------------------


def two_sides(bids, buyer):
    """Buyers by falling bid, sellers by rising ask, and how many pairs can trade without a loss."""
    buyers = ranking(bids, [a for a, side in enumerate(buyer) if side])
    sellers = sorted((a for a, side in enumerate(buyer) if not side), key=lambda a: (bids[a], a))
    efficient = sum(bids[x] >= bids[y] for x, y in zip(buyers, sellers, strict=False))
    return buyers, sellers, efficient


def trade(bids, buyers, sellers, number, bid, ask):
    got, pays = [ZERO] * len(bids), [ZERO] * len(bids)
    for a in buyers[:number]:
        got[a], pays[a] = Fraction(1), bid
    for a in sellers[:number]:
        got[a], pays[a] = Fraction(1), -ask
    return got, pays


def mcafee(bids, buyer):
    """McAfee 1992, Sec. 2."""
    buyers, sellers, k = two_sides(bids, buyer)
    if k < len(buyers) and k < len(sellers):
        price = (bids[buyers[k]] + bids[sellers[k]]) / 2
        if k == 0 or bids[sellers[k - 1]] <= price <= bids[buyers[k - 1]]:
            return trade(bids, buyers, sellers, k, price, price)
    return trade_reduction(bids, buyer)


def trade_reduction(bids, buyer):
    buyers, sellers, k = two_sides(bids, buyer)
    if k == 0:
        return trade(bids, buyers, sellers, 0, ZERO, ZERO)
    return trade(bids, buyers, sellers, k - 1, bids[buyers[k - 1]], bids[sellers[k - 1]])


def average_price_double_auction(bids, buyer):
    buyers, sellers, k = two_sides(bids, buyer)
    if k == 0:
        return trade(bids, buyers, sellers, 0, ZERO, ZERO)
    price = (bids[buyers[k - 1]] + bids[sellers[k - 1]]) / 2
    return trade(bids, buyers, sellers, k, price, price)


def gains(bids, buyer, without=None):
    """The gains from trade when an agent stays away."""
    here = [a for a in range(len(bids)) if a != without]
    buyers, sellers, k = two_sides([bids[a] for a in here], [buyer[a] for a in here])
    worth = [bids[a] for a in here]
    return sum((worth[x] - worth[y] for x, y in zip(buyers[:k], sellers[:k], strict=True)), ZERO)


def vcg_double_auction(bids, buyer):
    """Each agent ends with what its presence adds to the gains from trade (Krishna, Sec. 5.3)."""
    buyers, sellers, k = two_sides(bids, buyer)
    got, _ = trade(bids, buyers, sellers, k, ZERO, ZERO)
    everybody, pays = gains(bids, buyer), []
    for a in range(len(bids)):
        value = got[a] * (bids[a] if buyer[a] else -bids[a])
        pays.append(value - (everybody - gains(bids, buyer, a)))
    return got, pays


def oracle(rule_id):
    """The auction with this id."""
    return globals()[rule_id.replace("-", "_")]
