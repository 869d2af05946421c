"""A second-price auction under every kind of name that a target may have."""

import functools


def second(bids, reserve=0):
    order = sorted(range(len(bids)), key=lambda i: -bids[i])
    if not order or bids[order[0]] < reserve:
        return None
    return order[0], max(reserve, bids[order[1]] if len(order) > 1 else 0)


short = lambda bids: second(bids)  # noqa: E731
partial = functools.partial(second, reserve=3)


class Shop:
    def __init__(self, reserve):
        self.reserve = reserve

    def sell(self, bids):
        return second(bids, self.reserve)

    def __call__(self, bids):
        return self.sell(bids)

    @staticmethod
    def static(bids):
        return second(bids)

    @classmethod
    def of_class(cls, bids):
        return second(bids)


class Branch(Shop):
    """Made without a reserve, and called as its parent is."""

    def __init__(self):
        super().__init__(3)


shop = Shop(3)
bound = shop.sell


class Outer:
    class Inner:
        def run(self, bids):
            return second(bids)


async def later(bids):
    return second(bids)


def yields_one(bids):
    yield second(bids)


def yields_parts(bids):
    yield from second(bids)


class Made:
    """Made of the bids."""

    def __init__(self, bids):
        self.bids = bids

    def result(self):
        return second(self.bids)
