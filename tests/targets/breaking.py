"""Functions that break in every way, all but the first on ties."""

import os
import sys
import time


def second_price(bids):
    s = sorted(bids)
    return bids.index(s[-1]), s[-2] if len(s) > 1 else 0


def weird(bids):
    return "sold!"


def wants(bids, reserve, tax):
    return 0, 1


def noargs():
    return 1


def hang(bids):
    while True:
        pass


def garbage(bids):
    return object()


def none(bids):
    return None


x = 3


def exits(bids):
    if bids[0] == bids[-1]:
        sys.exit(3)
    return second_price(bids)


def dies(bids):
    if bids[0] == bids[-1]:
        os._exit(3)
    return second_price(bids)


def segv(bids):
    if bids[0] == bids[-1]:
        import ctypes

        ctypes.string_at(0)
    return second_price(bids)


def flood(bids):
    if bids[0] == bids[-1]:
        while True:
            print("x" * 1000)
    return second_price(bids)


def eats(bids):
    if bids[0] == bids[-1]:
        bytearray(8 << 30)
    return second_price(bids)


def sleeps(bids):
    if bids[0] == bids[-1]:
        while True:
            try:  # noqa: SIM105
                time.sleep(10)
            except BaseException:  # noqa: BLE001
                pass
    return second_price(bids)


def reads(bids):
    if bids[0] == bids[-1]:
        input("? ")
    return second_price(bids)


class Speechless:
    def __repr__(self):
        raise ValueError("no words")


def speechless(bids):
    return Speechless()


class Slippery(dict):
    def __iter__(self, *_):
        raise RuntimeError("not now")

    __contains__ = items = keys = __len__ = __iter__


def slippery(bids):
    return Slippery()
